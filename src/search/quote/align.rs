//! How the words of a quotation lie along printed words, and what they cost.

use std::collections::HashMap;

use super::words::{Token, Word};

/// A word that is another one.
const CHANGED: f32 = 1.0;
/// A word that is not printed: a little more, so that a changed word is told as one.
const ADDED: f32 = 1.01;
/// A word that begins as the printed one does.
const INFLECTED: f32 = 0.8;
/// Printed words that are passed over without a word: the first of them, each more.
const PASSED: f32 = 1.0;
const PASSED_ON: f32 = 0.1;
/// Printed words that an ellipsis or a bracket stands for: few rather than many.
const STOOD_FOR: f32 = 0.001;
/// A bracket stands for so many words at most.
const MOST_IN_BRACKET: usize = 8;

/// A step of an alignment: so many pieces of the quotation, so many printed words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The same word, or the same words differently parted ("tar-iffs", "tariffs").
    Same {
        quoted: usize,
        printed: usize,
    },
    Changed,
    /// Quoted, and not printed.
    Added,
    /// Printed, and not quoted.
    Passed,
    /// An ellipsis or a bracket, and the printed words that it stands for.
    StandsFor {
        printed: usize,
    },
}

impl Step {
    /// Returns how many pieces of the quotation and printed words the step takes.
    pub fn taken(self) -> (usize, usize) {
        match self {
            Step::Same { quoted, printed } => (quoted, printed),
            Step::Changed => (1, 1),
            Step::Added => (1, 0),
            Step::Passed => (0, 1),
            Step::StandsFor { printed } => (1, printed),
        }
    }
}

/// Where a quotation lies along printed words.
#[derive(Clone, Debug, PartialEq)]
pub struct Alignment {
    pub cost: f32,
    /// The first printed word of it.
    pub start: usize,
    pub steps: Vec<Step>,
}

/// A quotation, ready to be laid along texts.
pub struct Pattern<'q> {
    tokens: &'q [Token],
    keys: HashMap<String, u32>,
    ids: Vec<u32>,
    /// For two and three words joined, the id of what they make; [`NONE`] where they are no words.
    joined: [Vec<u32>; 2],
    heads: Vec<u32>,
}

const NONE: u32 = u32::MAX;

/// The first letters of a word as a number; words too short to tell have none.
fn head(key: &str) -> u32 {
    let mut head = 0u32;
    for (n, c) in key.chars().enumerate() {
        if n == 4 {
            return head;
        }
        head = head.wrapping_mul(0x0100_0193) ^ c as u32;
    }
    NONE
}

impl<'q> Pattern<'q> {
    pub fn new(tokens: &'q [Token]) -> Self {
        let key = |i: usize| tokens.get(i).and_then(Token::word).map(|word| word.key.as_str());
        let mut keys: HashMap<String, u32> = HashMap::new();
        let mut id_of = |joined: Option<String>| {
            joined.map_or(NONE, |joined| {
                let n = keys.len() as u32;
                *keys.entry(joined).or_insert(n)
            })
        };
        let join = |i: usize, n: usize| (i..i + n).map(key).collect::<Option<Vec<_>>>().map(|parts| parts.concat());
        let ids = (0..tokens.len()).map(|i| id_of(join(i, 1))).collect();
        let joined = [2, 3].map(|n| (0..tokens.len()).map(|i| id_of(join(i, n))).collect::<Vec<_>>());
        let heads = (0..tokens.len()).map(|i| key(i).map_or(NONE, head)).collect();
        Pattern { tokens, keys, ids, joined, heads }
    }

    fn id(&self, key: &str) -> u32 {
        self.keys.get(key).copied().unwrap_or(NONE)
    }

    /// Lays the quotation along printed words, so that it ends behind word `from`; the cheapest way, and
    /// of equal ones the first.
    pub fn align(&self, printed: &[Word], from: usize) -> Option<Alignment> {
        if self.tokens.is_empty() || printed.len() <= from {
            return None;
        }
        Table::fill(self, printed).read(printed.len(), from)
    }

