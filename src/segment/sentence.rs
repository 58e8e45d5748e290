//! Sentence borders: where one sentence ends and the next begins.
//!
//! A scanner over bytes that stops at full stops, question and exclamation marks and asks, at each,
//! what stands before and behind. Where both readings are possible ("the U.S. Both"), the next word
//! decides: function words open sentences, names do not. The Unicode rules (UAX #29) know no
//! abbreviations: they reached F1 0.72 on a list of such places.

use super::words::{Abbreviation, LONGEST, abbreviation, opens_sentences};
use crate::paper::Span;

/// Returns the sentences of a block of text, in order, without the space around them.
///
/// ```
/// # use polisearch::segment::sentences;
/// # fn check(text: &str, expected: &str) {
/// #     assert_eq!(sentences(text).map(|s| s.of(text)).collect::<Vec<_>>().join(" | "), expected);
/// # }
/// check("Mr. Khan left. He met the U.S. envoy.", "Mr. Khan left. | He met the U.S. envoy.");
/// check("“Not peace. . . . The war.”3 Others do.", "“Not peace. . . . | The war.”3 | Others do.");
/// check("Of several points.Yousaf (2019) agrees.", "Of several points. | Yousaf (2019) agrees.");
/// ```
pub fn sentences(text: &str) -> impl Iterator<Item = Span> {
    let stops = Stops::of(text);
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + text[at..].find(|c: char| !c.is_whitespace())?;
        at = border(text, start, stops);
        Some(Span::new(start, start + text[start..at].trim_end().len()))
    })
}

/// Returns where the sentence that begins at `start` ends.
fn border(text: &str, start: usize, stops: Stops) -> usize {
    let mut at = start;
    while let Some(stop) = Stop::find(text, at, stops) {
        if stop.ends_sentence(text, start) {
            return stop.after;
        }
        at = stop.end;
    }
    text.len()
}

/// Words and bracketed marks beyond these lengths are none, so that a line of megabytes is read once.
const MAX_TOKEN: usize = 256;
const MAX_MARKS: usize = 40;

/// Longer than any abbreviation.
const LONG: usize = LONGEST + 1;

/// Full stops and the like that stand together, and what clings to them.
struct Stop {
    start: usize,
    /// Behind the last stop.
    end: usize,
    /// Behind the quotes, brackets and note marks that belong to the sentence.
    after: usize,
    /// The number of dots when there is nothing but dots.
    dots: Option<u8>,
}

/// Which stops a text has: most have those of ASCII only, which are found many bytes at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stops {
    Ascii,
    Any,
}

impl Stops {
    fn of(text: &str) -> Stops {
        if text.is_ascii() {
            return Stops::Ascii;
        }
        let bytes = text.as_bytes();
        // "…" ends in 80 A6; E2 alone begins the quotes and dashes of every other sentence. No branch for
        // each byte, so that they are looked at many at a time.
        let rare = |byte: u8| (byte == 0xe0) | (byte == 0xe3) | (byte == 0xd8) | (byte == 0xdb) | (byte == 0xef);
        let ellipsis = |one: u8, two: u8| (one == 0x80) & (two == 0xa6);
        let any_rare = bytes.iter().fold(0, |any, &byte| any | u8::from(rare(byte)));
        let any_ellipsis =
            bytes.iter().zip(bytes.iter().skip(1)).fold(0, |any, (&a, &b)| any | u8::from(ellipsis(a, b)));
        if any_rare | any_ellipsis == 0 { Stops::Ascii } else { Stops::Any }
    }
}

/// What a byte can begin: 1 a stop, 2 a character of several bytes that may be one.
static STOPS: [u8; 256] = {
    let mut table = [0; 256];
    table[b'.' as usize] = 1;
    table[b'!' as usize] = 1;
    table[b'?' as usize] = 1;
    table[0xE2] = 2; // …
    table[0xE3] = 2; // 。
    table[0xE0] = 2; // ।
    table[0xD8] = 2; // ؟
    table[0xDB] = 2; // ۔
    table[0xEF] = 2; // ！ ？
    table
};

