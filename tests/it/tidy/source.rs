//! A Rust file taken apart: its syntax, and its tokens with their lines and what they belong to.

use super::tree::Tree;
use proc_macro2::{Delimiter, Group, LineColumn, Spacing, Span, TokenStream, TokenTree};
use syn::spanned::Spanned;
use syn::visit::{self, Visit};

/// One file; doc comments are not among its tokens.
pub(super) struct Source<'t> {
    pub(super) path: &'t str,
    pub(super) text: &'t str,
    pub(super) syntax: syn::File,
    tokens: Vec<Token>,
    parts: Parts,
}

/// A word, a mark (brackets and `::` are one each) or a literal.
pub(super) struct Token {
    pub(super) text: String,
    pub(super) at: LineColumn,
    pub(super) last_line: usize,
    pub(super) is_word: bool,
    pub(super) in_attribute: bool,
    pub(super) in_test: bool,
    pub(super) in_use: bool,
}

pub(super) type Range = (LineColumn, LineColumn);

/// The Rust files below `folders`; a file that is declared under `cfg(test)` is all test.
pub(super) fn sources<'t>(tree: &'t Tree, folders: &[&str]) -> Vec<Source<'t>> {
    let parse = |(path, text)| Source::parse(path, text);
    let mut all: Vec<Source<'t>> = tree.rust(folders).map(parse).collect();
    let tests: Vec<String> = all.iter().flat_map(Source::test_modules).collect();
    for source in &mut all {
        let below = |module: &String| source.path.starts_with(&format!("{module}/"));
        let is = |module: &String| source.path == format!("{module}.rs");
        if tests.iter().any(|module| is(module) || below(module)) {
            source.make_test();
        }
    }
    all
}

impl<'t> Source<'t> {
    fn parse(path: &'t str, text: &'t str) -> Source<'t> {
        let place = |error: &syn::Error| format!("{path}:{}", error.span().start().line);
        let syntax = syn::parse_file(text)
            .unwrap_or_else(|error| panic!("{}: does not parse: {error}", place(&error)));
        let mut parts = Parts::default();
        parts.visit_file(&syntax);
        let mut tokens = Vec::new();
        let stream: TokenStream = text.parse().expect("what parses has tokens");
        flatten(stream, false, &mut tokens);
        for token in &mut tokens {
            token.in_test = contain(&parts.tests, token.at);
            token.in_use = contain(&parts.uses, token.at);
        }
        Source { path, text, syntax, tokens, parts }
    }

    /// Whether what stands at `span` is compiled for tests only.
    pub(super) fn is_test(&self, span: Span) -> bool {
        contain(&self.parts.tests, span.start())
    }

    pub(super) fn all_tokens(&self) -> Vec<&Token> {
        self.tokens.iter().collect()
    }

    /// The tokens that are compiled into the product.
    pub(super) fn product_tokens(&self) -> Vec<&Token> {
        self.tokens.iter().filter(|token| !token.in_test).collect()
    }

    /// The folder of its child modules: `src/a` for `src/a.rs`, `src` for `src/lib.rs`.
    fn folder(&self) -> &'t str {
        let stem = self.path.trim_end_matches(".rs");
        stem.strip_suffix("/lib").or(stem.strip_suffix("/main")).unwrap_or(stem)
    }

    /// The modules that it declares as files of their own: those for tests, or those of the product.
    pub(super) fn declared(&self, for_tests: bool) -> impl Iterator<Item = &syn::Ident> {
        let modules = self.syntax.items.iter().filter_map(|item| match item {
            syn::Item::Mod(module) if module.content.is_none() => Some(module),
            _ => None,
        });
        let wanted = modules.filter(move |module| self.is_test(module.span()) == for_tests);
        wanted.map(|module| &module.ident)
    }

    /// The paths, without `.rs`, of the modules that it declares for tests only.
    fn test_modules(&self) -> Vec<String> {
        let folder = self.folder();
        self.declared(true).map(|name| format!("{folder}/{name}")).collect()
    }

    fn make_test(&mut self) {
        let [start, end] = [0, usize::MAX].map(|line| LineColumn { line, column: 0 });
        self.parts.tests.push((start, end));
        for token in &mut self.tokens {
            token.in_test = true;
        }
    }
}

impl Token {
    fn new(text: String, span: Span, in_attribute: bool) -> Token {
        Token {
            text,
            at: span.start(),
            last_line: span.end().line,
            is_word: false,
            in_attribute,
            in_test: false,
            in_use: false,
        }
    }

    pub(super) fn line(&self) -> usize {
        self.at.line
    }
}

/// Whether any of `ranges` holds the place `at`.
pub(super) fn contain(ranges: &[Range], at: LineColumn) -> bool {
    ranges.iter().any(|&(start, end)| start <= at && at < end)
}

/// From where to where `span` goes.
pub(super) fn range(span: Span) -> Range {
    (span.start(), span.end())
}

fn flatten(stream: TokenStream, in_attribute: bool, out: &mut Vec<Token>) {
    let mut after_colon = false;
    for tree in stream {
        let colon = matches!(&tree, TokenTree::Punct(p) if p.as_char() == ':');
        let joint = matches!(&tree, TokenTree::Punct(p) if p.spacing() == Spacing::Joint);
        match tree {
            TokenTree::Group(group) => flatten_group(&group, in_attribute, out),
            TokenTree::Punct(_) if colon && after_colon => widen_colon(out),
            TokenTree::Ident(_) | TokenTree::Punct(_) | TokenTree::Literal(_) => {
                let is_word = matches!(tree, TokenTree::Ident(_));
                let token = Token::new(tree.to_string(), tree.span(), in_attribute);
                out.push(Token { is_word, ..token });
            }
        }
        after_colon = colon && joint && !after_colon;
    }
}

