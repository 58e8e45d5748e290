//! Character references of SGML, HTML and XML.

use std::borrow::Cow;

/// Reads the piece of text at the start of `rest`: one character reference, decoded, or all up to
/// the next; with its length in `rest`.
///
/// `&amp; b` ⇒ `&` of 5 bytes; `b &amp;` ⇒ `b ` of 2; a stray `&` stands for itself.
pub(super) fn next_piece(rest: &str) -> (Cow<'_, str>, usize) {
    if let Some((decoded, len)) = reference(rest) {
        return (decoded.into(), len);
    }
    let first = rest.chars().next().map_or(0, char::len_utf8);
    let len = rest[first..].find('&').map_or(rest.len(), |at| first + at);
    (rest[..len].into(), len)
}

/// Decodes the reference at the start of `rest`, when there is one.
fn reference(rest: &str) -> Option<(String, usize)> {
    let inner = rest.strip_prefix('&')?;
    let len = inner.bytes().take(40).position(|b| b == b';')?;
    Some((decode(inner.get(..len)?)?, len + 2))
}

/// Decodes the name of a reference: `amp` ⇒ `&`, `#8217` and `#x2019` ⇒ `’`.
fn decode(name: &str) -> Option<String> {
    let Some(number) = name.strip_prefix('#') else {
        return quick_xml::escape::resolve_html5_entity(name).map(str::to_owned);
    };
    let code = match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
        None => number.parse().ok()?,
    };
    // Old pages number the characters of Windows-1252, as browsers know.
    let byte = u8::try_from(code).ok().filter(|byte| (0x80..0xA0).contains(byte));
    Some(match byte {
        Some(byte) => encoding_rs::WINDOWS_1252.decode_without_bom_handling(&[byte]).0.into_owned(),
        None => char::from_u32(code).filter(|&c| c != '\0').unwrap_or('\u{fffd}').to_string(),
    })
}
