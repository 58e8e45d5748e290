//! Notes: takes the marks of footnotes and the numbers of references out of sentences.
//!
//! | before | after | because |
//! |---|---|---|
//! | `two years later.1 This` | `two years later. This` | a number glued to the end of a sentence |
//! | `said “peace.”90 Both` | `said “peace.” Both` | so too behind a quote |
//! | `closed in 2017.59 Given` | `closed in 2017. Given` | 58 came before, 60 comes behind |
//! | `some 1.4 million` | unchanged | a number |
//! | `by Afghanistan (1).` | `by Afghanistan.` | (1), (2), (3) … end sentences of this paper |
//! | `is known [3, 7].` | `is known.` | likewise |
//! | `in No.5 of` | unchanged | an abbreviation |

use super::{
    cues,
    edits::Edit,
    paragraphs::{Drafts, Join, Piece},
    signs::Signs,
};
use crate::paper::{RemovedKind, Span};

/// What a number that may be a mark is glued to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Glue {
    /// A stop or comma behind a word, with or without quotes: a mark without further proof.
    Stop,
    /// A number, a word, a bracket: a mark only when it goes on the count.
    Weak,
    /// A sentence and a space: a mark only when it is the very next one.
    Spaced,
    /// Stands in round brackets at the end of a clause.
    Round,
    /// Stands in square brackets.
    Square,
    /// Set as superscript.
    Raised,
}

struct Suspect {
    /// What is taken out, the space before brackets included.
    span: Span,
    number: u32,
    glue: Glue,
    /// What stands in its place: a space when the next word follows at once.
    with: &'static str,
}

/// So many bracketed numbers make a habit.
const HABIT: usize = 3;
/// Marks that the text may have lost between two that it kept.
const MAX_LOST: u32 = 3;

/// Finds the marks in the text of the drafts.
pub(super) fn find(text: &str, drafts: &Drafts, edits: &mut Vec<Edit>) {
    let mut suspects = Vec::new();
    let mut before = "";
    for piece in &drafts.pieces {
        if piece.signs.has(Signs::MARK) {
            let overline = if piece.join == Join::First { "" } else { before };
            suspects_of(text, piece, overline, &mut suspects);
        }
        before = piece.span.of(text);
    }
    let accepted = count_on(&suspects);
    for (suspect, accepted) in suspects.iter().zip(accepted) {
        if accepted {
            let mark = cues::trim(text, suspect.span);
            let removed = Some((mark, RemovedKind::FootnoteMark));
            edits.push(Edit { raw: suspect.span, with: suspect.with, removed, pass: "notes" });
        }
    }
}

/// Decides which suspects are marks, by the count that they go on.
fn count_on(suspects: &[Suspect]) -> Vec<bool> {
    let habit = |glue: Glue| {
        let numbers: Vec<u32> = suspects.iter().filter(|s| s.glue == glue).map(|s| s.number).collect();
        // References count up, and may come back to earlier ones.
        let mut highest = 0;
        let counts = numbers.iter().all(|&number| {
            let next = number <= highest + MAX_LOST;
            highest = highest.max(number);
            next
        });
        // Square ones may follow a bibliography by name, but have no number far beyond their own count.
        let in_reach = highest as usize <= 2 * numbers.len() + 10;
        numbers.len() >= HABIT && if glue == Glue::Square { in_reach } else { counts && numbers[0] == 1 }
    };
    let (round, square) = (habit(Glue::Round), habit(Glue::Square));
    // The number of the next sure mark, for each suspect.
    let mut next = vec![None; suspects.len()];
    let mut behind = None;
    for (i, suspect) in suspects.iter().enumerate().rev() {
        next[i] = behind;
        if suspect.glue == Glue::Stop {
            behind = Some(suspect.number);
        }
    }
    let mut last = None;
    let mut accepted = Vec::with_capacity(suspects.len());
    for (i, suspect) in suspects.iter().enumerate() {
        let yes = match suspect.glue {
            Glue::Stop | Glue::Raised => true,
            Glue::Round => round,
            Glue::Square => square,
            Glue::Spaced => last.is_some_and(|last| {
                suspect.number == last + 1
                    && next[i].is_some_and(|next| next > suspect.number && next <= suspect.number + MAX_LOST)
            }),
            Glue::Weak => last.is_some_and(|last| {
                suspect.number > last
                    && suspect.number <= last + MAX_LOST
                    && next[i].is_none_or(|next| suspect.number < next)
            }),
        };
        if yes && matches!(suspect.glue, Glue::Stop | Glue::Weak | Glue::Spaced) {
            last = Some(suspect.number);
        }
        accepted.push(yes);
    }
    accepted
}

