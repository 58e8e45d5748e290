//! The words of a quotation and of what is printed, in a form in which the two can be compared.

use unicode_normalization::UnicodeNormalization;

use crate::analysis::fold;
use crate::paper::Span;

/// A word, number or sign of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    pub span: Span,
    /// Without case, accents and apostrophes.
    pub key: String,
    /// A part in brackets was changed by who quotes ("[T]he", "govern[ed]").
    pub bracketed: bool,
}

/// A piece of a quotation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Token {
    Word(Word),
    /// Words are left out here, and it is said.
    Ellipsis(Span),
    /// Words in brackets, put in place of others or between them.
    Insertion(Span),
}

impl Token {
    pub fn span(&self) -> Span {
        match self {
            Token::Word(word) => word.span,
            Token::Ellipsis(span) | Token::Insertion(span) => *span,
        }
    }

    pub fn word(&self) -> Option<&Word> {
        match self {
            Token::Word(word) => Some(word),
            _ => None,
        }
    }
}

/// Returns the words of a printed text.
pub fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut at = 0;
    while let Some(span) = next_word(text, at) {
        at = span.end;
        words.extend(word(text, span));
    }
    words
}

fn word(text: &str, span: Span) -> Option<Word> {
    let plain: String = span.of(text).chars().filter(|c| !matches!(c, '\u{ad}' | '[' | ']')).nfkc().collect();
    let key = fold(&plain);
    (!key.is_empty()).then_some(Word { span, key, bracketed: false })
}

/// Signs that mean as much as a word does.
fn is_sign(c: char) -> bool {
    matches!(c, '%' | '$' | '€' | '£' | '¥' | '+' | '=' | '<' | '>' | '&' | '°')
}

fn is_letter(c: char) -> bool {
    c.is_alphanumeric() || ('\u{300}'..='\u{36f}').contains(&c)
}

fn is_raised(c: char) -> bool {
    matches!(c, '¹' | '²' | '³' | '⁰' | '⁴'..='⁹')
}

/// Tells whether a sign between two characters belongs to one word with them: "don’t", "1,200", "U.S.".
fn joins(before: char, sign: char, after: &str) -> bool {
    let next = after.chars().next();
    let n_digits = after.bytes().take_while(u8::is_ascii_digit).count();
    match sign {
        '\'' | '’' | '‘' | 'ʼ' | 'ʻ' | 'ʿ' | 'ʾ' => is_letter(before) && next.is_some_and(is_letter),
        '.' => before.is_ascii_digit() && n_digits > 0,
        // Behind another comma stands the mark of a note: "In 2010,3 the".
        ',' => before.is_ascii_digit() && n_digits == 3,
        '\u{ad}' | '\u{200b}' => next.is_some_and(is_letter),
        _ => false,
    }
}

/// Finds the next word at or behind `from`.
fn next_word(text: &str, from: usize) -> Option<Span> {
    let mut chars = text[from..].char_indices();
    let (start, first) = chars.find(|&(_, c)| is_letter(c) || is_sign(c))?;
    let mut end = start + first.len_utf8();
    if is_letter(first) {
        let mut last = first;
        for (at, c) in chars {
            let after = &text[from + at + c.len_utf8()..];
            let goes_on = if is_letter(c) { is_raised(c) == is_raised(last) } else { joins(last, c, after) };
            if !goes_on {
                break;
            }
            end = at + c.len_utf8();
            last = c;
        }
    }
    Some(Span::new(from + start, from + end))
}

/// Returns the pieces of a quotation.
pub fn tokens(text: &str) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        let c = rest.chars().next().expect("there is text left");
        if let Some(len) = ellipsis(rest) {
            let span = Span::new(at, at + len);
            match tokens.last_mut() {
                Some(Token::Ellipsis(last)) => last.end = span.end,
                _ => tokens.push(Token::Ellipsis(span)),
            }
            at += len;
        } else if c == '[' {
            at = bracket(text, at, &mut tokens);
        } else if is_letter(c) || is_sign(c) {
            let span = next_word(text, at).expect("a word begins here");
            let end = span.end + tail(&text[span.end..]);
            let whole = Span::new(span.start, end);
            tokens.extend(word(text, whole).map(|word| Token::Word(Word { bracketed: end > span.end, ..word })));
            at = end;
        } else {
            at += c.len_utf8();
        }
    }
    tokens
}

