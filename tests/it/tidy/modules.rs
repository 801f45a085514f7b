//! Which file needs which: every name that code speaks of, followed to where it is defined.

use super::imports::{Import, imports, imports_in, paths};
use super::source::{Range, Source, contain, range, sources};
use super::tree::Tree;
use proc_macro2::LineColumn;
use std::collections::{BTreeMap, BTreeSet};
use std::slice;
use syn::spanned::Spanned;

/// One file names what is another's.
pub(super) struct Need {
    pub(super) from: String,
    pub(super) to: String,
    pub(super) line: usize,
    /// The name, as it is written there.
    pub(super) path: String,
}

/// What the files below `src/` need of each other, leaving out tests and doc comments.
///
/// A name stands for the file that defines it: re-exports and imports are followed on the way, so a
/// child that reaches its sibling through their parent does not need the parent. The modules that
/// are written in the path are needed as well, but for those that hold the one that speaks. A parent
/// needs the children that it declares. A name that nothing defines is taken for one that a macro
/// makes in the last module of the path.
pub(super) fn needs(tree: &Tree) -> Vec<Need> {
    let sources = sources(tree, &["src/"]);
    let modules = Modules::of(&sources);
    let needs = sources.iter().flat_map(|source| modules.needs_of(source));
    needs.filter(|need| need.from != need.to).collect()
}

/// The names from the root: `["collector", "job"]`; the root is empty.
type ModulePath = Vec<String>;

/// The module that a file below `src/` is.
pub(super) fn module_of(file: &str) -> ModulePath {
    let names = file.trim_start_matches("src/").trim_end_matches(".rs");
    let names = names.split('/').filter(|&name| name != "lib");
    names.map(str::to_owned).collect()
}

#[derive(Default)]
struct Module {
    file: String,
    /// The file that defines each name: this one, but for exported macros.
    items: BTreeMap<String, String>,
    imports: Vec<Import>,
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Target {
    /// An item, by its file.
    Item(String),
    Module(ModulePath),
    /// What another crate defines.
    Outside,
}

struct Modules(BTreeMap<ModulePath, Module>);

/// Who defines what.
impl Modules {
    fn of(sources: &[Source<'_>]) -> Modules {
        let mut modules = Modules(BTreeMap::new());
        for source in sources {
            modules.add(source, &module_of(source.path), &source.syntax.items);
        }
        modules
    }

    /// Adds the module `path`, which is in `source` and has these `items`, and those inside it.
    fn add(&mut self, source: &Source<'_>, path: &ModulePath, items: &[syn::Item]) {
        let file = source.path.to_owned();
        self.0.entry(path.clone()).or_default().file = file;
        for item in items.iter().filter(|item| !source.is_test(item.span())) {
            match inline_module(item) {
                Some((name, items)) => self.add(source, &joined(path, &[name]), items),
                None => self.add_item(source, path, item),
            }
        }
    }

    fn add_item(&mut self, source: &Source<'_>, path: &ModulePath, item: &syn::Item) {
        let module = self.0.entry(path.clone()).or_default();
        module.imports.extend(imports_in(item, source));
        let Some(name) = name_of(item) else { return };
        module.items.insert(name.clone(), source.path.to_owned());
        if is_exported_macro(item) {
            let root = self.0.entry(Vec::new()).or_default();
            root.items.insert(name, source.path.to_owned());
        }
    }
}

/// Who needs whom.
impl Modules {
    fn needs_of(&self, source: &Source<'_>) -> Vec<Need> {
        let here = module_of(source.path);
        let inner = inline_modules(&here, &source.syntax.items);
        let around = |at| inner.iter().rfind(|(range, _)| contain(&[*range], at));
        let here = |at| around(at).map_or(&here, |(_, path)| path);
        let mut spoken: Vec<Spoken> = Vec::new();
        for name in source.declared(false) {
            let path = ["self".to_owned(), name.to_string()];
            let at = name.span().start();
            let files = self.files_of_path(here(at), &path);
            spoken.push((files, vec![format!("mod {name}")], at));
        }
        for import in imports(source) {
            let files = self.files_of_import(here(import.at), &import);
            spoken.push((files, import.path, import.at));
        }
        for (path, at) in paths(source) {
            spoken.push((self.files_of_path(here(at), &path), path, at));
        }
        spoken.sort_by_key(|&(_, _, at)| at);
        let needs = spoken.into_iter().flat_map(|spoken| needs_from(source, spoken));
        needs.collect()
    }

    /// A glob brings in whatever its module has, so even a module around this one is needed.
    fn files_of_import(&self, here: &ModulePath, import: &Import) -> BTreeSet<String> {
        let mut files = self.files_of_path(here, &import.path);
        if import.name.is_none() {
            let targets = self.targets(here, &import.path, true, &mut Seen::new());
            files.extend(targets.iter().filter_map(|target| self.file(target)));
        }
        files
    }

