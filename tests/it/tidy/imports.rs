//! Where a file speaks of others: its `use` lines, and the paths in its code.

use super::source::Source;
use proc_macro2::LineColumn;
use syn::spanned::Spanned;
use syn::visit::Visit;

/// One name that a `use` brings into scope, or all names of a module.
pub(super) struct Import {
    /// The name in this scope; a glob has none.
    pub(super) name: Option<String>,
    pub(super) path: Vec<String>,
    pub(super) at: LineColumn,
}

/// All imports of a file, those inside functions too.
pub(super) fn imports(source: &Source<'_>) -> Vec<Import> {
    let mut imports = Imports::new(source);
    imports.visit_file(&source.syntax);
    imports.found
}

/// The imports of one item: it is one itself, or has some inside its functions.
pub(super) fn imports_in(item: &syn::Item, source: &Source<'_>) -> Vec<Import> {
    let mut imports = Imports::new(source);
    imports.visit_item(item);
    imports.found
}

struct Imports<'s, 't> {
    source: &'s Source<'t>,
    found: Vec<Import>,
}

impl<'ast> Visit<'ast> for Imports<'_, '_> {
    fn visit_item_use(&mut self, node: &'ast syn::ItemUse) {
        if node.leading_colon.is_none() && !self.source.is_test(node.span()) {
            self.expand(&node.tree, Vec::new());
        }
    }
}

impl<'s, 't> Imports<'s, 't> {
    fn new(source: &'s Source<'t>) -> Imports<'s, 't> {
        let found = Vec::new();
        Imports { source, found }
    }

    /// Adds each leaf of `tree`, which stands behind `path`.
    fn expand(&mut self, tree: &syn::UseTree, mut path: Vec<String>) {
        let at = tree.span().start();
        match tree {
            syn::UseTree::Path(step) => {
                path.push(step.ident.to_string());
                self.expand(&step.tree, path);
            }
            syn::UseTree::Name(leaf) => {
                self.push(None, path, leaf.ident.to_string(), at);
            }
            syn::UseTree::Rename(leaf) => {
                let name = Some(leaf.rename.to_string());
                self.push(name, path, leaf.ident.to_string(), at);
            }
            syn::UseTree::Glob(_) => {
                let name = None;
                self.found.push(Import { name, path, at });
            }
            syn::UseTree::Group(group) => {
                let each = |item| self.expand(item, path.clone());
                group.items.iter().for_each(each);
            }
        }
    }

    /// Adds `last` of `path`, under its new name if it has one; `a::{self}` is `a`.
    fn push(&mut self, name: Option<String>, path: Vec<String>, last: String, at: LineColumn) {
        let mut path = path;
        if path.is_empty() || last != "self" {
            path.push(last);
        }
        let name = name.or_else(|| path.last().cloned());
        self.found.push(Import { name, path, at });
    }
}

/// The paths of two names or more outside of imports: in code, in macros, in attributes' texts.
pub(super) fn paths(source: &Source<'_>) -> Vec<(Vec<String>, LineColumn)> {
    let tokens = source.product_tokens();
    let mut paths = Vec::new();
    for (i, token) in tokens.iter().enumerate() {
        let starts = i == 0 || tokens[i - 1].text != "::";
        if token.is_word && starts && !token.in_use {
            let pairs = tokens[i + 1..].chunks_exact(2);
            let steps = pairs.take_while(|pair| pair[0].text == "::" && pair[1].is_word);
            let names = std::iter::once(*token).chain(steps.map(|pair| pair[1]));
            paths.push((names.map(|name| name.text.clone()).collect(), token.at));
        } else if token.in_attribute && token.text.starts_with('"') {
            let names = token.text.trim_matches('"').split("::");
            paths.push((names.map(str::to_owned).collect(), token.at));
        }
    }
    paths.retain(|(path, _): &(Vec<String>, _)| path.len() > 1);
    paths
}