fn widen_colon(out: &mut [Token]) {
    if let Some(colon) = out.last_mut() {
        colon.text = "::".to_owned();
    }
}

/// Adds a group with its brackets; of a doc comment, takes away what stands before it.
fn flatten_group(group: &Group, in_attribute: bool, out: &mut Vec<Token>) {
    let (open, close) = match group.delimiter() {
        Delimiter::Parenthesis => ("(", ")"),
        Delimiter::Brace => ("{", "}"),
        Delimiter::Bracket => ("[", "]"),
        Delimiter::None => ("", ""),
    };
    let marks = attribute_marks(out);
    let opens_attribute = open == "[" && marks > 0;
    if opens_attribute && is_doc(group) {
        out.truncate(out.len() - marks);
        return;
    }
    out.push(Token::new(open.to_owned(), group.span_open(), in_attribute));
    flatten(group.stream(), in_attribute || opens_attribute, out);
    out.push(Token::new(close.to_owned(), group.span_close(), in_attribute));
}

/// How many tokens at the end say that an attribute begins: of `#`, of `#!`, or none.
fn attribute_marks(tokens: &[Token]) -> usize {
    match tokens {
        [.., hash, bang] if hash.text == "#" && bang.text == "!" => 2,
        [.., hash] if hash.text == "#" => 1,
        _ => 0,
    }
}

fn is_doc(attribute: &Group) -> bool {
    let mut inside = attribute.stream().into_iter().map(|token| token.to_string());
    inside.next().as_deref() == Some("doc") && inside.next().as_deref() == Some("=")
}

/// Which ranges of a file are tests, and which are imports.
#[derive(Default)]
struct Parts {
    tests: Vec<Range>,
    uses: Vec<Range>,
}

impl Parts {
    fn note(&mut self, attrs: &[syn::Attribute], span: Span) {
        if attrs.iter().any(is_for_tests) {
            self.tests.push(range(span));
        }
    }
}

/// Notes each kind of node that may carry `#[cfg(test)]`, and goes on inside.
macro_rules! note_each {
    ($($visit:ident: $node:ident,)*) => {$(
        fn $visit(&mut self, node: &'ast syn::$node) {
            self.note(&node.attrs, node.span());
            visit::$visit(self, node);
        }
    )*};
}

impl<'ast> Visit<'ast> for Parts {
    fn visit_item_use(&mut self, node: &'ast syn::ItemUse) {
        self.uses.push(range(node.span()));
        self.note(&node.attrs, node.span());
    }

    note_each! {
        visit_item_const: ItemConst,
        visit_item_enum: ItemEnum,
        visit_item_fn: ItemFn,
        visit_item_impl: ItemImpl,
        visit_item_macro: ItemMacro,
        visit_item_mod: ItemMod,
        visit_item_static: ItemStatic,
        visit_item_struct: ItemStruct,
        visit_item_trait: ItemTrait,
        visit_item_type: ItemType,
        visit_item_union: ItemUnion,
        visit_impl_item_const: ImplItemConst,
        visit_impl_item_fn: ImplItemFn,
        visit_impl_item_macro: ImplItemMacro,
        visit_impl_item_type: ImplItemType,
        visit_trait_item_fn: TraitItemFn,
        visit_field: Field,
        visit_field_value: FieldValue,
        visit_variant: Variant,
        visit_arm: Arm,
        visit_local: Local,
        visit_stmt_macro: StmtMacro,
        visit_expr_block: ExprBlock,
        visit_expr_call: ExprCall,
        visit_expr_method_call: ExprMethodCall,
    }
}

/// `#[test]`, `#[cfg(test)]`, `#[cfg(doctest)]`, and `#[cfg(all(…))]` with one of them.
fn is_for_tests(attribute: &syn::Attribute) -> bool {
    let path = attribute.path();
    let cfg = || attribute.parse_args::<syn::Meta>().is_ok_and(|meta| asks_for_tests(&meta));
    path.is_ident("test") || path.is_ident("cfg") && cfg()
}

fn asks_for_tests(meta: &syn::Meta) -> bool {
    match meta {
        syn::Meta::Path(path) => path.is_ident("test") || path.is_ident("doctest"),
        syn::Meta::List(list) if list.path.is_ident("all") => {
            let each = syn::punctuated::Punctuated::<syn::Meta, syn::Token![,]>::parse_terminated;
            list.parse_args_with(each).is_ok_and(|all| all.iter().any(asks_for_tests))
        }
        _ => false,
    }
}

#[test]
fn what_is_compiled_for_tests_is_told_from_the_product() {
    let tree = Tree::of(&[
        ("src/a.rs", "/// in_doc\nfn shown() {}\n#[cfg(all(test, unix))] mod tests;\n"),
        ("src/a/tests.rs", "fn hidden() {}"),
        ("src/a/tests/deep.rs", "fn hidden() {}"),
        ("src/b.rs", "#[cfg(test)] mod t { fn hidden() {} }\n#[cfg(not(test))] fn shown() {}"),
        ("src/c.rs", "fn f() { #[cfg(test)] let hidden = 1; let shown = a::b; }"),
    ]);
    let all = sources(&tree, &["src/"]);
    let names = ["in_doc", "hidden", "shown", "::"];
    let spoken = |source: &Source<'_>| -> Vec<String> {
        let texts = source.product_tokens().into_iter().map(|token| token.text.clone());
        texts.filter(|text| names.contains(&text.as_str())).collect()
    };
    let seen: Vec<Vec<String>> = all.iter().map(spoken).collect();
    assert_eq!(seen, [vec!["shown"], vec![], vec![], vec!["shown"], vec!["shown", "::"]]);
}
