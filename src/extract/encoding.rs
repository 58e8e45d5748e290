//! Bytes to text, with the way back: which encoding a file is in, and where each character stood.

use encoding_rs::{CoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::Error;
use crate::paper::{SourceMap, Span};

/// A text, and the bytes of the file that each of its characters came from.
#[derive(Debug)]
pub struct Decoded {
    pub text: String,
    pub map: SourceMap,
    /// The encoding's name as the web writes it: "UTF-8", "windows-1252".
    pub encoding: &'static str,
    /// Bytes that fit no encoding; each stands in the text all the same.
    pub n_misfits: usize,
}

/// A map that needs more runs than this costs more memory (32 bytes a run) than a paper is worth;
/// only a file of tens of megabytes in UTF-16 or an encoding without ASCII letters comes near it.
const MAX_RUNS: usize = 16_000_000;

/// How much of a file is looked at to tell its encoding and whether it is text at all.
const SAMPLE: usize = 64 * 1024;

/// Decodes a whole file.
///
/// A byte order mark decides; else the pattern of zero bytes (UTF-16); else UTF-8 when all, or
/// nearly all, of it is valid; else what the bytes look like. Nothing is lost: a byte that does not
/// fit is read as Windows-1252 or stands as U+FFFD, and the map leads back to it.
pub fn decode(bytes: Vec<u8>) -> Result<Decoded, Error> {
    if bytes.is_empty() {
        return Err(Error::Empty);
    }
    let (encoding, mark) = match Encoding::for_bom(&bytes) {
        Some(found) => found,
        None => (guess(&bytes), 0),
    };
    let decoded = if encoding == UTF_8 { decode_utf8(bytes, mark) } else { decode_legacy(&bytes, mark, encoding) }?;
    checked(decoded)
}

/// Refuses a text that says nothing or is none.
fn checked(decoded: Decoded) -> Result<Decoded, Error> {
    match () {
        _ if decoded.text.trim_start_matches('\u{feff}').trim().is_empty() => Err(Error::Empty),
        _ if looks_binary(&decoded.text) => Err(Error::Binary),
        _ => Ok(decoded),
    }
}

/// Decodes a file that may name its encoding near its start (`charset=`, `encoding=`): the name is
/// believed when nothing surer tells.
pub fn decode_labelled(bytes: Vec<u8>) -> Result<Decoded, Error> {
    let marked = Encoding::for_bom(&bytes).is_some() || wide_pattern(&bytes[..bytes.len().min(SAMPLE)]).is_some();
    let label = label(&bytes).filter(|_| !marked && std::str::from_utf8(&bytes).is_err());
    match label {
        Some(encoding) if encoding != UTF_8 => checked(decode_legacy(&bytes, 0, encoding)?),
        _ => decode(bytes),
    }
}

/// Finds the encoding that the head of an HTML or XML file names.
fn label(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(1024)]).to_ascii_lowercase();
    let after = ["charset=", "encoding="].iter().find_map(|key| head.split_once(key))?.1;
    let name: String = after
        .trim_start_matches(['"', '\''])
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || "-_:".contains(*c))
        .collect();
    Encoding::for_label(name.as_bytes()).filter(|encoding| encoding.is_ascii_compatible())
}

/// Returns the encoding that bytes without a byte order mark are most likely in.
fn guess(bytes: &[u8]) -> &'static Encoding {
    let sample = &bytes[..bytes.len().min(SAMPLE)];
    if let Some(wide) = wide_pattern(sample) {
        return wide;
    }
    if std::str::from_utf8(bytes).is_ok() || mostly_utf8(bytes) {
        return UTF_8;
    }
    let sample = &bytes[..bytes.len().min(1 << 20)];
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(sample, true);
    let guess = detector.guess(None, chardetng::Utf8Detection::Deny);
    // Quotation marks and dashes stand in the same places of many encodings; the commonest wins.
    let same = guess.decode_without_bom_handling(sample).0 == WINDOWS_1252.decode_without_bom_handling(sample).0;
    if same { WINDOWS_1252 } else { guess }
}

/// Tells UTF-16 without a mark by its zero bytes: Latin letters leave every second byte zero.
fn wide_pattern(sample: &[u8]) -> Option<&'static Encoding> {
    let pairs = sample.chunks_exact(2);
    let n_pairs = pairs.len();
    let (first, second) =
        pairs.fold((0, 0), |(a, b), pair| (a + usize::from(pair[0] == 0), b + usize::from(pair[1] == 0)));
    let (many, few) = (n_pairs.div_ceil(2), n_pairs / 50);
    match () {
        _ if n_pairs < 2 => None,
        _ if second >= many && first <= few => Some(UTF_16LE),
        _ if first >= many && second <= few => Some(UTF_16BE),
        _ => None,
    }
}

