//! Finds definitions where brackets open: "Long Form (LF)", "LF (Long Form)", "(Long Form, LF)".

use std::ops::Range;

use super::align::align;

/// A short form and the words it stands for, as places in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    pub short: Range<usize>,
    pub long: Range<usize>,
}

/// The longest long form, in bytes.
const LONGEST: usize = 160;

/// Finds the pairs of a passage or paragraph.
///
/// ```
/// # use polisearch::analysis::acronyms::mine;
/// # fn check(text: &str, expected: &[(&str, &str)]) {
/// #     let mut found = Vec::new();
/// #     mine(text, &mut |pair| found.push((&text[pair.short], &text[pair.long])));
/// #     assert_eq!(found, expected);
/// # }
/// check("the Pashtun Tahafuz Movement (PTM) grew", &[("PTM", "Pashtun Tahafuz Movement")]);
/// check("the FATF (Financial Action Task Force) met", &[("FATF", "Financial Action Task Force")]);
/// check("a former province (now divided) of the state", &[]);
/// ```
pub fn mine(text: &str, found: &mut dyn FnMut(Pair)) {
    let mut done = 0;
    for open in memchr::memchr2_iter(b'(', b'[', text.as_bytes()) {
        let Some(inner) = bracketed(text, open).filter(|_| open >= done) else { continue };
        if let Some(pair) = long_then_short(text, open, inner.clone())
            .or_else(|| short_then_long(text, open, inner.clone()))
            .or_else(|| both_inside(text, inner))
        {
            done = pair.short.end.max(pair.long.end);
            found(pair);
        }
    }
}

/// Returns what stands in the brackets that open at `open`.
fn bracketed(text: &str, open: usize) -> Option<Range<usize>> {
    let mut depth = 0;
    for (at, byte) in text.bytes().enumerate().skip(open).take(LONGEST + 40) {
        match byte {
            b'(' | b'[' => depth += 1,
            b')' | b']' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return (at > open + 1).then_some(open + 1..at);
        }
    }
    None
}

/// "Long Form (LF)"
fn long_then_short(text: &str, open: usize, inner: Range<usize>) -> Option<Pair> {
    let short = short_form(text, head(text, inner))?;
    // "in our cohort (OR = 6.9)" says what OR is, not what it stands for.
    if text[short.end..].trim_start().starts_with('=') {
        return None;
    }
    let before = words_before(text, open);
    if short.len() == 1 {
        return initial(text, short, before);
    }
    let start = before.start + align(&text[short.clone()], &text[before.clone()])?;
    pair(text, short, start..before.end)
}

/// "progesterone (P)": a capital for the word before it, but not "Senator Reed (R)".
fn initial(text: &str, short: Range<usize>, before: Range<usize>) -> Option<Pair> {
    let long = before.start + text[before.clone()].rfind(' ').map_or(0, |at| at + 1)..before.end;
    let is_initial = text[long.clone()].starts_with(&text[short.clone()].to_ascii_lowercase());
    is_initial.then(|| pair(text, short, long))?
}

/// "LF (Long Form)"
fn short_then_long(text: &str, open: usize, inner: Range<usize>) -> Option<Pair> {
    let before = text[..open].trim_end();
    let start = before
        .rfind(|c: char| c.is_whitespace() || "([/“‘\"".contains(c))
        .map_or(0, |at| at + text[at..].chars().next().map_or(1, char::len_utf8));
    let short = short_form(text, start..before.len()).filter(|short| short.len() > 1)?;
    let long = head(text, inner);
    let is_words = text[long.clone()].contains([' ', '-']);
    (is_words && align(&text[short.clone()], &text[long.clone()])? == 0).then(|| pair(text, short, long))?
}

/// "(Long Form, LF)"
fn both_inside(text: &str, inner: Range<usize>) -> Option<Pair> {
    let cut = inner.start + text[inner.clone()].rfind([',', ';'])?;
    let short = short_form(text, trimmed(text, cut + 1..inner.end)).filter(|short| short.len() > 1)?;
    let before = words_before(text, cut);
    let before = before.start.max(inner.start)..before.end.max(inner.start);
    let start = before.start + align(&text[short.clone()], &text[before.clone()])?;
    let is_item = start == trimmed(text, inner).start || text[..start].ends_with(", ");
    is_item.then(|| pair(text, short, start..before.end))?
}

/// Returns the first item in brackets, without the words that announce a short form.
fn head(text: &str, inner: Range<usize>) -> Range<usize> {
    let item = &text[inner.clone()];
    let end = item.char_indices().find(|&(at, c)| match c {
        ';' | '=' => true,
        ',' | ':' => item[at + 1..].starts_with(' '),
        _ => false,
    });
    let mut head = trimmed(text, inner.start..inner.start + end.map_or(item.len(), |(at, _)| at));
    for announcement in ["or ", "the ", "hereafter ", "hereinafter ", "henceforth ", "abbreviated ", "the "] {
        if text[head.clone()].starts_with(announcement) {
            head = trimmed(text, head.start + announcement.len()..head.end);
        }
    }
    head
}