/// Lists what may be a mark in a piece; `overline` is the piece that it goes on, if any.
fn suspects_of(text: &str, piece: &Piece, overline: &str, suspects: &mut Vec<Suspect>) {
    let (bytes, span) = (text.as_bytes(), piece.span);
    let glued_over = if piece.join == Join::Glue { overline } else { "" };
    let mut at = span.start;
    while at < span.end {
        let byte = bytes[at];
        let next = match byte {
            b'0'..=b'9' => {
                let len = bytes[at..span.end].iter().take_while(|byte| byte.is_ascii_digit()).count();
                if len <= 3 && at > span.start {
                    suspects.extend(glued(text, span, glued_over, at, len));
                }
                at + len
            }
            b'[' | b'(' => {
                suspects.extend(bracketed(text, span, overline, at));
                at + 1
            }
            // ¹ ² ³ are C2 B9, C2 B2, C2 B3; the others E2 81 B0 to B9.
            0xc2 | 0xe2 => {
                let len = raised_len(&text[at..span.end]);
                if len > 0 && at > span.start {
                    suspects.extend(raised(text, span, glued_over, at, len));
                }
                at + len.max(1)
            }
            _ => at + 1,
        };
        at = next + bytes[next..span.end].iter().take_while(|&&byte| !BEGINS[usize::from(byte)]).count();
    }
}

/// Which bytes a mark can begin with.
static BEGINS: [bool; 256] = {
    let mut begins = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        begins[byte] = matches!(byte as u8, b'0'..=b'9' | b'[' | b'(' | 0xc2 | 0xe2);
        byte += 1;
    }
    begins
};

/// Judges digits that stand directly behind something.
fn glued(text: &str, span: Span, overline: &str, at: usize, len: usize) -> Option<Suspect> {
    let before = &text[span.start..at];
    let behind = &text[at + len..span.end];
    let last = before.chars().next_back()?;
    let next = behind.chars().next();
    let opens_word = next.is_some_and(char::is_uppercase);
    if last == ' ' && next == Some(' ') {
        return spaced(text, span, at, len);
    }
    if last.is_whitespace()
        || !(next.is_none_or(|c| c.is_whitespace() || cues::is_closing(c) || c == '—') || opens_word)
    {
        return None;
    }
    let number = text[at..at + len].parse().ok().filter(|&number| number > 0)?;
    if text.as_bytes()[at] == b'0' {
        return None;
    }
    let unquoted = before.trim_end_matches(cues::is_closing);
    let stopped = unquoted.trim_end_matches(|c| cues::is_stop(c) || cues::is_raised(c) || matches!(c, ',' | ';'));
    let stops = unquoted.len() - stopped.len();
    // "(FATA).12": the word may itself stand in brackets or quotes.
    let word = stopped.trim_end_matches(|c| cues::is_closing(c) || cues::is_raised(c));
    let letters = letters_at_end(word, overline);
    let glue = if stops > 0 && (letters >= 3 && !is_abbreviation(word) || letters > 0 && unquoted.len() < before.len())
    {
        Glue::Stop
    } else if opens_word || matches!(last, '-' | '–' | '/' | '$' | '€' | '£' | '#' | '+' | '=' | '(' | '[' | ':') {
        return None;
    } else if stops > 0 || letters >= 3 && word.chars().next_back().is_some_and(char::is_lowercase) {
        Glue::Weak
    } else {
        return None;
    };
    if is_in_address(before, behind) {
        return None;
    }
    Some(Suspect { span: Span::new(at, at + len), number, glue, with: if opens_word { " " } else { "" } })
}