    /// Tells whether a token is the number of a note that was copied with the words.
    fn is_note_mark(&self, i: usize, printed: &[Word], j: usize) -> bool {
        let Some(word) = self.tokens[i].word() else { return false };
        let behind = i.checked_sub(1).is_some_and(|last| self.tokens[last].span().end + 2 >= word.span.start);
        // "2.5": a number behind a number is none.
        let is_number = |key: &str| key.len() <= 3 && key.bytes().all(|b| b.is_ascii_digit());
        behind
            && is_number(&word.key)
            && self.tokens[i - 1].word().is_none_or(|last| !last.key.ends_with(|c: char| c.is_ascii_digit()))
            && printed.get(j).is_none_or(|next| next.key != word.key)
            && (i + 1 == self.tokens.len() || self.tokens[i + 1].span().start > word.span.end)
    }
}

/// How a cell is come to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Start,
    Same(u8, u8),
    Changed,
    Added,
    Passed,
    /// The end of a bracket or ellipsis that stands for so many words, or for one more than the cell before.
    Bracket(u8),
    GapEnds,
    GapGoesOn,
}

/// The costs of all beginnings of a quotation, ending at all printed words.
struct Table {
    width: usize,
    ways: Vec<Way>,
    /// Whether printed words passed over end here, and whether more than one of them.
    passes_on: Vec<bool>,
    last: Vec<f32>,
}

impl Table {
    fn fill(pattern: &Pattern<'_>, printed: &[Word]) -> Table {
        let (n_rows, width) = (pattern.tokens.len() + 1, printed.len() + 1);
        let ids: Vec<u32> = printed.iter().map(|word| pattern.id(&word.key)).collect();
        let heads: Vec<u32> = printed.iter().map(|word| head(&word.key)).collect();
        let join = |j: usize, n: usize| {
            printed.get(j..j + n).map_or(NONE, |parts| {
                pattern.id(&parts.iter().map(|word| word.key.as_str()).collect::<Vec<_>>().concat())
            })
        };
        let joined = [2, 3].map(|n| (0..printed.len()).map(|j| join(j, n)).collect::<Vec<u32>>());
        let mut ways = vec![Way::Start; n_rows * width];
        let mut passes_on = vec![false; n_rows * width];
        // The three rows above are all that a row looks at.
        let mut rows: Vec<Vec<f32>> = vec![vec![0.0; width]];
        for i in 1..n_rows {
            let mut row = vec![f32::INFINITY; width];
            let mut passed = f32::INFINITY;
            let above = &rows[rows.len() - 1];
            for j in 0..width {
                let at = i * width + j;
                let mut best = (f32::INFINITY, Way::Added);
                let mut offer = |cost: f32, way: Way| {
                    if cost < best.0 {
                        best = (cost, way);
                    }
                };
                match &pattern.tokens[i - 1] {
                    Token::Ellipsis(_) => {
                        offer(above[j], Way::GapEnds);
                        if j > 0 {
                            offer(row[j - 1] + STOOD_FOR, Way::GapGoesOn);
                        }
                    }
                    Token::Insertion(_) => {
                        for k in 0..=MOST_IN_BRACKET.min(j) {
                            offer(above[j - k] + 10.0 * STOOD_FOR * k as f32, Way::Bracket(k as u8));
                        }
                    }
                    Token::Word(word) => {
                        let id = pattern.ids[i - 1];
                        if j > 0 {
                            let changed = if ids[j - 1] == id {
                                0.0
                            } else if heads[j - 1] != NONE && heads[j - 1] == pattern.heads[i - 1] {
                                if word.bracketed { 0.1 } else { INFLECTED }
                            } else {
                                CHANGED
                            };
                            let way = if changed == 0.0 { Way::Same(1, 1) } else { Way::Changed };
                            offer(above[j - 1] + changed, way);
                        }
                        for n in 2..=3 {
                            if j >= n && joined[n - 2][j - n] == id {
                                offer(above[j - n], Way::Same(1, n as u8));
                            }
                            if j > 0
                                && i >= n
                                && rows.len() >= n
                                && pattern.joined[n - 2][i - n] != NONE
                                && pattern.joined[n - 2][i - n] == ids[j - 1]
                            {
                                offer(rows[rows.len() - n][j - 1], Way::Same(n as u8, 1));
                            }
                        }
                        let free = pattern.is_note_mark(i - 1, printed, j);
                        offer(above[j] + if free { 0.01 } else { ADDED }, Way::Added);
                    }
                }
                // Before the first word and behind the last nothing is passed over.
                if j > 0 && i + 1 < n_rows {
                    let (opened, goes_on) = (row[j - 1] + PASSED, passed + PASSED_ON);
                    passes_on[at] = goes_on < opened;
                    passed = opened.min(goes_on);
                    offer(passed, Way::Passed);
                }
                row[j] = best.0;
                ways[at] = best.1;
            }
            rows.push(row);
            if rows.len() > 3 {
                rows.remove(0);
            }
        }
        let last = rows.pop().unwrap_or_default();
        Table { width, ways, passes_on, last }
    }

