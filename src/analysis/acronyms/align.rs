//! Letters to words: what it costs to read a short form out of the words before it.
//!
//! Schwartz and Hearst (2003) take the shortest text that holds the letters in order; here the
//! cheapest reading wins, so that letters at the starts of words count as evidence and letters
//! found anywhere do not. The costs were fitted on one half of the Ab3P corpus (Sohn et al. 2008)
//! and checked on the other.

/// What a reading costs, in tenths.
struct Costs {
    /// A letter that starts a part of a word, behind a hyphen or at a capital.
    part: u32,
    /// A letter right behind the one matched before it.
    next: u32,
    /// A letter further on in the same word.
    inner: u32,
    /// A letter inside another word, whose first letter is passed over.
    astray: u32,
    /// A word that gives no letter.
    skipped: u32,
    /// A word like "of" that gives no letter.
    skipped_small: u32,
    /// A word behind the last letter.
    trailing: u32,
    trailing_small: u32,
    /// A word behind the last letter and a small word: "... Model of Personality".
    trailing_of: u32,
    /// A first letter that is not the first of its word.
    lead: u32,
    /// Digits of the short form that the words don't have.
    digits: u32,
    /// A plural whose last word is none.
    plural: u32,
    /// What a reading may cost: by the number of letters, up to six.
    limits: [u32; 8],
}

const COSTS: Costs = Costs {
    part: 0,
    next: 6,
    inner: 9,
    astray: 16,
    skipped: 9,
    skipped_small: 5,
    trailing: 19,
    trailing_small: 3,
    trailing_of: 12,
    lead: 8,
    digits: 6,
    plural: 16,
    limits: [0, 0, 17, 39, 44, 44, 50, 56],
};

/// Where a letter stands in its word.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Word,
    Part,
    Inner,
}

struct Letter {
    at: usize,
    char: char,
    place: Place,
    word: usize,
}

/// The words that may be a long form, as letters.
struct Words {
    letters: Vec<Letter>,
    /// Where each word begins.
    starts: Vec<usize>,
    /// Which words begin no long form: "of", "by", but not a name's "The".
    opens_small: Vec<bool>,
    /// What it costs to skip all words before each word, and to have them behind the last letter.
    skips: Vec<u32>,
    trails: Vec<u32>,
}

/// Returns where in `before` the long form of `short` begins: the cheapest reading that ends with
/// the last word, and of equal ones the shortest.
pub fn align(short: &str, before: &str) -> Option<usize> {
    let words = Words::read(before);
    let (letters, mut extra) = letters_of(short, before);
    let read = |letters: &[char], extra: u32| {
        let limit = COSTS.limits[letters.len().min(COSTS.limits.len() - 1)].checked_sub(extra)?;
        words.cheapest(letters, limit)
    };
    read(&letters, extra).or_else(|| {
        // "Central Asia-South Asia (CASA-1000)", "nitrous oxide (N2O)"
        extra += COSTS.digits;
        let rest: Vec<char> = letters.iter().copied().filter(|c| !c.is_numeric()).collect();
        (rest.len() < letters.len() && rest.len() > 1).then(|| read(&rest, extra)).flatten()
    })
}

/// Returns the letters that a short form stands for, without a plural's s, and what that COSTS.
fn letters_of(short: &str, before: &str) -> (Vec<char>, u32) {
    let mut letters: Vec<char> = short.chars().filter(|c| c.is_alphanumeric()).collect();
    let is_plural = matches!(letters[..], [.., last, 's'] if last.is_uppercase() || last.is_numeric());
    let mut extra = 0;
    if is_plural && letters.len() > 2 {
        letters.pop();
        extra = if before.ends_with('s') { 0 } else { COSTS.plural };
    }
    (letters.iter().flat_map(|c| c.to_lowercase()).collect(), extra)
}

impl Words {
    fn read(text: &str) -> Self {
        let mut words = Words {
            letters: Vec::with_capacity(text.len()),
            starts: Vec::new(),
            opens_small: Vec::new(),
            skips: vec![0],
            trails: vec![0],
        };
        let (mut at, mut after_small) = (0, false);
        for token in text.split(' ') {
            let start = at;
            at += token.len() + 1;
            if !token.chars().any(char::is_alphanumeric) {
                continue;
            }
            let word = words.starts.len();
            words.starts.push(start);
            let is_small = is_small(token);
            words.opens_small.push(is_small && token.starts_with(char::is_lowercase));
            let cost = if is_small { COSTS.skipped_small } else { COSTS.skipped };
            words.skips.push(words.skips[word] + cost);
            let cost = match (is_small, after_small) {
                (true, _) => COSTS.trailing_small,
                (false, true) => COSTS.trailing_of,
                (false, false) => COSTS.trailing,
            };
            after_small = is_small;
            words.trails.push(words.trails[word] + cost);
            words.read_word(token, start, word);
        }
        words
    }