    /// The files that `path`, written in the module `here`, needs.
    fn files_of_path(&self, here: &ModulePath, path: &[String]) -> BTreeSet<String> {
        let mut targets = self.targets(here, path, true, &mut Seen::new());
        targets.extend(self.passed(here, path).map(Target::Module));
        let around = |target: &Target| matches!(target, Target::Module(m) if here.starts_with(m));
        let needed = targets.iter().filter(|target| !around(target));
        needed.filter_map(|target| self.file(target)).collect()
    }

    fn file(&self, target: &Target) -> Option<String> {
        match target {
            Target::Item(file) => Some(file.clone()),
            Target::Module(path) => self.0.get(path).map(|module| module.file.clone()),
            Target::Outside => None,
        }
    }

    /// The modules that are written in `path`.
    fn passed(&self, here: &ModulePath, path: &[String]) -> impl Iterator<Item = ModulePath> {
        let (here, path) = anchored(here, path);
        let prefixes = (1..=path.len()).map(move |length| joined(&here, &path[..length]));
        prefixes.take_while(|prefix| self.0.contains_key(prefix))
    }
}

/// The files that a path needs, the path, and where it stands.
type Spoken = (BTreeSet<String>, Vec<String>, LineColumn);

fn needs_from(source: &Source<'_>, (files, path, at): Spoken) -> impl Iterator<Item = Need> {
    let (from, path) = (source.path.to_owned(), path.join("::"));
    files.into_iter().map(move |to| Need {
        from: from.clone(),
        to,
        line: at.line,
        path: path.clone(),
    })
}

/// The imports, by module and name, that a look-up has followed: they may go in circles.
type Seen = BTreeSet<(ModulePath, String)>;

/// What a name means.
impl Modules {
    /// What `path`, written in the module `here`, means; with `guess`, what cannot be found is taken
    /// for an item of the last module that the path goes into.
    fn targets(
        &self,
        here: &ModulePath,
        path: &[String],
        guess: bool,
        seen: &mut Seen,
    ) -> BTreeSet<Target> {
        let (module, rest) = anchored(here, path);
        let goes_in = rest.len() < path.len();
        let Some((name, rest)) = rest.split_first() else {
            return BTreeSet::from([Target::Module(module)]);
        };
        let mut found = self.own(&module, name, rest, guess, seen);
        if found.is_empty() {
            found = self.by_globs(&module, name, rest, seen);
        }
        if found.is_empty() && goes_in && guess {
            found.extend(self.file(&Target::Module(module)).map(Target::Item));
        }
        found
    }

    /// What `name::rest` means by the modules, the items and the named imports of `here`.
    fn own(
        &self,
        here: &ModulePath,
        name: &String,
        rest: &[String],
        guess: bool,
        seen: &mut Seen,
    ) -> BTreeSet<Target> {
        let mut found = BTreeSet::new();
        let Some(module) = self.0.get(here) else { return found };
        let child = joined(here, slice::from_ref(name));
        let is_module = self.0.contains_key(&child);
        if is_module {
            found.extend(self.targets(&child, &inside(rest), guess, seen));
        }
        if rest.is_empty() || !is_module {
            found.extend(module.items.get(name).cloned().map(Target::Item));
        }
        let named = module.imports.iter().filter(|import| import.name.as_ref() == Some(name));
        let is_new = seen.insert((here.clone(), name.clone()));
        for import in named.filter(|_| is_new) {
            let there = self.targets(here, &joined(&import.path, rest), guess, seen);
            let outside = there.is_empty().then_some(Target::Outside);
            found.extend(there.into_iter().chain(outside));
        }
        found
    }

    /// What `name::rest` means by the globs of `here`.
    fn by_globs(
        &self,
        here: &ModulePath,
        name: &String,
        rest: &[String],
        seen: &mut Seen,
    ) -> BTreeSet<Target> {
        if !seen.insert((here.clone(), format!("* {name}"))) {
            return BTreeSet::new();
        }
        let path = inside(&joined(slice::from_ref(name), rest));
        let imports = self.0.get(here).into_iter().flat_map(|module| &module.imports);
        let globs = imports.filter(|import| import.name.is_none());
        let modules = globs.filter_map(|glob| self.module_at(here, &glob.path));
        modules.flat_map(|module| self.targets(&module, &path, false, seen)).collect()
    }