    /// Reads the cheapest way that ends behind printed word `from`.
    fn read(&self, n_printed: usize, from: usize) -> Option<Alignment> {
        let end = (from + 1..=n_printed).min_by(|&a, &b| self.last[a].total_cmp(&self.last[b]))?;
        let cost = self.last[end];
        if !cost.is_finite() {
            return None;
        }
        let (mut i, mut j) = (self.ways.len() / self.width - 1, end);
        let mut steps = Vec::new();
        let mut gap = 0;
        // Passed words are read off their own chain: where it goes on, the cell before need not have
        // been cheapest that way.
        let mut passing = false;
        while i > 0 {
            let at = i * self.width + j;
            let way = if passing { Way::Passed } else { self.ways[at] };
            passing = false;
            let step = match way {
                Way::Start => break,
                Way::Same(quoted, printed) => Step::Same { quoted: quoted.into(), printed: printed.into() },
                Way::Changed => Step::Changed,
                Way::Added => Step::Added,
                Way::Passed => {
                    passing = self.passes_on[at];
                    Step::Passed
                }
                Way::Bracket(printed) => Step::StandsFor { printed: printed.into() },
                Way::GapGoesOn => {
                    gap += 1;
                    j -= 1;
                    continue;
                }
                Way::GapEnds => {
                    j += gap;
                    Step::StandsFor { printed: std::mem::take(&mut gap) }
                }
            };
            let (quoted, printed) = step.taken();
            i -= quoted;
            j -= printed;
            steps.push(step);
        }
        steps.reverse();
        Some(Alignment { cost, start: j, steps })
    }
}

#[cfg(test)]
mod tests {
    use super::super::words::{tokens, words};
    use super::*;

    const PRINTED: &str = "In 2010 the two countries signed a new transit agreement, which was never wholly put to work, \
                           since neither side trusted the guarantees. Cross-border trade fell.";

    #[track_caller]
    fn check(quoted: &str, expected_cost: f32, first: &str) {
        let (tokens, printed) = (tokens(quoted), words(PRINTED));
        let found = Pattern::new(&tokens).align(&printed, 0).expect("there are words");
        assert!((found.cost - expected_cost).abs() < 0.05, "{quoted}: {} {:?}", found.cost, found.steps);
        assert_eq!(printed[found.start].span.of(PRINTED), first, "{quoted}");
        let taken = found.steps.iter().map(|step| step.taken().0).sum::<usize>();
        assert_eq!(taken, tokens.len(), "{quoted}");
    }

    #[test]
    fn finds_words_as_they_stand() {
        check("two countries signed a new transit agreement", 0.0, "two");
        check("cross border trade fell", 0.0, "Cross");
        check("crossborder trade fell", 0.0, "Cross");
        check("never whol- ly put to work", 0.0, "never");
    }

    #[test]
    fn marked_changes_cost_nothing() {
        check("the two countries ... trusted the guarantees", 0.0, "the");
        check("[both republics] signed a new transit agreement", 0.0, "signed");
        check("the two countries sign[ed] a new transit agreement [UVTA], which", 0.0, "the");
        check("a new transit agreement,12 which was never", 0.0, "a");
    }

    #[test]
    fn unmarked_changes_cost() {
        check("the three countries signed a new transit agreement", 1.0, "the");
        check("the two countries signed a new agreement", 1.0, "the");
        check("the two old countries signed a new transit agreement", 1.0, "the");
        check("since neither sides trusted the guarantee", 1.8, "since");
        check("the two countries signed since neither side trusted the guarantees", 2.0, "the");
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]
        #[test]
        fn every_piece_is_laid_down(quoted in "(a |b |ab |c |\\.\\.\\. |\\[b\\] |1 ){1,12}", printed in "(a |b |ab |c |1 ){1,20}") {
            let (tokens, printed) = (tokens(&quoted), words(&printed));
            if let Some(found) = Pattern::new(&tokens).align(&printed, 0) {
                let (quoted, along) = found.steps.iter().fold((0, 0), |(q, p), step| (q + step.taken().0, p + step.taken().1));
                proptest::prop_assert_eq!(quoted, tokens.len());
                proptest::prop_assert!(found.start + along <= printed.len());
            }
        }
    }
}
