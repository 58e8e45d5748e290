//! Natural questions: which words of a query say what it is about.

use std::collections::HashSet;
use std::sync::LazyLock;

use crate::analysis::{fold, is_stop_word};

use super::words::is_mixed;
use super::{Atom, Form, Node};

/// The weight of a word that only carries a question: "How many refugees *live* in Pakistan?"
const LIGHT: f32 = 0.3;

/// The weight of a word that only says what to do with the answer: "*Summarize* the debate on fees."
const REQUEST: f32 = 0.5;

/// Gives the words of each group side by side their weights: stop words none, unless there is
/// nothing else to search for; in a question, those that only ask have little or none.
///
/// What is quoted, signed, an operand, or in capitals keeps its weight.
pub(super) fn weigh(root: &mut Node) {
    match root {
        Node::Some(nodes) => {
            nodes.iter_mut().for_each(weigh);
            weigh_row(nodes);
        }
        Node::All(nodes) | Node::Any(nodes) => nodes.iter_mut().for_each(weigh),
        Node::Must(node) | Node::Not(node) => weigh(node),
        Node::Atom(_) | Node::Filter(_) => {}
    }
}

/// Tells whether a query asks for a number: "How many refugees live in Pakistan?"
pub(super) fn wants_number(text: &str) -> bool {
    let mut words = text.split_whitespace().map(fold);
    let how = words.next().is_some_and(|word| word == "how");
    how && words.next().is_some_and(|word| word == "many" || word == "much")
}

fn weigh_row(nodes: &mut [Node]) {
    let words: Vec<Option<String>> = nodes.iter().map(plain_word).collect();
    let asks = is_question(&words);
    let mut weights = vec![1.0; nodes.len()];
    for (i, word) in words.iter().enumerate() {
        let Some(word) = word else { continue };
        weights[i] = match word.as_str() {
            word if is_stop_word(word) => 0.0,
            word if asks && i > 0 && words[i - 1].as_deref() == Some("how") && is_measure(word) => 0.0,
            word if asks && is_light(word) => LIGHT,
            word if requests(word) => REQUEST,
            _ => 1.0,
        };
    }
    // What only denies or filters is nothing to search for; light words are better than nothing.
    let carries = |least: f32| {
        nodes
            .iter()
            .zip(&weights)
            .any(|(node, &weight)| !matches!(node, Node::Not(_) | Node::Filter(_)) && weight > least)
    };
    if !carries(0.0) {
        return;
    }
    let only_light = !carries(REQUEST);
    for (node, weight) in nodes.iter_mut().zip(weights) {
        if let Node::Atom(atom) = node {
            atom.weight = if only_light && weight > 0.0 { 1.0 } else { weight };
        }
    }
}

/// Returns the folded word of a node that is nothing but a word.
fn plain_word(node: &Node) -> Option<String> {
    match node {
        Node::Atom(Atom { form: Form::Word(word), field: None, as_written: false, .. }) if !is_mixed(word) => {
            Some(fold(word))
        }
        _ => None,
    }
}

/// Tells whether a row of words begins like a question and is long enough for one.
fn is_question(words: &[Option<String>]) -> bool {
    let first = words.first().and_then(Option::as_deref);
    words.len() > 3 && first.is_some_and(|word| OPENERS.contains(&word))
}

/// "how *many*"
fn is_measure(word: &str) -> bool {
    ["many", "much", "long", "often", "far", "big", "large", "well", "likely"].contains(&word)
}

fn is_light(word: &str) -> bool {
    static LIGHT: LazyLock<HashSet<String>> = LazyLock::new(|| {
        let forms = LIGHT_WORDS.iter().flat_map(|verb| ["", "s", "d", "ed"].map(|ending| format!("{verb}{ending}")));
        forms.chain(LIGHT_FORMS.iter().map(|&form| form.to_owned())).collect()
    });
    LIGHT.contains(word)
}

/// Tells whether a word says what to do rather than what about.
fn requests(word: &str) -> bool {
    REQUESTS.binary_search(&word).is_ok()
}

