//! Folding: what case, accents, ligatures and typographic signs hide is brought to one form.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Letters that Unicode does not decompose, and how they are spelled without their sign.
fn undecomposed(c: char) -> Option<&'static str> {
    Some(match c {
        'ß' | 'ẞ' => "ss",
        'æ' | 'Æ' => "ae",
        'œ' | 'Œ' => "oe",
        'ø' | 'Ø' => "o",
        'ł' | 'Ł' => "l",
        'đ' | 'Đ' | 'ð' | 'Ð' => "d",
        'þ' | 'Þ' => "th",
        'ı' => "i",
        // Half rings, primes and turned commas of transliteration: Ta‘lim, Qur’an, Baʿth.
        'ʿ' | 'ʾ' | 'ʻ' | 'ʼ' | '‘' | '’' | '\'' | '`' | '´' => "",
        _ => return None,
    })
}

/// Appends the folded form of one character.
pub(super) fn fold_char(c: char, out: &mut String) {
    if c.is_ascii() {
        match c {
            '\'' | '`' => {}
            c => out.push(c.to_ascii_lowercase()),
        }
        return;
    }
    if let Some(plain) = undecomposed(c) {
        out.push_str(plain);
        return;
    }
    for part in std::iter::once(c).nfkd().filter(|&part| !is_combining_mark(part)) {
        match undecomposed(part) {
            Some(plain) => out.push_str(plain),
            None => out.extend(part.to_lowercase().filter(|&part| !is_combining_mark(part))),
        }
    }
}

/// Returns a word in lower case without accents, ligatures and apostrophes.
///
/// ```
/// use polisearch::analysis::fold;
/// assert_eq!(fold("Çağlayan"), "caglayan");
/// assert_eq!(fold("ﬁnanced"), "financed");
/// assert_eq!(fold("Qur’an"), "quran");
/// ```
pub fn fold(word: &str) -> String {
    if word.bytes().all(|byte| byte.is_ascii() && !matches!(byte, b'\'' | b'`')) {
        return word.to_ascii_lowercase();
    }
    let mut out = String::with_capacity(word.len());
    word.chars().for_each(|c| fold_char(c, &mut out));
    out
}