/// Judges digits between two sentences: "of microenterprises. 24 The Rural".
fn spaced(text: &str, span: Span, at: usize, len: usize) -> Option<Suspect> {
    let before = text[span.start..at].trim_end_matches(' ').trim_end_matches(cues::is_closing);
    let opens = cues::starts_upper(text[at + len..span.end].trim_start());
    let number = text[at..at + len].parse().ok().filter(|&number| number > 0)?;
    let bare = before.trim_end_matches(cues::is_stop);
    let ends = bare.len() < before.len() && bare.ends_with(|c: char| c.is_lowercase() || cues::is_closing(c));
    let start = span.start + text[span.start..at].trim_end_matches(' ').len();
    (ends && opens).then_some(Suspect { span: Span::new(start, at + len), number, glue: Glue::Spaced, with: "" })
}

/// Returns the number of letters that a piece ends in, with those of the piece that it goes on when it
/// is one word.
fn letters_at_end(piece: &str, overline: &str) -> usize {
    let bare = piece.trim_end_matches(char::is_alphabetic);
    let at_end = |text: &str| text.chars().rev().take_while(|c| c.is_alphabetic()).count();
    let own = at_end(&piece[bare.len()..]);
    if own > 0 && bare.is_empty() { own + at_end(overline) } else { own }
}

/// Tells whether a number stands inside an address of the web ("example.com/a.12").
fn is_in_address(before: &str, behind: &str) -> bool {
    let token = cues::last_token(before);
    token.contains("://")
        || token.contains("www.")
        || token.contains('@')
        || token.contains('/') && token.contains('.') && behind.starts_with('/')
}

/// Words that a number follows after a stop.
fn is_abbreviation(word: &str) -> bool {
    let start = word
        .rfind(|c: char| !c.is_alphabetic())
        .map_or(0, |at| at + word[at..].chars().next().map_or(1, char::len_utf8));
    matches!(
        word[start..].to_ascii_lowercase().as_str(),
        "add"
            | "corr"
            | "rev"
            | "suppl"
            | "no"
            | "nos"
            | "vol"
            | "vols"
            | "fig"
            | "figs"
            | "art"
            | "arts"
            | "sec"
            | "sect"
            | "para"
            | "paras"
            | "chap"
            | "ch"
            | "eq"
            | "eqs"
            | "ref"
            | "refs"
            | "app"
            | "approx"
            | "cap"
            | "res"
            | "doc"
            | "pub"
            | "ser"
            | "stat"
            | "nr"
            | "num"
            | "pp"
            | "reg"
            | "tab"
            | "ver"
            | "ed"
            | "est"
            | "min"
            | "max"
            | "pos"
            | "abs"
            | "anm"
            | "bd"
            | "abb"
            | "kap"
    )
}

/// Judges a number in brackets: "(1)", "[12]", "[3, 5–7]".
fn bracketed(text: &str, span: Span, overline: &str, at: usize) -> Option<Suspect> {
    let bytes = text.as_bytes();
    let (close, glue) = if bytes[at] == b'[' { (b']', Glue::Square) } else { (b')', Glue::Round) };
    let len = bytes[at..span.end].iter().take(40).position(|&byte| byte == close)?;
    let inside = &text[at + 1..at + len];
    let number = inside
        .split(|c: char| !c.is_ascii_digit())
        .next()?
        .parse()
        .ok()
        .filter(|&number| number > 0 && number < 1000)?;
    let (before, behind) = (&text[span.start..at], &text[at + len + 1..span.end]);
    let word = if at == span.start { overline } else { before.trim_end() };
    let fits = match glue {
        Glue::Round => {
            inside.bytes().all(|byte| byte.is_ascii_digit())
                && (before.ends_with(' ') || at == span.start)
                && word.ends_with(char::is_alphabetic)
                && !names_a_part(word)
                && (behind.is_empty() || behind.starts_with(['.', ',', ';']))
        }
        _ => {
            inside.chars().all(|c| c.is_ascii_digit() || matches!(c, ',' | ' ' | '-' | '–' | '—'))
                && !word.is_empty()
                && !opens_word(behind)
        }
    };
    if !fits {
        return None;
    }
    // The space before goes too, unless a word follows at once.
    let spaced = before.ends_with(' ') && !opens_word(behind);
    let start = if spaced { span.start + before.trim_end().len() } else { at };
    Some(Suspect { span: Span::new(start, at + len + 1), number, glue, with: "" })
}

