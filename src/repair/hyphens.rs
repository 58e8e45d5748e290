//! Hyphens: joins words that were broken at a line end, and keeps the hyphens that belong.
//!
//! | before | after | because |
//! |---|---|---|
//! | `secu-` / `rity` | security | neither half is a word, the whole is |
//! | `cross-` / `border` | cross-border | both halves are words, the whole is none |
//! | `cross-bor-` / `der` | cross-border | only the last part was broken |
//! | `1,660-` / `mile` | 1,660-mile | a number |
//! | `Pak-` / `Afghan` | Pak-Afghan | a capital |
//! | `anti-` / `trade` | anti-trade | a prefix before a word, and no such word |
//! | `US-` / `and Saudi-backed` | US- and Saudi-backed | the hyphen waits for its word |
//! | `Pak- Afghan`, within a line | Pak-Afghan | the paper says so elsewhere |
//! | `pro-Pash-` / `tunistan` | pro-Pashtunistan | the paper says so elsewhere |
//!
//! What the paper itself writes elsewhere weighs most, then the word list. Some publishers never
//! break words: where no line end shows a word that is surely broken, every doubt keeps its hyphen.
//! A kept hyphen loses nothing, since hyphenated words are indexed whole and in parts.

use super::{
    cues,
    edits::Edit,
    lines::Line,
    paragraphs::{Drafts, Join},
    signs::Signs,
    vocabulary::{Vocabulary, key},
    words::{self, Word},
};
use crate::paper::Span;

/// What is to be done with a hyphen at a line end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Join,
    Keep,
    /// The word it waits for comes later: a space stays behind it.
    Suspend,
}

/// A paper of so few lines can't show whether its publisher breaks words.
const MIN_LINES: usize = 40;
/// A publisher who breaks words does so at least once in so many lines.
const LINES_PER_BREAK: usize = 100;

/// Returns the length of the hyphen that a line ends in.
pub(super) fn ends_in_hyphen(line: &[u8]) -> Option<usize> {
    match line {
        [.., b'a'..=b'z' | b',' | b'.'] => None,
        [.., b'-'] => Some(1),
        [.., 0xc2, 0xad | 0xac] => Some(2),
        [.., 0xe2, 0x80, 0x90] => Some(3),
        _ => None,
    }
}

/// A hyphen at a line end that needs evidence.
struct Doubt<'a> {
    /// The piece behind the hyphen.
    piece: usize,
    hyphen: usize,
    /// The last part of the word before the hyphen, and the first behind.
    left: &'a str,
    right: &'a str,
    /// Tells whether the left word has a hyphen before.
    compound: bool,
    /// The left part and both together, and whether the word list knows them.
    words: [Word; 2],
    knows_left: bool,
    knows_joined: bool,
}

/// A hyphen inside a line with a blank behind it.
struct Loose<'a> {
    blank: Span,
    left: &'a str,
    right: &'a str,
}

