//! Signs: what the bytes of a line tell of what it may hold, seen in one reading.
//!
//! Most lines have no mark of a note, no odd space and no wide gap. The passes that look for these ask
//! here first, so that only few lines are read again.

/// What a line may hold, as bits. A missing one is proof that it does not; a set one proves nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Signs(u16);

const DIGIT: u16 = 1 << 2;
/// A space before a stop or another one, and one behind a hyphen.
const SPACE: u16 = 1 << 4;
const LOOSE: u16 = 1 << 5;
const RAISED: u16 = 1 << 8;
const CONTROL: u16 = 1 << 9;
const NO_BREAK: u16 = 1 << 10;

impl Signs {
    /// Characters beyond ASCII.
    pub const WIDE: u16 = 1 << 0;
    /// A space before another one, before a stop or comma, or behind a hyphen.
    pub const SPACED: u16 = SPACE | LOOSE;
    /// A stop with a capital right behind it, or something beyond ASCII.
    pub const GLUED: u16 = 1 << 1;
    /// A digit behind something else, or a raised one: where the mark of a note begins.
    pub const MARK: u16 = DIGIT | RAISED;
    /// A blank that is no space.
    pub const ODD: u16 = CONTROL | NO_BREAK;

    /// Returns the signs of a line.
    pub fn of(line: &[u8]) -> Signs {
        let plain = of_plain(line);
        if plain & !PLAIN == 0 { Signs(u16::from(plain)) } else { Signs::of_any(line) }
    }

    /// Returns the signs of a line of any bytes.
    fn of_any(line: &[u8]) -> Signs {
        let (mut signs, mut before) = (0, ALONE);
        for &byte in line {
            signs |= before & SECOND[usize::from(byte)];
            before = FIRST[usize::from(byte)];
        }
        Signs(signs)
    }

    /// Tells whether any of some signs is there.
    pub fn has(self, signs: u16) -> bool {
        self.0 & signs != 0
    }
}

/// Bytes that are looked at together.
const AT_ONCE: usize = 32;

/// The signs that a line of nothing but visible ASCII can have.
const PLAIN: u8 = (Signs::SPACED | Signs::GLUED | DIGIT) as u8;

/// Returns the signs of a line of visible ASCII, and something else for any other.
///
/// No branch for a byte, so that many are done at a time; the last ones are done twice rather than singly.
fn of_plain(line: &[u8]) -> u8 {
    let Some(&first) = line.first() else { return 0 };
    let mut found = [0; AT_ONCE];
    let mut add = |pairs: &[u8; AT_ONCE + 1]| {
        found.iter_mut().zip(pairs).zip(&pairs[1..]).for_each(|((found, &byte), &next)| *found |= of_pair(byte, next));
    };
    let mut rest = line;
    while let Some(pairs) = rest.first_chunk() {
        add(pairs);
        rest = &rest[AT_ONCE..];
    }
    match line.last_chunk() {
        Some(pairs) => add(pairs),
        None => {
            // A small letter shows nothing behind any byte.
            let mut pairs = [b'a'; AT_ONCE + 1];
            pairs[..line.len()].copy_from_slice(line);
            add(&pairs);
        }
    }
    (of_pair(b'0', first) & !PLAIN) | found.iter().fold(0, |signs, sign| signs | sign)
}

/// Returns what two bytes of visible ASCII show, or that the second is none.
fn of_pair(byte: u8, next: u8) -> u8 {
    let within = |byte: u8, first: u8, last: u8| byte.wrapping_sub(first) <= last - first;
    let sign = |yes: bool, sign: u16| if yes { sign as u8 } else { 0 };
    let (space, spaces) = (byte == b' ', next == b' ');
    sign((space & (spaces | within(next, b',', b'.'))) | ((byte == b'-') & spaces), Signs::SPACED)
        | sign(within(byte, b'!', b'?') & within(next, b'A', b'Z'), Signs::GLUED)
        | sign(within(next, b'0', b'9'), DIGIT)
        | sign(!within(next, b' ', b'~'), Signs::WIDE)
}

/// Signs that take a single byte.
const ALONE: u16 = Signs::WIDE | CONTROL;

/// The signs that a byte can be the first of two for, and the second. What both tables have is there; so
/// a further sign costs nothing.
static FIRST: [u16; 256] = table(true);
static SECOND: [u16; 256] = table(false);

const fn table(is_first: bool) -> [u16; 256] {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = if is_first { first(byte as u8) } else { second(byte as u8) };
        byte += 1;
    }
    table
}

const fn first(byte: u8) -> u16 {
    ALONE
        | match byte {
            b'0'..=b'9' => 0,
            b' ' => DIGIT | SPACE,
            b'.' | b'!' | b'?' => DIGIT | Signs::GLUED,
            b'-' => DIGIT | LOOSE,
            0xc2 => DIGIT | RAISED | NO_BREAK,
            0xe2 => DIGIT | RAISED,
            _ => DIGIT,
        }
}

const fn second(byte: u8) -> u16 {
    match byte {
        b' ' => SPACE | LOOSE,
        0..b' ' | 0x7f => CONTROL,
        b'.' | b',' => SPACE,
        b'0'..=b'9' => DIGIT,
        b'A'..=b'Z' => Signs::GLUED,
        // A no-break space is C2 A0.
        0xa0 => Signs::WIDE | Signs::GLUED | NO_BREAK,
        // Raised digits are C2 B2, B3 and B9, and E2 81 with another.
        0x81 | 0xb2..=0xbf => Signs::WIDE | Signs::GLUED | RAISED,
        0x80.. => Signs::WIDE | Signs::GLUED,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sees_what_a_line_may_hold() {
        let all = [Signs::WIDE, Signs::SPACED, Signs::GLUED, Signs::MARK, Signs::ODD];
        for (line, expected) in [
            ("They met in the old town", &[] as &[u16]),
            ("later.1 This", &[Signs::MARK]),
            ("1 They", &[]),
            ("they said²", &[Signs::MARK, Signs::WIDE]),
            ("é", &[Signs::WIDE]),
            ("a\u{a0}b", &[Signs::ODD, Signs::WIDE]),
            ("two  blanks", &[Signs::SPACED]),
            ("\tx", &[Signs::ODD]),
            ("a tab\there", &[Signs::ODD]),
            ("integration . The", &[Signs::SPACED]),
            ("points.Yousaf", &[Signs::GLUED]),
            ("points.”Yousaf", &[Signs::GLUED, Signs::WIDE]),
            ("Pak- Afghan", &[Signs::SPACED]),
        ] {
            let found = Signs::of(line.as_bytes());
            assert!(all.iter().all(|&sign| found.has(sign) == expected.contains(&sign)), "{line:?}: {found:?}");
            let long = format!("and so on and on and on and {line}");
            let found = Signs::of(long.as_bytes());
            assert!(expected.iter().all(|&sign| found.has(sign)), "{long:?}: {found:?}");
        }
    }
}
