//! Cues: what the outside of a line or word tells about it, by its first and last characters.

use crate::paper::Span;

/// Tells whether a character shows nothing.
pub(super) fn is_blank(c: char) -> bool {
    c.is_whitespace() || c.is_control() || matches!(c, '\u{feff}' | '\u{200b}')
}

/// Tells whether a character is a space inside lines: none of those that mean something of their own.
pub(super) fn is_space(c: char) -> bool {
    matches!(c, '\0'..=' ' | '\x7f' | '\u{a0}')
}

/// Returns the span without the blanks at its ends.
pub(super) fn trim(text: &str, span: Span) -> Span {
    let bytes = text.as_bytes();
    // As most lines are.
    if let [first, .., last] = &bytes[span.start..span.end]
        && first.is_ascii_graphic()
        && last.is_ascii_graphic()
    {
        return span;
    }
    let (mut start, mut end) = (span.start, span.end);
    while start < end && bytes[start] <= b' ' {
        start += 1;
    }
    while start < end && bytes[end - 1] <= b' ' {
        end -= 1;
    }
    // Most lines are done; others may have blanks beyond ASCII.
    if start < end && (!bytes[start].is_ascii_graphic() || !bytes[end - 1].is_ascii_graphic()) {
        let left = text[start..end].trim_start_matches(is_blank);
        start = end - left.len();
        end = start + left.trim_end_matches(is_blank).len();
    }
    Span::new(start, end)
}

/// Returns the number of characters.
pub(super) fn width(s: &str) -> u32 {
    s.chars().count() as u32
}

pub(super) fn is_closing(c: char) -> bool {
    matches!(c, ')' | ']' | '"' | '\'' | '”' | '’' | '»' | '›')
}

pub(super) fn is_opening(c: char) -> bool {
    matches!(c, '(' | '[' | '"' | '\'' | '“' | '‘' | '«' | '‹' | '„')
}

/// Tells whether a character is a raised digit.
pub(super) fn is_raised(c: char) -> bool {
    matches!(c, '¹' | '²' | '³' | '⁰' | '⁴'..='⁹')
}

/// Tells whether a character can end a sentence, in any of the scripts that papers come in.
pub(super) fn is_stop(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | '。' | '！' | '？' | '؟' | '۔' | '।' | '…')
}

/// Tells whether a line ends where a sentence could, with or without quotes and a note's mark.
pub(super) fn ends_sentence(line: &str) -> bool {
    // As most lines end.
    if matches!(line.as_bytes(), [.., b'a'..=b'z' | b'A'..=b'Z' | b',' | b'-']) {
        return false;
    }
    // "leaders.22", "peace.”90": the mark of a note stands behind the stop.
    let bare = line.trim_end_matches(|c: char| c.is_ascii_digit());
    let marked = bare.len() < line.len();
    let unquoted = bare.trim_end_matches(is_closing);
    let Some(last) = unquoted.chars().next_back() else { return false };
    match last {
        ':' => !marked,
        _ => is_stop(last),
    }
}

/// Tells whether a line ends in an abbreviation that something follows: "Gen.", "P.L.", "No.", "J.".
pub(super) fn ends_in_abbreviation(line: &str) -> bool {
    const FOLLOWED: [&str; 30] = [
        "Adm", "Amb", "Art", "Brig", "Capt", "Ch", "Col", "Dr", "Fig", "Gen", "Gov", "Lt", "Maj", "Mr", "Mrs", "Ms",
        "No", "Nos", "Pres", "Prof", "Rep", "Reps", "Res", "Rev", "Sec", "Sen", "Sens", "Sgt", "St", "Vol",
    ];
    const SMALL: [&str; 16] =
        ["art", "cf", "ca", "ch", "chap", "e.g", "fig", "i.e", "no", "nos", "p", "pp", "para", "v", "vol", "vs"];
    let Some(bare) = line.strip_suffix('.') else { return false };
    let token = last_token(bare).trim_start_matches(is_opening);
    let dotted = token.contains('.') && token.split('.').all(|part| part.chars().count() == 1);
    let initial = token.chars().count() == 1 && token.starts_with(char::is_uppercase) && token != "I";
    dotted || initial || FOLLOWED.contains(&token) || SMALL.contains(&token)
}

/// Returns the first character behind opening quotes and brackets.
pub(super) fn first_letter(line: &str) -> Option<char> {
    line.chars().find(|&c| !is_opening(c))
}

/// What the first letter of a line is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Opening {
    Upper,
    Lower,
    #[default]
    Other,
}

/// Tells what the first letter of a line is, behind opening quotes and brackets.
pub(super) fn opening(line: &str) -> Opening {
    // As most lines begin.
    match line.as_bytes() {
        [b'a'..=b'z', ..] => return Opening::Lower,
        [b'A'..=b'Z', ..] => return Opening::Upper,
        _ => {}
    }
    match first_letter(line) {
        Some(c) if c.is_lowercase() => Opening::Lower,
        Some(c) if c.is_uppercase() => Opening::Upper,
        _ => Opening::Other,
    }
}

pub(super) fn starts_upper(line: &str) -> bool {
    first_letter(line).is_some_and(char::is_uppercase)
}

pub(super) fn starts_lower(line: &str) -> bool {
    first_letter(line).is_some_and(char::is_lowercase)
}

/// Returns the first word of a line.
pub(super) fn first_word(line: &str) -> &str {
    &line[..memchr::memchr2(b' ', b'\t', line.as_bytes()).unwrap_or(line.len())]
}