/// Tells damaged UTF-8 (a few pasted bytes of another encoding, a cut character) from another
/// encoding: valid sequences beyond ASCII are rare by chance, so a file with four of them for each
/// misfit is UTF-8.
fn mostly_utf8(bytes: &[u8]) -> bool {
    let (mut n_valid, mut n_misfits) = (0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        n_valid += chunk.valid().bytes().filter(|&b| b >= 0xC0).count();
        n_misfits += usize::from(!chunk.invalid().is_empty());
    }
    n_misfits * 4 <= n_valid
}

fn decode_utf8(mut bytes: Vec<u8>, mark: usize) -> Result<Decoded, Error> {
    if std::str::from_utf8(&bytes[mark..]).is_ok() {
        bytes.drain(..mark);
        let text = String::from_utf8(bytes).expect("it was just checked to be UTF-8");
        let map = SourceMap::identity(text.len(), mark);
        return Ok(Decoded { text, map, encoding: UTF_8.name(), n_misfits: 0 });
    }
    let mut build = Builder::new(bytes.len());
    let mut at = mark;
    for chunk in bytes[mark..].utf8_chunks() {
        build.straight(chunk.valid(), at)?;
        at += chunk.valid().len();
        match chunk.invalid() {
            [] => {}
            // A lone byte is most often a quotation mark or accent pasted from Windows-1252.
            [lone] => build.misfit(&WINDOWS_1252.decode_without_bom_handling(&[*lone]).0, at, 1)?,
            cut => build.misfit("\u{fffd}", at, cut.len())?,
        }
        at += chunk.invalid().len();
    }
    Ok(build.finish(UTF_8))
}

/// Decodes byte by byte outside of ASCII, so that each character knows its bytes.
fn decode_legacy(bytes: &[u8], mark: usize, encoding: &'static Encoding) -> Result<Decoded, Error> {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut build = Builder::new(bytes.len());
    let mut buffer = [0u8; 32];
    let (mut from, mut at) = (mark, mark);
    while at < bytes.len() {
        if from == at && encoding.is_ascii_compatible() {
            let run = bytes[at..].iter().take_while(|b| b.is_ascii()).count();
            let ascii = std::str::from_utf8(&bytes[at..at + run]).expect("ASCII is UTF-8");
            build.straight(ascii, at)?;
            (from, at) = (at + run, at + run);
            if at == bytes.len() {
                break;
            }
        }
        let (result, _, written, replaced) =
            decoder.decode_to_utf8(&bytes[at..at + 1], &mut buffer, at + 1 == bytes.len());
        debug_assert_eq!(result, CoderResult::InputEmpty, "32 bytes hold what one byte can complete");
        at += 1;
        if written > 0 {
            let text = std::str::from_utf8(&buffer[..written]).expect("the decoder writes UTF-8");
            if replaced {
                build.misfit(text, from, at - from)?
            } else {
                build.whole(text, from, at - from)?
            }
            from = at;
        }
    }
    Ok(build.finish(encoding))
}

/// A text that grows together with its map.
struct Builder {
    text: String,
    map: SourceMap,
    n_misfits: usize,
}

impl Builder {
    fn new(capacity: usize) -> Self {
        Builder { text: String::with_capacity(capacity), map: SourceMap::default(), n_misfits: 0 }
    }

    /// Adds text that stands in the file byte by byte.
    fn straight(&mut self, text: &str, at: usize) -> Result<(), Error> {
        self.whole(text, at, text.len())
    }

    /// Adds text that `len` bytes of the file stand for.
    fn whole(&mut self, text: &str, at: usize, len: usize) -> Result<(), Error> {
        let start = self.text.len();
        self.text.push_str(text);
        self.map.push(Span::new(start, self.text.len()), Span::new(at, at + len));
        if self.map.runs().len() > MAX_RUNS { Err(Error::TooLarge { limit: MAX_RUNS as u64 }) } else { Ok(()) }
    }

    fn misfit(&mut self, text: &str, at: usize, len: usize) -> Result<(), Error> {
        self.n_misfits += 1;
        self.whole(text, at, len)
    }

    fn finish(self, encoding: &'static Encoding) -> Decoded {
        Decoded { text: self.text, map: self.map, encoding: encoding.name(), n_misfits: self.n_misfits }
    }
}