/// Tells whether a word or number begins at once.
fn opens_word(behind: &str) -> bool {
    behind.starts_with(|c: char| c.is_alphabetic() || c.is_ascii_digit())
}

/// Tells whether a text ends in a word that takes a number in brackets: "paragraph (2)".
fn names_a_part(before: &str) -> bool {
    let word = before.rsplit(' ').next().unwrap_or_default().trim_end_matches('s');
    [
        "paragraph",
        "section",
        "article",
        "clause",
        "item",
        "step",
        "option",
        "annex",
        "table",
        "figure",
        "phase",
        "rule",
        "equation",
        "type",
    ]
    .iter()
    .any(|part| part.eq_ignore_ascii_case(word))
}

fn raised_len(rest: &str) -> usize {
    rest.chars().take_while(|&c| cues::is_raised(c)).map(char::len_utf8).sum()
}

/// Judges raised digits: a power behind a unit or number, else a mark.
fn raised(text: &str, span: Span, overline: &str, at: usize, len: usize) -> Option<Suspect> {
    let before = &text[span.start..at];
    let letters = letters_at_end(before, overline);
    let last = before.chars().next_back()?;
    let marks = letters >= 4 || cues::is_stop(last) || cues::is_closing(last) || matches!(last, ',' | ';' | ':');
    let opens_word = text[at + len..span.end].starts_with(char::is_alphanumeric);
    let is_number = text[at + len..span.end].starts_with(|c: char| c.is_ascii_digit());
    (marks && !is_number).then_some(Suspect {
        span: Span::new(at, at + len),
        number: 0,
        glue: Glue::Raised,
        with: if opens_word { " " } else { "" },
    })
}

#[cfg(test)]
mod tests {
    use crate::repair::tests::check;

    #[test]
    fn takes_marks_out() {
        for (raw, repaired) in [
            ("two years later.1 This outreach", "two years later. This outreach"),
            ("best efforts.100 These", "best efforts. These"),
            ("said “peace.”90 Both", "said “peace.” Both"),
            ("in law,7 and order", "in law, and order"),
            ("the tribal areas (FATA).12 They", "the tribal areas (FATA). They"),
            ("routes.58 It closed in 2017.59 Given this.60", "routes. It closed in 2017. Given this."),
            ("one word.7 Then another8 of these.9", "one word. Then another of these."),
            ("the talks.¹² They went on³ then", "the talks. They went on³ then"),
            ("ended.3The next", "ended. The next"),
            ("are gone.7 They went. 8 The rest.9", "are gone. They went. The rest."),
        ] {
            check(raw, &[repaired]);
        }
    }

    #[test]
    fn takes_numbers_of_references_out() {
        check("So it is (1). And so (2). Then both (3).", &["So it is. And so. Then both."]);
        check("So [1] it is [2, 3]. And so [4-6].", &["So it is. And so."]);
    }

    #[test]
    fn leaves_numbers_alone() {
        for raw in [
            "some 1.4 million people",
            "in No.5 of the series",
            "on 10,000 men, of 2.5 percent, in 2017.",
            "under paragraph (2). Also paragraph (3). And (1) this.",
            "an area of 12 km² and more",
            "the A320 and the B12 and G20, COVID19 too",
            "see http://a.org/file.12 for more",
            "of March. 24 The next",
            "call [1] 202, call [267] 395, call [1] 203",
            "see A/4390/Add.1 and",
            "at 5.30 p.m. on May 5, 1999.",
        ] {
            check(raw, &[raw]);
        }
    }
}