/// Returns how long the sign of an omission is that begins here: `...`, `…`, `. . .`, `[...]`.
fn ellipsis(rest: &str) -> Option<usize> {
    if let Some(inside) = rest.strip_prefix('[') {
        let len = ellipsis(inside.trim_start())?;
        let before = inside.len() - inside.trim_start().len();
        let after = &inside[before + len..];
        let close = after.find(']').filter(|&at| after[..at].trim_matches([' ', '.']).is_empty())?;
        return Some(1 + before + len + close + 1);
    }
    let mut n_dots = 0;
    let mut end = 0;
    for (at, c) in rest.char_indices() {
        match c {
            '.' => n_dots += 1,
            '…' => n_dots += 3,
            ' ' | '\u{a0}' | '\u{202f}' if n_dots > 0 => continue,
            _ => break,
        }
        end = at + c.len_utf8();
    }
    (n_dots >= 3).then_some(end)
}

/// Returns how long a bracketed ending is that a word goes on with: `govern` + `[ed]`.
fn tail(rest: &str) -> usize {
    let inside = rest.strip_prefix('[').and_then(|inside| inside.split_once(']'));
    inside.filter(|(inside, _)| inside.chars().all(is_letter) && !inside.is_empty() && !is_number(inside)).map_or(
        0,
        |(inside, after)| {
            let more = after.chars().take_while(|c| is_letter(*c)).map(char::len_utf8).sum::<usize>();
            inside.len() + 2 + more
        },
    )
}

fn is_number(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_digit())
}

/// Reads what begins with a bracket at `at`, and returns where it ends.
fn bracket(text: &str, at: usize, tokens: &mut Vec<Token>) -> usize {
    let rest = &text[at + 1..];
    let Some(close) = rest.find(']').filter(|&close| close < 200) else { return at + 1 };
    let (inside, after) = (&rest[..close], &rest[close + 1..]);
    let end = at + 1 + close + 1;
    let more = after.chars().take_while(|c| is_letter(*c)).map(char::len_utf8).sum::<usize>();
    if more > 0 && !inside.is_empty() && inside.chars().all(is_letter) {
        // "[T]he" is the word "the".
        let span = Span::new(at, end + more);
        tokens.extend(word(text, span).map(|word| Token::Word(Word { bracketed: true, ..word })));
        return end + more;
    }
    // "[3]" and "[^3]" are marks of notes.
    if !is_number(inside.trim_start_matches('^')) {
        tokens.push(Token::Insertion(Span::new(at, end)));
    }
    end
}

/// Returns the stops between two words: what quotation marks, dashes, spaces and brackets leave.
pub fn stops(between: &str) -> String {
    let stops = between.chars().filter(|c| matches!(c, ',' | '.' | ';' | ':' | '!' | '?' | '(' | ')' | '/' | '…'));
    let stops: String = stops.collect();
    // An omission that is printed so is no stop.
    stops.replace('…', "").replace("...", "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let told = |token: &Token| match token {
            Token::Word(word) if word.bracketed => format!("{}*", word.key),
            Token::Word(word) => word.key.clone(),
            Token::Ellipsis(_) => "...".to_owned(),
            Token::Insertion(span) => span.of(text).to_owned(),
        };
        assert_eq!(tokens(text).iter().map(told).collect::<Vec<_>>(), expected, "{text}");
    }

    #[test]
    fn words_are_compared_without_their_dress() {
        check("“The country’s 1,200 tar-\niffs”", &["the", "countrys", "1,200", "tar", "iffs"]);
        check("U.S. aid—5% of Zürich’s", &["u", "s", "aid", "5", "%", "of", "zurichs"]);
        check("re\u{ad}form, closure¹ held", &["reform", "closure", "1", "held"]);
    }

    #[test]
    fn omissions_are_told_in_many_ways() {
        check("so ... it", &["so", "...", "it"]);
        check("so. . . . It", &["so", "...", "it"]);
        check("so […] it [. . .] was", &["so", "...", "it", "...", "was"]);
        check("…so", &["...", "so"]);
        check("so. It", &["so", "it"]);
    }

    #[test]
    fn brackets_are_insertions_or_altered_letters() {
        check("[T]he trade of [the country] grow[s]", &["the*", "trade", "of", "[the country]", "grows*"]);
        check("it was so[3] or [^4] not [sic]", &["it", "was", "so", "or", "not", "[sic]"]);
        check("an [open bracket", &["an", "open", "bracket"]);
    }

    #[test]
    fn stops_are_what_dashes_and_marks_leave() {
        assert_eq!([stops(",” — "), stops(" ... "), stops("-\n"), stops(". (")], [",", "", "", ".("]);
    }

    proptest::proptest! {
        #[test]
        fn any_text_has_tokens_in_order(text in "[a-zA-Z0-9é’'.… \\[\\],%\u{ad}\n-]{0,80}") {
            let tokens = tokens(&text);
            for pair in tokens.windows(2) {
                proptest::prop_assert!(pair[0].span().end <= pair[1].span().start);
            }
            for word in words(&text) {
                proptest::prop_assert!(!word.span.of(&text).is_empty());
            }
        }
    }
}