    /// The module that is written out as `path`.
    fn module_at(&self, here: &ModulePath, path: &[String]) -> Option<ModulePath> {
        let (module, rest) = anchored(here, path);
        let module = joined(&module, rest);
        self.0.contains_key(&module).then_some(module)
    }
}

/// `path`, looked for inside a module: there is no way out of it to another crate.
fn inside(path: &[String]) -> Vec<String> {
    joined(&["self".to_owned()], path)
}

fn joined(path: &[String], rest: &[String]) -> Vec<String> {
    path.iter().chain(rest).cloned().collect()
}

/// The module that `path` starts from, and what of it is left after `crate`, `self` and `super`.
fn anchored<'p>(here: &ModulePath, mut path: &'p [String]) -> (ModulePath, &'p [String]) {
    let mut here = here.clone();
    while let Some((name, rest)) = path.split_first() {
        match name.as_str() {
            "crate" => here.clear(),
            "self" => {}
            "super" => drop(here.pop()),
            _ => break,
        }
        path = rest;
    }
    (here, path)
}

fn inline_module(item: &syn::Item) -> Option<(String, &[syn::Item])> {
    let syn::Item::Mod(module) = item else {
        return None;
    };
    let (_, items) = module.content.as_ref()?;
    Some((module.ident.to_string(), items))
}

/// The modules that are written inside the module `path`, an outer one before those inside it.
fn inline_modules(path: &ModulePath, items: &[syn::Item]) -> Vec<(Range, ModulePath)> {
    let inner = items.iter().filter_map(|item| Some((item, inline_module(item)?)));
    let with_own = inner.flat_map(|(item, (name, items))| {
        let path = joined(path, &[name]);
        let own = inline_modules(&path, items);
        std::iter::once((range(item.span()), path)).chain(own)
    });
    with_own.collect()
}

fn is_exported_macro(item: &syn::Item) -> bool {
    let syn::Item::Macro(item) = item else {
        return false;
    };
    item.attrs.iter().any(|attribute| attribute.path().is_ident("macro_export"))
}

fn name_of(item: &syn::Item) -> Option<String> {
    let name = match item {
        syn::Item::Const(item) => &item.ident,
        syn::Item::Enum(item) => &item.ident,
        syn::Item::Fn(item) => &item.sig.ident,
        syn::Item::Macro(item) => item.ident.as_ref()?,
        syn::Item::Static(item) => &item.ident,
        syn::Item::Struct(item) => &item.ident,
        syn::Item::Trait(item) => &item.ident,
        syn::Item::Type(item) => &item.ident,
        syn::Item::Union(item) => &item.ident,
        _ => return None,
    };
    Some(name.to_string())
}

/// What each file of a made-up tree needs, as `from:line to`.
fn needed(tree: &Tree) -> BTreeSet<String> {
    let short = |file: &str| file.replace("src/", "").replace(".rs", "");
    let needs = needs(tree).into_iter();
    let written =
        needs.map(|need| format!("{}:{} {}", short(&need.from), need.line, short(&need.to)));
    written.collect()
}

#[test]
fn a_name_stands_for_the_file_that_defines_it() {
    let a = "mod one;\nmod two;\nuse {one::*, std::fmt};\npub use self::two::Two as Second;\n\
             #[cfg(test)] struct Third;\n#[cfg(not(test))] use one::One as Third;";
    let one = "pub struct One;\n#[macro_export] macro_rules! m { () => { $crate::Second } }";
    let two = "pub struct Two;\nfn f() { crate::m!() }\nmake! { Made }\nuse super::fmt::Debug;\n\
               type T = super::Third;";
    let b = "fn f() { use crate::a as c; c::One; }\n\
             mod g { use crate::First as F; use super::f; type S = crate::Second; }\n\
             mod h { fn f() { super::f() } }";
    let c = "use crate::a::{self, two::Made};\nuse std::a::B;\nuse ::a::One;\n\
             type S = a::Second;\ntype T = ::a::Second;\ntype U = other::a::Second;";
    let tree = Tree::of(&[
        ("src/lib.rs", "mod a;\npub use a::{one::One as First, *};"),
        ("src/a.rs", a),
        ("src/a/one.rs", one),
        ("src/a/two.rs", two),
        ("src/b.rs", b),
        ("src/c.rs", c),
    ]);
    let expected = [
        "lib:1 a",
        "lib:2 a",
        "lib:2 a/one",
        "a:1 a/one",
        "a:2 a/two",
        "a:3 a/one",
        "a:4 a/two",
        "a:6 a/one",
        "a/one:2 a/two",
        "a/two:2 a/one",
        "a/two:5 a/one",
        "b:1 a",
        "b:1 a/one",
        "b:2 a/one",
        "b:2 a/two",
        "c:1 a",
        "c:1 a/two",
        "c:4 a/two",
    ];
    assert_eq!(needed(&tree), expected.map(str::to_owned).into());
}