/// Settles every hyphen at the end of a piece, and those with a blank behind them.
pub(super) fn settle(text: &str, lines: &[Line], drafts: &mut Drafts, edits: &mut Vec<Edit>) {
    let mut doubts: Vec<Doubt> = Vec::new();
    for i in 1..drafts.pieces.len() {
        if drafts.pieces[i].join == Join::First {
            continue;
        }
        let before = drafts.pieces[i - 1].span;
        let Some(hyphen) = ends_in_hyphen(&text.as_bytes()[before.start..before.end]) else { continue };
        let before = &before.of(text)[..before.len() - hyphen];
        let behind = drafts.pieces[i].span.of(text);
        let (left, right) = (last_part(before), first_part(behind));
        match at_sight(before, behind, left, right) {
            Some(verdict) => apply(drafts, i, hyphen, verdict),
            None => doubts.push(Doubt::new(i, hyphen, before, left, right)),
        }
    }
    doubts.iter_mut().for_each(Doubt::look_up);
    let loose_pieces = drafts.pieces.iter().filter(|piece| piece.signs.has(Signs::SPACED));
    let loose: Vec<Loose> = loose_pieces.flat_map(|piece| loose_hyphens(text, piece.span)).collect();
    if doubts.is_empty() && loose.is_empty() {
        return;
    }
    // A break that the word list is sure of needs no other witness.
    let certain = doubts.iter().filter(|doubt| doubt.is_certain()).count();
    let breaks_words = |broken: usize| lines.len() < MIN_LINES || broken * LINES_PER_BREAK >= lines.len();
    let all = !breaks_words(certain);
    let asked = doubts.iter().filter(|doubt| all || !doubt.knows_joined);
    let words: Vec<_> = asked.flat_map(Doubt::asked).collect();
    let compounds: Vec<_> = doubts
        .iter()
        .map(|doubt| [doubt.left, doubt.right])
        .chain(loose.iter().map(|loose| [loose.left, loose.right]))
        .collect();
    let vocabulary = Vocabulary::read(text, lines, &words, &compounds);
    let breaks_words = breaks_words(doubts.iter().filter(|doubt| !doubt.are_words(&vocabulary)).count());
    for doubt in doubts {
        apply(drafts, doubt.piece, doubt.hyphen, doubt.verdict(&vocabulary, breaks_words));
    }
    for loose in loose {
        if vocabulary.count(key(&[loose.left, "-", loose.right])) > 0 {
            edits.push(Edit { raw: loose.blank, with: "", removed: None, pass: "hyphens" });
        }
    }
}

/// Finds hyphens behind a word with a blank and a word behind, but those that wait for their word.
fn loose_hyphens(text: &str, span: Span) -> impl Iterator<Item = Loose<'_>> {
    let line = span.of(text);
    memchr::memchr_iter(b'-', line.as_bytes()).filter(move |&at| line.as_bytes().get(at + 1) == Some(&b' ')).filter_map(
        move |at| {
            let (left, behind) = (last_part(&line[..at]), &line[at + 2..]);
            let right = first_part(behind);
            let waits = CONJUNCTIONS.contains(&right);
            let blank = Span::new(span.start + at + 1, span.start + at + 2);
            (!left.is_empty() && !right.is_empty() && !waits).then_some(Loose { blank, left, right })
        },
    )
}

fn apply(drafts: &mut Drafts, piece: usize, hyphen: usize, verdict: Verdict) {
    match verdict {
        Verdict::Join => {
            drafts.pieces[piece - 1].span.end -= hyphen;
            drafts.pieces[piece].join = Join::Glue;
        }
        Verdict::Keep => drafts.pieces[piece].join = Join::Glue,
        Verdict::Suspend => {}
    }
}

/// Returns the letters and digits that a text ends in.
fn last_part(before: &str) -> &str {
    before.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default()
}

/// Returns the letters and digits that a text begins with.
fn first_part(behind: &str) -> &str {
    behind.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default()
}

/// Words that a suspended hyphen stands before.
const CONJUNCTIONS: [&str; 12] = ["and", "or", "to", "nor", "und", "oder", "bis", "et", "ou", "y", "o", "e"];

/// Gives the verdict that needs no evidence, if there is one.
fn at_sight(before: &str, behind: &str, left: &str, right: &str) -> Option<Verdict> {
    if left.is_empty() || right.is_empty() {
        // A hyphen behind a blank is a dash.
        let dash = before.is_empty() || before.ends_with(char::is_whitespace);
        return Some(if dash { Verdict::Suspend } else { Verdict::Keep });
    }
    let capitals = |word: &str| word.chars().all(|c| !c.is_lowercase()) && word.chars().nth(1).is_some();
    let digits = |word: &str| word.chars().any(char::is_numeric);
    if digits(left) || digits(right) || left.chars().nth(1).is_none() || is_address(before) {
        return Some(Verdict::Keep);
    }
    if CONJUNCTIONS.contains(&right) && behind[right.len()..].starts_with(' ') {
        // "pota-to" and "in-to" are broken words.
        let whole = [left, right].concat().to_ascii_lowercase();
        let broken = words::is_word(whole.as_bytes()) && (left.len() < 3 || !is_word(left));
        return if broken { None } else { Some(Verdict::Suspend) };
    }
    if right.starts_with(char::is_uppercase) {
        return if capitals(left) && capitals(right) { None } else { Some(Verdict::Keep) };
    }
    capitals(left).then_some(Verdict::Keep)
}

