//! Spacing: one space between words, none before a stop, one behind a sentence.
//!
//! | before | after |
//! |---|---|
//! | `operating   in` | `operating in` |
//! | `integration . The` | `integration. The` |
//! | `points.Yousaf` | `points. Yousaf` |
//! | `Peace . . . The` | unchanged |

use super::{cues, edits::Edit, paragraphs::Drafts, signs::Signs};
use crate::paper::Span;

const PASS: &str = "spacing";

/// Finds what is wrong with the spaces inside the pieces.
pub(super) fn find(text: &str, drafts: &Drafts, edits: &mut Vec<Edit>) {
    for piece in &drafts.pieces {
        let span = piece.span;
        let content = span.of(text).as_bytes();
        if !needs_a_look(content, piece.signs) {
            continue;
        }
        for at in 0..content.len() {
            match CLASS[usize::from(content[at])] {
                Class::Other => {}
                Class::Blank => blanks(text, span, span.start + at, edits),
                Class::Stop => stop(text, span, span.start + at, edits),
            }
        }
    }
}

/// Tells whether a line may have anything wrong, which few have.
fn needs_a_look(line: &[u8], signs: Signs) -> bool {
    if signs.has(Signs::ODD | Signs::SPACED) || !signs.has(Signs::GLUED) {
        return signs.has(Signs::ODD | Signs::SPACED);
    }
    // A stop is glued over in "points.Yousaf", not in "U.S.".
    let glued = |word: u8, next: u8| {
        !word.is_ascii_uppercase() & !word.is_ascii_digit() & (next.is_ascii_uppercase() | (next >= 0x80))
    };
    let mut stops = memchr::memchr3_iter(b'.', b'!', b'?', line);
    stops.any(|at| at > 0 && line.get(at + 1).is_some_and(|&next| glued(line[at - 1], next)))
}

#[derive(Clone, Copy)]
enum Class {
    Other,
    Blank,
    Stop,
}

static CLASS: [Class; 256] = {
    let mut class = [Class::Other; 256];
    let mut byte = 0;
    while byte < 0x20 {
        class[byte] = Class::Blank;
        byte += 1;
    }
    class[0x20] = Class::Blank;
    class[0x7f] = Class::Blank;
    // A no-break space is C2 A0.
    class[0xc2] = Class::Blank;
    class[b'.' as usize] = Class::Stop;
    class[b',' as usize] = Class::Stop;
    class[b'!' as usize] = Class::Stop;
    class[b'?' as usize] = Class::Stop;
    class
};

/// Returns the length of a blank at the beginning of `bytes`, 0 when there is none.
fn blank_len(bytes: &[u8]) -> usize {
    match bytes {
        [0..=0x20 | 0x7f, ..] => 1,
        [0xc2, 0xa0, ..] => 2,
        _ => 0,
    }
}

/// Makes one space of a run of blanks, at its first.
fn blanks(text: &str, span: Span, at: usize, edits: &mut Vec<Edit>) {
    let bytes = text.as_bytes();
    let first = blank_len(&bytes[at..span.end]);
    if first == 0 || (at > span.start && (blank_len(&bytes[at - 1..at]) > 0 || bytes[..at].ends_with(&[0xc2, 0xa0]))) {
        return;
    }
    let mut end = at + first;
    while end < span.end && blank_len(&bytes[end..span.end]) > 0 {
        end += blank_len(&bytes[end..span.end]);
    }
    // The blanks before a stop are taken out with it in view.
    let odd = end - at > 1 || bytes[at] != b' ';
    if odd && !cues::stops_word(&text[span.start..at], &text[end..span.end]) {
        edits.push(Edit { raw: Span::new(at, end), with: " ", removed: None, pass: PASS });
    }
}

/// Takes the space before a stop out, and puts one behind a sentence.
fn stop(text: &str, span: Span, at: usize, edits: &mut Vec<Edit>) {
    let bytes = text.as_bytes();
    let (before, behind) = (&text[span.start..at], &text[at + 1..span.end]);
    let bare = before.trim_end_matches(cues::is_space);
    let next = behind.chars().next();
    if bare.len() < before.len() {
        if cues::stops_word(bare, &text[at..span.end]) {
            edits.push(Edit {
                raw: Span::new(at - (before.len() - bare.len()), at),
                with: "",
                removed: None,
                pass: PASS,
            });
        }
        return;
    }
    if bytes[at] == b',' || !next.is_some_and(|c| c.is_uppercase() || matches!(c, '”' | '’')) {
        return;
    }
    let quote = next.filter(|&c| cues::is_closing(c)).map_or(0, char::len_utf8);
    let word = &behind[quote..];
    let letters = before.bytes().rev().take_while(u8::is_ascii_lowercase).count();
    let closed = before.ends_with(|c: char| cues::is_closing(c) || cues::is_raised(c));
    let mut after = word.chars();
    let opens = after.next().is_some_and(char::is_uppercase)
        && after.next().is_none_or(|c| c.is_lowercase() || cues::is_space(c));
    if (letters >= 3 || closed) && opens && !is_name(before, word) {
        let here = at + 1 + quote;
        edits.push(Edit { raw: Span::new(here, here), with: " ", removed: None, pass: PASS });
    }
}

/// Tells whether a stop stands inside a name of the web ("Data.Gov", "a.org/Report.Html").
fn is_name(before: &str, behind: &str) -> bool {
    let (head, tail) = (cues::last_token(before), cues::first_token(behind));
    let inner = tail.trim_end_matches(|c: char| !c.is_alphanumeric());
    head.contains(['/', '@', '.', ':', '\\']) || inner.contains(['/', '@', '.', ':', '\\', '_'])
}

#[cfg(test)]
mod tests {
    use crate::repair::tests::check;

    #[test]
    fn sets_one_space() {
        for (raw, repaired) in [
            ("operating   in Kabul", "operating in Kabul"),
            ("a\tb\u{a0}c \u{a0} d", "a b c d"),
            ("of integration . The", "of integration. The"),
            ("the points.Yousaf & Ahmad", "the points. Yousaf & Ahmad"),
            ("he said “peace.”Then", "he said “peace.” Then"),
            ("the areas (FATA).They", "the areas (FATA). They"),
        ] {
            check(raw, &[repaired]);
        }
    }

    #[test]
    fn leaves_other_stops_alone() {
        for raw in [
            "with Taliban. . . . The problem",
            "and . . . a substantial",
            "at Data.gov and www.data.Gov/Html",
            "the U.S.A. and .5 percent",
            "a .com firm",
        ] {
            check(raw, &[raw]);
        }
    }
}