    fn read_word(&mut self, token: &str, start: usize, word: usize) {
        let mut before: Option<char> = None;
        // "2,3-diaminonaphthalene" begins with its first digit and with its first letter.
        let mut begun = (false, false);
        if let Some(digits) = number(token) {
            let letter = |char| Letter { at: start, char, place: Place::Word, word };
            self.letters.extend(digits.chars().map(letter));
        }
        for (at, c) in token.char_indices() {
            if c.is_alphanumeric() {
                let is_part = before.is_none_or(|before| {
                    !(before.is_alphanumeric() || before == '\'' || before == '’')
                        || (c.is_uppercase() && before.is_lowercase())
                        || (c.is_numeric() != before.is_numeric())
                });
                let is_first = if c.is_numeric() { begun == (false, false) } else { !begun.1 };
                begun = (begun.0 || c.is_numeric(), begun.1 || !c.is_numeric());
                let place = match (is_first, is_part) {
                    (true, _) => Place::Word,
                    (_, true) => Place::Part,
                    _ => Place::Inner,
                };
                self.letters.extend(c.to_lowercase().map(|char| Letter { at: start + at, char, place, word }));
            }
            before = Some(c);
        }
    }

    /// Returns the start of the cheapest reading of `letters` that costs no more than `limit`.
    fn cheapest(&self, letters: &[char], limit: u32) -> Option<usize> {
        let n_words = self.starts.len();
        // The cheapest reading of the letters from here on that begins at each letter of the words.
        let mut after: Vec<(usize, u32)> = Vec::new();
        for (i, wanted) in letters.iter().enumerate().rev() {
            let is_last = i + 1 == letters.len();
            let mut here = Vec::new();
            for (k, letter) in self.letters.iter().enumerate().filter(|(_, letter)| letter.char == *wanted) {
                let rest = if is_last {
                    Some(self.trails[n_words] - self.trails[letter.word + 1])
                } else {
                    after.iter().filter(|(next, _)| *next > k).map(|&(next, cost)| cost + self.step(k, next)).min()
                };
                here.extend(rest.filter(|&cost| cost <= limit).map(|cost| (k, cost)));
            }
            after = here;
        }
        let longest = (letters.len() + 5).min(2 * letters.len());
        let begun = after.into_iter().filter_map(|(k, cost)| {
            let letter = &self.letters[k];
            let (lead, start) = match letter.place {
                Place::Word => (0, self.starts[letter.word]),
                Place::Part => (COSTS.lead, self.part_start(letter)),
                Place::Inner => return None,
            };
            let n_words = n_words - letter.word;
            (cost + lead <= limit && n_words <= longest && !self.opens_small[letter.word]).then_some((
                cost + lead,
                n_words,
                start,
            ))
        });
        begun.min().map(|(.., start)| start)
    }

    /// Returns where a long form begins whose first letter begins a part of a word: there, when
    /// what stands before is a word by itself ("anti-human immunodeficiency virus"), else at the
    /// whole word ("12-O-tetradecanoylphorbol").
    fn part_start(&self, letter: &Letter) -> usize {
        let before = self.letters.iter().filter(|other| other.word == letter.word && other.at < letter.at);
        let is_word = before.clone().count() >= 3 && before.clone().all(|other| other.char.is_alphabetic());
        if is_word { letter.at } else { self.starts[letter.word] }
    }

    /// Returns what it costs to go on from one letter to another.
    fn step(&self, from: usize, to: usize) -> u32 {
        let (a, b) = (&self.letters[from], &self.letters[to]);
        let skipped = if b.word > a.word + 1 { self.skips[b.word] - self.skips[a.word + 1] } else { 0 };
        skipped
            + match b.place {
                Place::Word => 0,
                Place::Part => COSTS.part,
                Place::Inner if to == from + 1 => COSTS.next,
                Place::Inner if a.word == b.word => COSTS.inner,
                Place::Inner => COSTS.astray,
            }
    }
}

/// Returns the digits that a number word begins with: "Group of Seven (G7)", "three-dimensional (3D)".
fn number(word: &str) -> Option<&'static str> {
    const NUMBERS: [(&str, &str); 18] = [
        ("one", "1"),
        ("two", "2"),
        ("three", "3"),
        ("four", "4"),
        ("five", "5"),
        ("six", "6"),
        ("seven", "7"),
        ("eight", "8"),
        ("nine", "9"),
        ("ten", "10"),
        ("twelve", "12"),
        ("fifteen", "15"),
        ("twenty", "20"),
        ("first", "1"),
        ("second", "2"),
        ("third", "3"),
        ("single", "1"),
        ("double", "2"),
    ];
    let part = &word[..word.find('-').unwrap_or(word.len())];
    NUMBERS.iter().find(|(name, _)| name.eq_ignore_ascii_case(part)).map(|(_, digits)| *digits)
}

/// Tells whether a word is one that acronyms leave out.
pub fn is_small(word: &str) -> bool {
    const SMALL: [&str; 24] = [
        "of", "and", "the", "for", "in", "on", "to", "with", "by", "a", "an", "at", "from", "or", "as", "de", "la",
        "du", "des", "et", "und", "für", "y", "&",
    ];
    SMALL.iter().any(|small| small.eq_ignore_ascii_case(word))
}
