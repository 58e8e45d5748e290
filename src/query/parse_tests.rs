//! The query language, case by case, each query drawn as a tree.

use proptest::prelude::*;

use super::{Form, Node, Query, Span, parse};

/// A query's tree: `{a b}` side by side, `[a & b]`, `[a | b]`, forms with their kind.
fn tree(node: &Node) -> String {
    let row = |nodes: &[Node], between: &str| nodes.iter().map(tree).collect::<Vec<_>>().join(between);
    match node {
        Node::Atom(atom) => {
            let field = atom.field.map_or(String::new(), |field| format!("{field:?}:"));
            let form = match &atom.form {
                Form::Word(word) => word.clone(),
                Form::Exact(word) => format!("={word}"),
                Form::Phrase { words, slop, exact } => {
                    format!("{}'{}'~{slop}", if *exact { "=" } else { "" }, words.join(" "))
                }
                other => other.to_string(),
            };
            format!("{field}{form}")
        }
        Node::Filter(filter) => format!("{filter:?}"),
        Node::Some(nodes) => format!("{{{}}}", row(nodes, " ")),
        Node::All(nodes) => format!("[{}]", row(nodes, " & ")),
        Node::Any(nodes) => format!("[{}]", row(nodes, " | ")),
        Node::Must(node) => format!("+{}", tree(node)),
        Node::Not(node) => format!("-{}", tree(node)),
    }
}

fn check(text: &str, expected: &str) {
    assert_eq!(tree(&parse(text).root), expected, "{text}");
}

/// A query with something not understood, and where.
fn check_note(text: &str, expected: &str, noted: &str) {
    check(text, expected);
    let notes: Vec<&str> = parse(text).notes.iter().map(|note| note.span.of(text)).collect();
    assert_eq!(notes, [noted], "{text}");
}

#[test]
fn words_stand_side_by_side() {
    check("", "{}");
    check("trade", "trade");
    check("trade transit", "{trade transit}");
    check("TTP  attacks\n", "{=TTP attacks}");
    check("Sino-Indian: a view", "{'Sino Indian'~0 a view}");
    check("import/export [sic] (1998)?", "{import export sic 1998}");
    check("TRADE OF ARMS", "{trade of arms}");
}

#[test]
fn phrases_are_as_written() {
    check("\"Durand Line\"", "='Durand Line'~0");
    check("“trade transit”~5 x", "{='trade transit'~5 x}");
    check("\"a b\"~99999999999", &format!("='a b'~{}", u32::MAX));
    check("\"one\" =it =US \"\"", "{=one =it =US}");
    check("=cross-border", "='cross border'~0");
}

#[test]
fn signs_and_operators() {
    check("+a -b c", "{+a -b c}");
    check("a AND b OR c AND NOT d", "[[a & b] | [c & -d]]");
    check("a b AND c d", "[{a b} & {c d}]");
    check("a (b OR c)", "{a [b | c]}");
    check("NOT a", "-a");
    check("NOT NOT a NOT NOT NOT b", "{a -b}");
    check("+(a b) -(c d)", "{+{a b} -{c d}}");
    check("-\"a b\" +@ttp", "{-='a b'~0 +@ttp}");
    check("a - b -- c", "{a b c}");
    check("+(-a) -(+b) -(-c)", "{-a -b c}");
    check("((a)) (b AND (c AND d))", "{a [b & c & d]}");
}

#[test]
fn denials_and_filters_hold_for_all() {
    check("a OR b -c", "{[a | b] -c}");
    check("a AND b NOT c", "{[a & b] -c}");
    check("a AND b +c", "[a & {b +c}]");
    check("a OR (b -c)", "[a | {b -c}]");
    check("-a OR -b", "[-a | -b]");
    let year = "Year { from: Some(2015), to: Some(2015) }";
    check("year:2015 a OR b", &format!("{{[a | b] {year}}}"));
    check("a year:2015 OR b year:2015", &format!("[{{a {year}}} | {{b {year}}}]"));
}