impl Stop {
    fn find(text: &str, from: usize, stops: Stops) -> Option<Stop> {
        let bytes = text.as_bytes();
        if stops == Stops::Ascii {
            return Some(Stop::read(text, from + memchr::memchr3(b'.', b'!', b'?', &bytes[from..])?));
        }
        let mut at = from;
        loop {
            at += bytes[at..].iter().position(|&b| STOPS[usize::from(b)] != 0)?;
            if STOPS[usize::from(bytes[at])] == 1 {
                break;
            }
            let c = text[at..].chars().next()?;
            if is_stop(c) {
                break;
            }
            at += c.len_utf8();
        }
        Some(Stop::read(text, at))
    }

    /// Reads the stops at `start`, also when spaces keep them apart (". . .").
    fn read(text: &str, start: usize) -> Stop {
        let (mut end, mut dots, mut only_dots) = (start, 0u8, true);
        let mut rest = text[start..].chars();
        loop {
            let spaced = rest.as_str().trim_start_matches([' ', '\u{a0}']);
            let is_spaced_dot = spaced.starts_with('.') && dots > 0 && only_dots;
            let mut next = if is_spaced_dot { spaced.chars() } else { rest.clone() };
            match next.next() {
                Some('.') => dots = dots.saturating_add(1),
                Some('…') => dots = dots.saturating_add(3),
                Some(c) if is_stop(c) => only_dots = false,
                _ => break,
            }
            end = text.len() - next.as_str().len();
            rest = next;
        }
        Stop { start, end, after: end + closers(&text[end..]), dots: only_dots.then_some(dots) }
    }

    fn ends_sentence(&self, text: &str, sentence: usize) -> bool {
        let rest = &text[self.after..];
        let next = rest.trim_start();
        if next.is_empty() {
            return true;
        }
        if next.len() == rest.len() && !self.lacks_space(text) {
            return false;
        }
        let opened = next.trim_start_matches(['(', '[', '"', '\'', '“', '‘', '«', '¿', '¡', '—']);
        let Some(first) = opened.chars().next() else { return true };
        let may_open = first.is_uppercase()
            || first.is_numeric()
            || (first.is_alphabetic() && !first.is_lowercase())
            || matches!(first, '$' | '€' | '£' | '•' | '▪' | '■' | '●' | '◦');
        if !may_open || self.is_bracketed_short(&text[sentence..], self.end - sentence) {
            return false;
        }
        match self.dots {
            Some(1) => self.dot_ends_sentence(text, sentence, opened),
            // Two or three dots leave words out; a fourth is the full stop before or behind them.
            Some(2 | 3) => opens_sentences(word(opened)),
            _ => true,
        }
    }

    /// Tells whether a single dot ends a sentence, and not only a word.
    fn dot_ends_sentence(&self, text: &str, sentence: usize, next: &str) -> bool {
        // So long a word, in small letters, is neither abbreviation nor initial nor number.
        let ended = text.as_bytes()[sentence..self.start].last_chunk::<LONG>();
        if ended.is_some_and(|word| word.iter().all(u8::is_ascii_lowercase)) {
            return true;
        }
        let before = text[sentence..self.start].trim_end_matches([')', ']', '”', '’', '"', '\'']);
        let cut =
            before.rfind(|c: char| c.is_whitespace() || matches!(c, '(' | '[' | '“' | '‘' | '"' | '—' | '–' | '/'));
        let token = cut.map_or(before, |cut| before[cut..].trim_start_matches(|c: char| !c.is_alphanumeric()));
        let opener = || opens_sentences(word(next));
        if cut.is_none() && is_enumerator(token) {
            return false;
        }
        // "H.Rept. 119-172" ends in an abbreviation that stands alone, too.
        let last = &token[token.bytes().rposition(|byte| byte == b'.').map_or(0, |at| at + 1)..];
        let alone = || abbreviation(last).filter(|_| last.len() < token.len());
        match abbreviation(token).or_else(alone) {
            Some(Abbreviation::Never) => false,
            Some(Abbreviation::BeforeNumber) => {
                !next.starts_with(|c: char| c.is_ascii_digit()) && !is_roman(word(next))
            }
            Some(Abbreviation::Either) => opener(),
            None if is_dotted(token) || is_initial(token) => opener(),
            None => true,
        }
    }

