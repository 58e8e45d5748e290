//! What differs between a quotation and what is printed.

use serde::Serialize;

use super::Fidelity;
use super::align::{Alignment, Step};
use super::words::{Token, Word, stops};
use crate::paper::Span;

/// What was done to the printed words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    Changed,
    Added,
    LeftOut,
    /// Only accents or the like.
    Spelling,
    Stops,
    Capitals,
}

impl Change {
    pub(super) fn fidelity(self) -> Fidelity {
        match self {
            Change::Capitals => Fidelity::Exact,
            Change::Stops => Fidelity::Stops,
            _ => Fidelity::Altered,
        }
    }
}

/// A difference: what was quoted, and what is printed there. Either may be empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    pub change: Change,
    pub quoted: String,
    pub printed: String,
    /// It is announced by an ellipsis or brackets.
    pub marked: bool,
}

/// Reads the differences off an alignment, in order.
pub fn differences(quote: &str, tokens: &[Token], text: &str, words: &[Word], found: &Alignment) -> Vec<Difference> {
    let mut reader = Reader { quote, tokens, text, words, i: 0, j: found.start, open: None, all: Vec::new() };
    let mut last_same = false;
    for &step in &found.steps {
        let same = matches!(step, Step::Same { .. });
        if same {
            reader.close();
            if last_same {
                reader.stops_before();
            }
            reader.same(step);
        } else if let Step::StandsFor { printed } = step {
            reader.close();
            reader.stands_for(printed);
        } else if reader.is_note_mark(step) {
            reader.close();
        } else {
            reader.extend(step);
        }
        last_same = same;
        let (quoted, printed) = step.taken();
        reader.i += quoted;
        reader.j += printed;
    }
    reader.close();
    reader.all
}

struct Reader<'a> {
    quote: &'a str,
    tokens: &'a [Token],
    text: &'a str,
    words: &'a [Word],
    /// The next piece of the quotation and the next printed word.
    i: usize,
    j: usize,
    /// Pieces and words that differ, in a run.
    open: Option<(std::ops::Range<usize>, std::ops::Range<usize>)>,
    all: Vec<Difference>,
}

impl Reader<'_> {
    fn quoted(&self, range: std::ops::Range<usize>) -> String {
        match (self.tokens[range.clone()].first(), self.tokens[range].last()) {
            (Some(first), Some(last)) => squeezed(Span::new(first.span().start, last.span().end).of(self.quote)),
            _ => String::new(),
        }
    }

    fn printed(&self, range: std::ops::Range<usize>) -> String {
        match (self.words[range.clone()].first(), self.words[range].last()) {
            (Some(first), Some(last)) => squeezed(Span::new(first.span.start, last.span.end).of(self.text)),
            _ => String::new(),
        }
    }

    fn extend(&mut self, step: Step) {
        let (quoted, printed) = step.taken();
        let (i, j) = (self.i, self.j);
        let open = self.open.get_or_insert((i..i, j..j));
        open.0.end += quoted;
        open.1.end += printed;
    }

    fn close(&mut self) {
        let Some((quoted, printed)) = self.open.take() else { return };
        // A word with a part in brackets, and the word it was made from.
        let marked = quoted.len() == 1
            && printed.len() == 1
            && self.tokens[quoted.start].word().is_some_and(|word| word.bracketed)
            && alike(self.tokens[quoted.start].word(), &self.words[printed.start]);
        let change = match (quoted.is_empty(), printed.is_empty()) {
            (true, _) => Change::LeftOut,
            (_, true) => Change::Added,
            _ => Change::Changed,
        };
        let difference = Difference { change, quoted: self.quoted(quoted), printed: self.printed(printed), marked };
        self.all.push(difference);
    }

    /// A number that was copied along with the words: the mark of a note.
    fn is_note_mark(&self, step: Step) -> bool {
        let digits = |key: &str| (1..=3).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_digit());
        match (step, self.tokens.get(self.i).and_then(Token::word)) {
            (Step::Added, Some(word)) => {
                let behind = self.i.checked_sub(1).map(|last| self.tokens[last].span());
                behind.is_some_and(|last| {
                    last.end + 2 >= word.span.start
                        && !self.quote[last.end..word.span.start].contains(char::is_whitespace)
                }) && digits(&word.key)
            }
            (Step::Changed, Some(word)) => word
                .key
                .strip_prefix(self.words[self.j].key.as_str())
                .is_some_and(|mark| digits(mark) && !self.words[self.j].key.ends_with(|c: char| c.is_ascii_digit())),
            _ => false,
        }
    }

    fn stands_for(&mut self, n: usize) {
        let (quoted, printed) = (self.quoted(self.i..self.i + 1), self.printed(self.j..self.j + n));
        let inside = quoted.trim_matches(['[', ']']);
        if inside != printed {
            let change = if printed.is_empty() { Change::Added } else { Change::Changed };
            self.all.push(Difference { change, quoted, printed, marked: true });
        }
    }

    /// Compares words that are the same in all but their dress.
    fn same(&mut self, step: Step) {
        let (n_quoted, n_printed) = step.taken();
        let quoted = &self.tokens[self.i..self.i + n_quoted];
        let (quoted_text, printed) = (self.quoted(self.i..self.i + n_quoted), self.printed(self.j..self.j + n_printed));
        let bracketed = quoted.iter().filter_map(Token::word).any(|word| word.bracketed);
        let bare = |text: &str| -> String { text.chars().filter(|c| c.is_alphanumeric()).collect() };
        let (said, stands) = (bare(&quoted_text), bare(&printed));
        // A quotation may begin with a small or large letter, whichever its sentence needs.
        let begins = self.i == 0 || !matches!(self.tokens[self.i - 1], Token::Word(_));
        if said == stands || bracketed {
            return;
        }
        let change = if said.to_lowercase() != stands.to_lowercase() {
            Change::Spelling
        } else if begins && rest(&said) == rest(&stands) {
            return;
        } else {
            Change::Capitals
        };
        self.all.push(Difference { change, quoted: quoted_text, printed, marked: false });
    }

    /// Compares the stops between the last two words, which are the same on both sides.
    fn stops_before(&mut self) {
        let (Some(before), Some(last)) = (self.i.checked_sub(1), self.j.checked_sub(1)) else { return };
        let quoted = &self.quote[self.tokens[before].span().end..self.tokens[self.i].span().start];
        let printed = &self.text[self.words[last].span.end..self.words[self.j].span.start];
        if stops(quoted) != stops(printed) {
            let around = |between: &str, a: &str, b: &str| squeezed(&format!("{a}{between}{b}"));
            let quoted =
                around(quoted, self.tokens[before].span().of(self.quote), self.tokens[self.i].span().of(self.quote));
            let printed = around(printed, self.words[last].span.of(self.text), self.words[self.j].span.of(self.text));
            self.all.push(Difference { change: Change::Stops, quoted, printed, marked: false });
        }
    }
}