/// Tells whether a text ends in an address of the web or of mail.
fn is_address(before: &str) -> bool {
    let token = before.rsplit(char::is_whitespace).next().unwrap_or_default();
    let plain = !token.bytes().any(|byte| matches!(byte, b'/' | b'.' | b'@'));
    !plain && (token.contains("://") || token.contains("www.") || token.contains('@'))
}

/// First parts of compounds that are no words of their own.
const PREFIXES: [&str; 35] = [
    "anti", "auto", "bio", "co", "counter", "cyber", "eco", "electro", "euro", "ex", "extra", "geo", "hyper", "infra",
    "inter", "intra", "macro", "mega", "meta", "micro", "mid", "mini", "multi", "neo", "non", "post", "pre", "pro",
    "quasi", "re", "semi", "socio", "sub", "techno", "ultra",
];

fn is_word(word: &str) -> bool {
    words::is_word(word.to_ascii_lowercase().as_bytes())
}

/// Returns a word with the letters of `part` behind, small and without ligatures: "ﬁ" is "fi".
fn unfold(word: Word, part: &str) -> Word {
    part.chars().fold(word, |word, letter| match letter {
        'ﬀ' => word.and(b"ff"),
        'ﬁ' => word.and(b"fi"),
        'ﬂ' => word.and(b"fl"),
        'ﬃ' => word.and(b"ffi"),
        'ﬄ' => word.and(b"ffl"),
        _ => word.and(letter.to_ascii_lowercase().encode_utf8(&mut [0; 4]).as_bytes()),
    })
}

impl<'a> Doubt<'a> {
    fn new(piece: usize, hyphen: usize, before: &str, left: &'a str, right: &'a str) -> Self {
        let word = unfold(Word::EMPTY, left);
        Doubt {
            piece,
            hyphen,
            left,
            right,
            compound: before[..before.len() - left.len()].ends_with(['-', '‐']),
            words: [word, unfold(word, right)],
            knows_left: false,
            knows_joined: false,
        }
    }

    /// Looks its words up, which is fast only for many one behind the other.
    fn look_up(&mut self) {
        [self.knows_left, self.knows_joined] = self.words.map(Word::is_known);
        self.knows_left |= PREFIXES.iter().any(|prefix| prefix.eq_ignore_ascii_case(self.left));
    }

    /// Tells whether the word list knows the right part; of most it need not be known.
    fn knows_right(&self) -> bool {
        unfold(Word::EMPTY, self.right).is_known()
    }

    /// Tells whether this is a word for the word list, and no compound.
    fn is_certain(&self) -> bool {
        self.knows_joined && !(self.knows_left && self.knows_right())
    }

    /// Lists the words that the paper is asked for, in parts: what the word list knows needs no other witness.
    fn asked(&self) -> impl Iterator<Item = [&'a str; 2]> {
        let left = (!self.knows_left).then_some([self.left, ""]);
        let right = (!self.knows_right()).then_some([self.right, ""]);
        left.into_iter().chain(right).chain([[self.left, self.right]])
    }

    /// Tells whether list or paper know both parts as words.
    fn are_words(&self, vocabulary: &Vocabulary) -> bool {
        (self.knows_left || vocabulary.count(key(&[self.left])) > 0) && self.is_right_word(vocabulary)
    }