/// Returns the span without the space and quotes around it.
fn trimmed(text: &str, span: Range<usize>) -> Range<usize> {
    let is_border = |c: char| c.is_whitespace() || "\"'“”‘’".contains(c);
    let whole = &text[span.clone()];
    let start = span.start + whole.len() - whole.trim_start_matches(is_border).len();
    start..(span.start + whole.trim_end_matches(is_border).len()).max(start)
}

/// Returns the span when it looks like a short form: one or two words, up to ten letters, and a
/// capital or digit in it unless it is short.
fn short_form(text: &str, span: Range<usize>) -> Option<Range<usize>> {
    let short = &text[span.clone()];
    let n_chars = short.chars().filter(|c| c.is_alphanumeric()).count();
    let has_capital = short.chars().any(|c| c.is_uppercase() || c.is_numeric());
    let is_short = (1..=10).contains(&n_chars) && short.len() <= 16 && short.split(' ').count() <= 2;
    let begins = short.starts_with(|c: char| c.is_alphanumeric() || c == '[' || c == '(');
    let is_name = !short.contains(' ') || short.starts_with(char::is_alphabetic);
    let is_form = is_short && begins && is_name && (has_capital || (2..=5).contains(&n_chars)) && !is_number(short);
    is_form.then_some(span)
}

/// Tells whether a short text only counts something: "12", "iv", "EC 3.1.1.7".
fn is_number(short: &str) -> bool {
    let is_roman = short.len() > 1 && short.bytes().all(|b| b"ivxIVX".contains(&b));
    let is_decimal =
        short.as_bytes().windows(3).any(|w| w[0].is_ascii_digit() && w[1] == b'.' && w[2].is_ascii_digit());
    is_roman || is_decimal || !short.chars().any(char::is_alphabetic)
}

/// Returns the words before `end` that may be a long form: back to the sentence's start, a bracket
/// or a colon.
fn words_before(text: &str, end: usize) -> Range<usize> {
    let end = text[..end].trim_end().len();
    let floor = text.ceil_char_boundary(end.saturating_sub(LONGEST));
    let window = &text[floor..end];
    let floor = if floor == 0 { 0 } else { window.find(' ').map_or(end, |at| floor + at + 1) };
    let mut start = floor;
    let bytes = text.as_bytes();
    // Brackets inside a word belong to it: "benzo[a]pyrene".
    let mut depth = 0;
    for at in floor..end {
        let is_border = match bytes[at] {
            b'(' | b'[' if at > 0 && bytes[at - 1].is_ascii_alphanumeric() => {
                depth += 1;
                false
            }
            b')' | b']' if depth > 0 => {
                depth -= 1;
                false
            }
            b'(' | b')' | b'[' | b']' | b'\n' => true,
            b';' | b':' | b'!' | b'?' | b'.' => {
                at + 1 < end && bytes[at + 1] == b' ' && !ends_initials(&text[start..at])
            }
            _ => false,
        };
        if is_border {
            start = at + 1;
        }
    }
    // What still touches a bracket is half a word: "(GABA)-induced chloride current".
    if start > floor && bytes.get(start) == Some(&b'-') {
        start += text[start..end].find(' ').unwrap_or(0);
    }
    start += text[start..end].find(char::is_alphanumeric).unwrap_or(0);
    start..end
}

/// Tells whether a text ends in "U.S" or "St", whose dot ends no sentence.
fn ends_initials(text: &str) -> bool {
    let token = text.rsplit([' ', '.']).next().unwrap_or_default();
    token.len() <= 2 && token.starts_with(char::is_uppercase)
}

/// Returns the pair unless the words already hold the short form or are no longer than it.
fn pair(text: &str, short: Range<usize>, long: Range<usize>) -> Option<Pair> {
    let (short, long) = (bare(text, short), bare(text, trimmed(text, long)));
    let (short_text, long_text) = (&text[short.clone()], &text[long.clone()]);
    let holds = long_text.split([' ', '-']).any(|word| word.eq_ignore_ascii_case(short_text));
    (!holds && long_text.len() > short_text.len() + 1).then_some(Pair { short, long })
}

/// Returns the span without a possessive: "the European Union’s (EU’s) role".
fn bare(text: &str, span: Range<usize>) -> Range<usize> {
    let form = &text[span.clone()];
    let end = form.strip_suffix("'s").or_else(|| form.strip_suffix("’s")).map_or(form.len(), str::len);
    span.start..span.start + end
}