/// Tells whether a word is one that titles leave small.
pub(super) fn is_small_word(word: &str) -> bool {
    matches!(
        word,
        "a" | "an"
            | "and"
            | "as"
            | "at"
            | "but"
            | "by"
            | "de"
            | "des"
            | "du"
            | "et"
            | "for"
            | "from"
            | "in"
            | "into"
            | "la"
            | "le"
            | "of"
            | "on"
            | "or"
            | "over"
            | "per"
            | "the"
            | "to"
            | "und"
            | "upon"
            | "v"
            | "versus"
            | "via"
            | "vs"
            | "with"
            | "within"
            | "without"
            | "y"
    )
}

/// How the words of a line are capitalised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Casing {
    /// EVERY LETTER.
    Caps,
    /// Every Word of Weight.
    Title,
    /// The first word only.
    Sentence,
    /// None of these.
    Other,
}

/// Tells how the words of a line are capitalised.
pub(super) fn casing(line: &str) -> Casing {
    let (mut upper, mut lower) = (0usize, 0usize);
    let (mut heavy, mut capitals, mut first) = (0usize, 0usize, None);
    let mut rest = line.len();
    for word in line.split(|c| matches!(c, ' ' | '\t' | '-' | '/') || (c > '\x7f' && matches!(c, '–' | '—' | '\u{a0}')))
    {
        rest = rest.saturating_sub(word.len() + 1);
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        let Some(head) = word.chars().next() else { continue };
        if word.is_ascii() {
            upper += word.bytes().filter(u8::is_ascii_uppercase).count();
            lower += word.bytes().filter(u8::is_ascii_lowercase).count();
        } else {
            upper += word.chars().filter(|c| c.is_uppercase()).count();
            lower += word.chars().filter(|c| c.is_lowercase()).count();
        }
        let weighs = head.is_alphabetic() && (head.is_uppercase() || !is_small_word(word));
        heavy += usize::from(weighs);
        capitals += usize::from(weighs && head.is_uppercase());
        first = first.or_else(|| head.is_alphabetic().then(|| head.is_uppercase()));
        // A line that begins small is told by its first word.
        if first == Some(false) && upper == 0 {
            return Casing::Other;
        }
        // What is left can change nothing any more.
        if lower > 0 && upper + rest <= 6 * lower && (first == Some(false) || first == Some(true) && heavy > capitals) {
            return if first == Some(false) { Casing::Other } else { Casing::Sentence };
        }
    }
    if upper >= 3 && upper > 6 * lower {
        Casing::Caps
    } else if first != Some(true) {
        Casing::Other
    } else if heavy == capitals {
        Casing::Title
    } else {
        Casing::Sentence
    }
}

/// Returns the length of a title that opens a text on its line, the colon included ("Border
/// Disputes: Historical ..."), 0 when there is none.
pub(super) fn colon_title_len(content: &str) -> usize {
    const MAX_LEN: usize = 60;
    let Some(colon) = content.bytes().take(MAX_LEN).position(|byte| byte == b':') else { return 0 };
    let (head, rest) = (&content[..colon], &content[colon + 1..]);
    let opens = rest.strip_prefix(' ').is_some_and(|rest| starts_upper(rest.trim_start()));
    let words = head.split_ascii_whitespace().count();
    let plain = head.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '-' | '–' | '’' | '\'' | '/' | '&'));
    if opens && plain && (1..=8).contains(&words) && casing(head) == Casing::Title { colon + 1 } else { 0 }
}

/// Words beyond this are no words; what looks at one looks no farther, however long a line is.
const MAX_TOKEN: usize = 256;

/// Returns what stands between the last blank and the end of a text.
pub(super) fn last_token(text: &str) -> &str {
    let near = &text[text.ceil_char_boundary(text.len().saturating_sub(MAX_TOKEN))..];
    near.rsplit(char::is_whitespace).next().unwrap_or_default()
}

/// Returns what stands before the first blank of a text.
pub(super) fn first_token(text: &str) -> &str {
    let near = &text[..text.floor_char_boundary(MAX_TOKEN)];
    near.split(char::is_whitespace).next().unwrap_or_default()
}

/// Tells whether a stop or comma that `behind` begins with belongs to the word that `before` ends in,
/// whatever blanks stand between; ". . ." and ".5" do not.
pub(super) fn stops_word(before: &str, behind: &str) -> bool {
    let mut rest = behind.chars();
    let stop = rest.next();
    let ellipsis = rest.as_str().trim_start().starts_with('.');
    matches!(stop, Some('.' | ','))
        && !ellipsis
        && before.ends_with(|c: char| c.is_alphanumeric() || is_closing(c))
        && rest.next().is_none_or(|c| is_space(c) || is_closing(c) || is_raised(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sees_sentence_ends_through_quotes_and_marks() {
        for line in ["the end.", "the end.”", "leaders.22", "peace.”90", "(he said.)", "as follows:", "終わり。"]
        {
            assert!(ends_sentence(line), "{line}");
        }
        for line in ["Afghanistan-", "in 2017", "the", "a,", "", "and:12"] {
            assert!(!ends_sentence(line), "{line}");
        }
    }

    #[test]
    fn tells_titles_from_sentences() {
        for (line, expected) in [
            ("RESULT AND DISCUSSION", Casing::Caps),
            ("SCENARIO 1: NEGOTIATED SETTLEMENT", Casing::Caps),
            ("Significance of the Study", Casing::Title),
            ("Cross-Border Ties", Casing::Title),
            ("Hold direct track 1 discussions", Casing::Sentence),
            ("the Emir-led Afghan", Casing::Other),
            ("2017", Casing::Other),
            ("", Casing::Other),
        ] {
            assert_eq!(casing(line), expected, "{line}");
        }
    }

    #[test]
    fn trims_what_no_one_sees() {
        let text = "\u{feff}\u{a0} a \u{a0}";
        assert_eq!(trim(text, Span::new(0, text.len())).of(text), "a");
    }
}