    /// Tells whether two sentences were glued: "several points.Yousaf (2019)", but not "Node.js" or
    /// "www.Example.org".
    fn lacks_space(&self, text: &str) -> bool {
        let near = &text[text.ceil_char_boundary(self.start.saturating_sub(MAX_TOKEN))..self.start];
        let before = near.rsplit(|c: char| c.is_whitespace()).next().unwrap_or_default();
        let before = before.trim_start_matches(|c: char| !c.is_alphanumeric()).trim_end_matches([')', ']', '”']);
        let behind = text[self.after..].trim_start_matches(['“', '(', '[']);
        let next = word(behind);
        let ended = before.len() >= 2 && before.chars().all(|c| c.is_lowercase() || c == '-' || c.is_ascii_digit());
        let begun = next.starts_with(char::is_uppercase) && next.chars().skip(1).all(char::is_lowercase);
        let whole = behind[next.len()..].chars().next().is_none_or(|c| c.is_whitespace() || c == ',');
        ended && begun && whole && before.chars().any(char::is_lowercase)
    }

    /// Tells whether the stop, which ends at `end`, closes a short remark in brackets inside the
    /// sentence: "Gen. (Ret.) Asad", "(No. 5.)".
    fn is_bracketed_short(&self, sentence: &str, end: usize) -> bool {
        let near = sentence.ceil_char_boundary(end.saturating_sub(11).max(1));
        sentence[end..].starts_with([')', ']']) && near < end && sentence[near..end].contains(['(', '['])
    }
}

fn is_stop(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | '…' | '。' | '।' | '॥' | '؟' | '۔' | '！' | '？')
}

/// Returns the length of the quotes, brackets and note marks that follow a stop without a space.
fn closers(rest: &str) -> usize {
    let mut at = 0;
    loop {
        let tail = &rest[at..];
        let Some(c) = tail.chars().next() else { return at };
        at += match c {
            '"' | '\'' | '”' | '’' | '»' | '›' | ')' | ']' | '*' | '†' | '‡' => c.len_utf8(),
            '¹' | '²' | '³' | '⁰'..='₉' => c.len_utf8(),
            '(' | '[' => match tail[..tail.floor_char_boundary(MAX_MARKS)].find([')', ']']) {
                Some(end) if tail[1..end].bytes().all(|b| b.is_ascii_digit() || b" ,-".contains(&b)) => end + 1,
                _ => return at,
            },
            '0'..='9' => {
                let digits = tail.bytes().take_while(u8::is_ascii_digit).count();
                let is_mark = digits <= 3 && tail[digits..].chars().next().is_none_or(char::is_whitespace);
                return if is_mark { at + digits } else { at };
            }
            // A quote set off by a space still belongs to what it closes.
            ' ' if tail.starts_with(" ”") || tail.starts_with(" »") => 1,
            _ => return at,
        };
    }
}

/// Returns the letters that `text` begins with.
fn word(text: &str) -> &str {
    &text[..text.find(|c: char| !c.is_alphabetic()).unwrap_or(text.len())]
}

/// Tells whether a sentence's first token only numbers it: "1.", "IV.", "b.".
fn is_enumerator(token: &str) -> bool {
    let is_number = !token.is_empty() && token.len() <= 3 && token.bytes().all(|b| b.is_ascii_digit());
    let is_letter = token.len() == 1 && token.bytes().all(|b| b.is_ascii_alphabetic());
    let is_decimal = token.len() <= 8 && token.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    is_number || is_letter || is_roman(token) || (is_decimal && token.contains('.'))
}

fn is_roman(token: &str) -> bool {
    !token.is_empty() && token.len() <= 5 && token.bytes().all(|b| b"IVXivx".contains(&b))
}

/// Tells whether a token is letters with dots between: "U.S", "Ph.D", "a.m".
fn is_dotted(token: &str) -> bool {
    token.contains('.')
        && token.split('.').all(|part| !part.is_empty() && part.len() <= 3 && part.chars().all(char::is_alphabetic))
}

/// Tells whether a token is the first letter of a name, or two: "J", "J.-P".
fn is_initial(token: &str) -> bool {
    let mut chars = token.rsplit('-').next().unwrap_or_default().chars();
    chars.next().is_some_and(char::is_uppercase) && chars.next().is_none()
}