/// Tells whether a text holds what no text holds: NUL, or control characters in numbers.
fn looks_binary(text: &str) -> bool {
    let sample = &text.as_bytes()[..text.len().min(SAMPLE)];
    // Backspace, tab, line feeds, form feed, return, substitute (an old end of file), escape.
    let odd = |b: &u8| b.is_ascii_control() && !matches!(b, 0x08..=0x0D | 0x1A | 0x1B);
    // Counted in bytes, many are looked at together.
    let n_odd = |few: &[u8]| few.iter().map(|b| u8::from(odd(b))).sum::<u8>();
    sample.contains(&0) || sample.chunks(255).map(|few| usize::from(n_odd(few))).sum::<usize>() * 50 > sample.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], text: &str, encoding: &str) -> Decoded {
        let decoded = decode(bytes.to_vec()).expect("it is text");
        assert_eq!((decoded.text.as_str(), decoded.encoding), (text, encoding));
        decoded
    }

    /// The bytes of the file that a word of the text came from.
    fn source<'a>(decoded: &Decoded, bytes: &'a [u8], word: &str) -> &'a [u8] {
        let start = decoded.text.find(word).expect("the word is there");
        let span = decoded.map.source_of(Span::new(start, start + word.len()));
        &bytes[span.start..span.end]
    }

    #[test]
    fn reads_utf8_as_it_stands() {
        let bytes = "Zürich – “now”".as_bytes();
        let decoded = check(bytes, "Zürich – “now”", "UTF-8");
        assert_eq!(source(&decoded, bytes, "“now”"), "“now”".as_bytes());
    }

    #[test]
    fn leaves_a_byte_order_mark_out_and_knows_it_was_there() {
        let bytes = b"\xEF\xBB\xBFborder";
        let decoded = check(bytes, "border", "UTF-8");
        assert_eq!(decoded.map.source_of(Span::new(0, 6)), Span::new(3, 9));
    }

    #[test]
    fn reads_utf16_with_and_without_a_mark() {
        let text = "Trade café pacts";
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        check(&little, text, "UTF-16LE");
        check(&big, text, "UTF-16BE");
        let marked = [&b"\xFE\xFF"[..], &big].concat();
        let decoded = check(&marked, text, "UTF-16BE");
        assert_eq!(source(&decoded, &marked, "café").len(), 8);
    }

    #[test]
    fn reads_windows_1252_by_its_look() {
        let bytes = b"Pakistan\x92s \x93strategic depth\x94 policy \x96 in the region\x92s view, caf\xE9s";
        let decoded = check(bytes, "Pakistan’s “strategic depth” policy – in the region’s view, cafés", "windows-1252");
        assert_eq!(source(&decoded, bytes, "“strategic"), b"\x93strategic");
    }

    #[test]
    fn reads_shift_jis_character_by_character() {
        let text = "これは日本語の文書です。政策の分析について述べる。";
        let bytes = encoding_rs::SHIFT_JIS.encode(text).0.into_owned();
        let decoded = check(&bytes, text, "Shift_JIS");
        assert_eq!(source(&decoded, &bytes, "文書").len(), 4);
    }

    #[test]
    fn keeps_every_byte_of_damaged_utf8() {
        let bytes = ["“a” “b” “c” “d” “e” “f” it".as_bytes(), b"\x92s", " – g".as_bytes(), b" \xE2\x80"].concat();
        let decoded = check(&bytes, "“a” “b” “c” “d” “e” “f” it’s – g \u{fffd}", "UTF-8");
        assert_eq!(decoded.n_misfits, 2);
        assert_eq!(source(&decoded, &bytes, "it’s"), b"it\x92s");
        assert_eq!(source(&decoded, &bytes, "\u{fffd}"), b"\xE2\x80");
    }

    #[test]
    fn refuses_what_is_not_text() {
        assert!(matches!(decode(vec![]), Err(Error::Empty)));
        assert!(matches!(decode(b" \r\n\n ".to_vec()), Err(Error::Empty)));
        assert!(matches!(decode(b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0abc".to_vec()), Err(Error::Binary)));
        assert!(matches!(decode((0..=255).cycle().take(4096).collect()), Err(Error::Binary)));
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]
        #[test]
        fn any_bytes_are_decoded_or_refused_and_every_character_has_bytes(bytes: Vec<u8>) {
            if let Ok(decoded) = decode(bytes.clone()) {
                let mut covered = 0;
                for run in decoded.map.runs() {
                    proptest::prop_assert_eq!(run.text.start, covered);
                    proptest::prop_assert!(run.source.end <= bytes.len());
                    covered = run.text.end;
                }
                proptest::prop_assert_eq!(covered, decoded.text.len());
            }
        }
    }
}