/// Words of requests, in order; they count half wherever they stand.
const REQUESTS: &[&str] = &[
    "according",
    "anyone",
    "clarify",
    "concerning",
    "describe",
    "detail",
    "detailed",
    "details",
    "discuss",
    "discussed",
    "discusses",
    "discussing",
    "discussion",
    "elaborate",
    "explain",
    "find",
    "give",
    "list",
    "mention",
    "mentioned",
    "please",
    "provide",
    "regarding",
    "related",
    "said",
    "say",
    "show",
    "specific",
    "specifically",
    "summarise",
    "summarize",
    "talk",
    "talked",
    "talking",
    "tell",
    "think",
    "thought",
];

/// Words that questions and requests begin with.
const OPENERS: &[&str] = &[
    "who", "whom", "whose", "what", "which", "when", "where", "why", "how", "is", "are", "was", "were", "do", "does",
    "did", "has", "have", "had", "can", "could", "will", "would", "should", "may", "might", "tell", "explain",
    "describe", "show", "find",
];

/// Verbs, and a few nouns, that stand in for the thing asked about.
const LIGHT_WORDS: &[&str] = &[
    "ask", "become", "call", "come", "describe", "exist", "explain", "find", "get", "give", "go", "happen", "help",
    "kind", "know", "live", "look", "make", "mean", "need", "occur", "play", "reason", "role", "say", "see", "seem",
    "show", "take", "tell", "think", "try", "type", "use", "want", "way",
];

/// Their forms that no ending makes.
const LIGHT_FORMS: &[&str] = &[
    "became",
    "called",
    "calling",
    "came",
    "coming",
    "found",
    "gave",
    "getting",
    "given",
    "giving",
    "goes",
    "going",
    "gone",
    "got",
    "happening",
    "helping",
    "knew",
    "known",
    "living",
    "made",
    "making",
    "meant",
    "said",
    "saw",
    "seen",
    "shown",
    "taken",
    "taking",
    "thought",
    "told",
    "took",
    "tries",
    "tried",
    "trying",
    "using",
    "went",
];

#[cfg(test)]
mod tests {
    use crate::query::parse;

    /// What is left of a query, light words in parentheses.
    fn check(text: &str, expected: &str) {
        let query = parse(text);
        let mut left = Vec::new();
        query.for_each_atom(&mut |atom| match atom.weight {
            1.0 => left.push(atom.span.of(text).to_owned()),
            0.0 => {}
            _ => left.push(format!("({})", atom.span.of(text))),
        });
        assert_eq!(left.join(" "), expected, "{text}");
    }

    #[test]
    fn questions_keep_what_they_are_about() {
        check("Why did the council suspend sanctions in the 1990s?", "council suspend sanctions 1990s");
        check("How many sailors live in Gdansk?", "sailors (live) Gdansk");
        check("What happened to fishermen after the oil spill?", "(happened) fishermen oil spill");
        check("What role did Norway play in the talks?", "(role) Norway (play) talks");
        check("Did Norway try to help with the fisheries?", "Norway (try) (help) fisheries");
    }

    #[test]
    fn requests_are_in_order() {
        assert!(super::REQUESTS.is_sorted());
    }

    #[test]
    fn statements_keep_their_verbs() {
        check("help for widows", "help widows");
        check("people who live in camps", "people live camps");
    }

    #[test]
    fn capitals_are_no_stop_words() {
        check("what does the US want from the WHO", "US (want) WHO");
        check("WHAT DOES IT WANT", "WANT");
    }

    #[test]
    fn a_query_of_nothing_else_keeps_its_stop_words() {
        check("to be or not to be", "to be or not to be");
        check("the who year:1970", "the who");
        check("what happened", "happened");
        check("why did it happen", "happen");
    }

    #[test]
    fn quoted_signed_and_joined_words_stay() {
        check("+the \"state of the union\" of it", "the \"state of the union\"");
        check("to AND from", "to from");
    }
}