fn alike(quoted: Option<&Word>, printed: &Word) -> bool {
    let first = |key: &str| key.chars().take(3).collect::<String>();
    quoted.is_some_and(|word| first(&word.key) == first(&printed.key))
}

fn rest(word: &str) -> &str {
    let mut chars = word.chars();
    chars.next();
    chars.as_str()
}

fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::super::align::Pattern;
    use super::super::words::{tokens, words};
    use super::*;

    const PRINTED: &str =
        "In 2010, the two countries’ trade – “a lifeline” – fell by half; neither side trusted Zürich.";

    #[track_caller]
    fn check(quoted: &str, expected: &[(Change, &str, &str, bool)]) {
        let (tokens, words) = (tokens(quoted), words(PRINTED));
        let found = Pattern::new(&tokens).align(&words, 0).expect("there are words");
        let told = differences(quoted, &tokens, PRINTED, &words, &found);
        let expected: Vec<Difference> = expected
            .iter()
            .map(|&(change, quoted, printed, marked)| Difference {
                change,
                quoted: quoted.into(),
                printed: printed.into(),
                marked,
            })
            .collect();
        assert_eq!(told, expected, "{quoted}");
    }

    #[test]
    fn dress_is_no_difference() {
        check("the two countries' trade - 'a lifeline' - fell by half; neither side", &[]);
        check("The two coun-\ntries’ trade—“a lifeline”—fell by half.", &[]);
        check("In 2010,3 the two countries’ trade", &[]);
        check("a lifeline fell by half4; neither side", &[]);
    }

    #[test]
    fn marked_changes_are_told_and_marked() {
        check("the two countries’ trade ... fell by half", &[(Change::Changed, "...", "a lifeline", true)]);
        check(
            "the [republics’] trade – “a lifeline” – fell",
            &[(Change::Changed, "[republics’]", "two countries", true)],
        );
        check("[T]he two countries’ trade", &[]);
        check("fell[ing] by half; neither side", &[(Change::Changed, "fell[ing]", "fell", true)]);
    }

    #[test]
    fn unmarked_changes_are_told() {
        check("the three countries’ trade", &[(Change::Changed, "three", "two", false)]);
        check(
            "fell by half; either side trusted Zurich",
            &[(Change::Changed, "either", "neither", false), (Change::Spelling, "Zurich", "Zürich", false)],
        );
        check(
            "the two countries’ trade fell by more than half",
            &[(Change::LeftOut, "", "a lifeline", false), (Change::Added, "more than", "", false)],
        );
        check(
            "In 2010 the two Countries’ trade",
            &[(Change::Stops, "2010 the", "2010, the", false), (Change::Capitals, "Countries", "countries", false)],
        );
    }
}