    fn is_right_word(&self, vocabulary: &Vocabulary) -> bool {
        self.knows_right() || vocabulary.count(key(&[self.right])) > 0
    }

    fn verdict(&self, vocabulary: &Vocabulary, breaks_words: bool) -> Verdict {
        let joined = vocabulary.count(key(&[self.left, self.right]));
        let hyphenated = vocabulary.count(key(&[self.left, "-", self.right]));
        let join = if joined != hyphenated {
            joined > hyphenated
        } else if self.are_words(vocabulary) {
            // "out-come", but "day-to-day": the small words inside compounds are whole; and "mark-up": no
            // setter leaves two letters of a word for the next line when they are a word themselves.
            let stands =
                (self.compound && cues::is_small_word(self.left)) || (self.left.len() > 2 && self.right.len() == 2);
            self.knows_joined && breaks_words && !stands
        } else if self.knows_joined {
            true
        } else if self.right.starts_with(char::is_uppercase) {
            false
        } else {
            // A name before a word of some length is a compound: "Kongsberg-manufactured".
            let is_name = self.left.starts_with(char::is_uppercase);
            let compound = is_name && self.right.len() > 5 && self.is_right_word(vocabulary);
            breaks_words && !compound
        };
        if join { Verdict::Join } else { Verdict::Keep }
    }
}

#[cfg(test)]
mod tests {
    use crate::repair::tests::check;

    #[test]
    fn joins_broken_words() {
        for (raw, repaired) in [
            ("for secu-\nrity of", "for security of"),
            ("the con-\u{ad}\ntext of", "the con-\u{ad}text of"),
            ("the con\u{ad}\ntext of", "the context of"),
            ("SECU-\nRITY and more of it.", "SECURITY and more of it."),
            ("cross-bor-\nder trade", "cross-border trade"),
            ("geo-eco-\nnomic ties", "geo-economic ties"),
            ("long-de-\nlayed", "long-delayed"),
            ("ﬁnan-\ncial", "ﬁnancial"),
            ("the deconflic-\ntion of", "the deconfliction of"),
            ("all of Pashtunistan is pro-Pash-\ntunistan", "all of Pashtunistan is pro-Pashtunistan"),
            ("came in-\nto force", "came into force"),
        ] {
            check(raw, &[repaired]);
        }
    }

    #[test]
    fn keeps_hyphens_that_belong() {
        for (raw, repaired) in [
            ("a cross-\nborder raid", "a cross-border raid"),
            ("a 1,660-\nmile line", "a 1,660-mile line"),
            ("the Pak-\nAfghan line", "the Pak-Afghan line"),
            ("a US-\nbacked group", "a US-backed group"),
            ("twenty-four-\nhour trade", "twenty-four-hour trade"),
            ("a day-to-\nday thing", "a day-to-day thing"),
            ("Lashkar-e-\nTaiba", "Lashkar-e-Taiba"),
            ("see http://a.org/re-\nport.html", "see http://a.org/re-port.html"),
            ("an e-\nmail", "an e-mail"),
            ("a mark-\nup of", "a mark-up of"),
            ("the anti-\ntrade act", "the anti-trade act"),
            ("we co-operate and they co-\noperate", "we co-operate and they co-operate"),
        ] {
            check(raw, &[repaired]);
        }
    }

    #[test]
    fn closes_up_what_the_paper_writes_closed() {
        check("the Pak-Afghan line and the Pak- Afghan war", &["the Pak-Afghan line and the Pak-Afghan war"]);
        check("since the post- 9/11 age", &["since the post- 9/11 age"]);
    }

    #[test]
    fn leaves_suspended_hyphens_open() {
        check("US-\nand Saudi-backed", &["US- and Saudi-backed"]);
        check("a black-\nand-white case", &["a black-and-white case"]);
        check("short-\nor long-term", &["short- or long-term"]);
        check("one thing -\nthe other", &["one thing - the other"]);
    }
}