#[test]
fn fields_and_filters() {
    check("title:trade section:\"trade transit\" b", "{Title:trade Section:='trade transit'~0 b}");
    check("Title:(a b) -title:c", "{Title:a Title:b -Title:c}");
    check("section:cross-border", "Section:'cross border'~0");
    check("paper:peaceworks-175", "Paper(\"peaceworks-175\")");
    check("paper:\"Rethinking a border\" author:Çelik", "{Paper(\"Rethinking a border\") Author(\"celik\")}");
    check("year:2015..2021", "Year { from: Some(2015), to: Some(2021) }");
    check("year:2021-2015", "Year { from: Some(2015), to: Some(2021) }");
    check("year:..2021 -year:2015..", "{Year { from: None, to: Some(2021) } -Year { from: Some(2015), to: None }}");
}

#[test]
fn patterns() {
    check("smugg* Terror~1 word~ a~0", "{smugg* terror~1 word~2 a}");
    check("what*?", "what*");
}

#[test]
fn what_is_not_understood_is_words() {
    check_note("\"Durand Line", "{Durand Line}", "\"");
    check_note("(a b", "{a b}", "(");
    check_note("a b))", "{a b}", "))");
    check_note("AND b", "{and b}", "AND");
    check_note("a OR", "{a or}", "OR");
    check_note("NOT", "not", "NOT");
    check_note("year:soon a", "{year soon a}", "year:soon");
    check_note("auhtor:khan", "{auhtor khan}", "auhtor:khan");
    check_note("title: trade", "{title trade}", "title:");
    check_note("cross-bord*", "'cross bord'~0", "cross-bord*");
    check_note("a~b", "{a b}", "a~b");
    check_note(&format!("{}a{}", "(".repeat(60), ")".repeat(60)), "a", &")".repeat(10));
}

#[test]
fn ordinary_text_makes_no_note() {
    for text in ["Why? (And how!)", "9:30, 3:1", "https://example.org/a", "a - b", "() x", "rock & roll; [a]", "'s"] {
        assert_eq!(parse(text).notes, [], "{text}");
    }
}

#[test]
fn junk_takes_linear_time() {
    let words: String = (0..10_000).map(|i| format!("word{i} ")).collect();
    let mut n_atoms = 0;
    parse(&words).for_each_atom(&mut |_| n_atoms += 1);
    assert_eq!(n_atoms, 10_000);
    for junk in
        ["(", ")", "\"", "NOT ", "AND ", "a AND ", "-", "-(", "+a ", "=\"", "title:", "(a OR ", "()", "a~", "@("]
    {
        parse(&junk.repeat(300_000 / junk.len()));
    }
}

/// A query without what depends on how it was typed.
fn bare(query: &Query) -> Node {
    let mut root = query.root.clone();
    root.for_each_atom_mut(&mut |atom| atom.span = Span::default());
    root
}

/// Rows of the language's own marks, words and signs.
fn typed() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "a",
        "b",
        "the",
        "why",
        "how",
        "live",
        "TTP",
        "IT",
        "PAKISTANIS",
        "cross-border",
        "9/11",
        "U.S.-led",
        "Khan’s",
        "é",
        "AND",
        "OR",
        "NOT",
        "(",
        ")",
        "((",
        "\"",
        "\"a b\"",
        "\"c\"~2",
        "+",
        "-",
        "=it",
        "=US",
        "@ttp",
        "@TTP",
        "title:",
        "section:x",
        "year:2015..",
        "year:x",
        "paper:p-1",
        "author:\"A Bc\"",
        "pre*",
        "fuz~1",
        "fuz~",
        "~",
        "*",
        ":",
        "foo:bar",
        "?",
        ",",
        " ",
        " ",
        " ",
        " ",
    ]);
    prop::collection::vec(piece, 0..14).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn a_query_written_out_is_the_same_query(text in typed()) {
        let query = parse(&text);
        let written = query.to_string();
        prop_assert_eq!(bare(&parse(&written)), bare(&query), "{} became {}", text, written);
    }

    #[test]
    fn every_text_is_a_query(text in ".*") {
        let query = parse(&text);
        prop_assert_eq!(bare(&parse(&query.to_string())), bare(&query), "{} became {}", text, query.to_string());
        query.notes.iter().for_each(|note| { note.span.of(&text); });
        query.for_each_atom(&mut |atom| { atom.span.of(&text); });
    }
}
