//! RTF: paragraphs, headings by their styles, notes, tables.
//!
//! Own, for no crate read both Word's and pandoc's files whole. RTF is a stream of groups, control
//! words and text; what a group is for stands in its first word.

use std::collections::HashMap;

use encoding_rs::{Encoding, WINDOWS_1252};

use super::docx::{heading_style, outline_level};
use super::draft::Draft;
use super::{Error, date};
use crate::paper::{Biblio, Feature, Person, RawPaper};

/// Goes up when the text, marks or data of some document change.
pub const VERSION: u32 = 1;

/// Reads an RTF file.
pub(super) fn read(bytes: &[u8]) -> Result<RawPaper, Error> {
    let mut reader = Reader::new();
    let mut at = 0;
    while at < bytes.len() {
        at += reader.step(&bytes[at..]);
    }
    reader.flush();
    let (mut draft, notes) = (reader.draft, reader.notes);
    draft.end();
    draft.append(notes);
    if draft.is_empty() {
        return Err(Error::Empty);
    }
    Ok(draft.finish(reader.biblio).0)
}

/// Where text of a group goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Target {
    Body,
    Note,
    /// The style sheet, whose names tell headings.
    Styles,
    /// A field of the document information.
    Info(&'static str),
    Nowhere,
}

/// What holds inside a group and ends with it.
#[derive(Clone, Copy, Debug)]
struct State {
    target: Target,
    /// How many bytes stand for a `\u` character in programs that do not know it.
    n_fallback: usize,
    /// The style of the sheet that the group defines.
    style: i32,
    hidden: bool,
}

struct Reader {
    draft: Draft,
    notes: Draft,
    biblio: Biblio,
    state: State,
    stack: Vec<State>,
    /// Bytes of text not decoded yet: a character may be two.
    bytes: Vec<u8>,
    encoding: &'static Encoding,
    styles: HashMap<i32, Feature>,
    /// Text of the style or field being read.
    name: String,
    /// Bytes still to be left out behind a `\u`.
    n_skip: usize,
    /// `\*` stood: a group that is not known is left out.
    optional: bool,
    /// The first half of a surrogate pair.
    surrogate: Option<u16>,
    n_notes: usize,
    in_table: bool,
    /// A cell ended, and the next has no text yet.
    cell_ended: bool,
    year: (Option<i32>, Option<u8>, Option<u8>),
}

/// Groups whose text is not the paper's.
const NOWHERE: &[&str] = &[
    "fonttbl",
    "colortbl",
    "pict",
    "object",
    "header",
    "headerl",
    "headerr",
    "headerf",
    "footer",
    "footerl",
    "footerr",
    "footerf",
    "fldinst",
    "xe",
    "tc",
    "bkmkstart",
    "bkmkend",
    "listtable",
    "listoverridetable",
    "revtbl",
    "rsidtbl",
    "themedata",
    "datastore",
    "generator",
    "annotation",
    "atnid",
    "atnauthor",
    "ftnsep",
    "ftnsepc",
    "aftnsep",
    "nonshppict",
    "shppict",
    "xmlnstbl",
    "mmathPr",
    "listtext",
    "pntext",
    "sp",
    "latentstyles",
    "filetbl",
];

impl Reader {
    fn new() -> Self {
        let state = State { target: Target::Body, n_fallback: 1, style: -1, hidden: false };
        Reader {
            draft: Draft::default(),
            notes: Draft::default(),
            biblio: Biblio::default(),
            state,
            stack: Vec::new(),
            bytes: Vec::new(),
            encoding: WINDOWS_1252,
            styles: HashMap::new(),
            name: String::new(),
            n_skip: 0,
            optional: false,
            surrogate: None,
            n_notes: 0,
            in_table: false,
            cell_ended: false,
            year: (None, None, None),
        }
    }

    /// Takes one token from the front of `rest` and returns its length.
    fn step(&mut self, rest: &[u8]) -> usize {
        match rest[0] {
            b'{' => {
                self.flush();
                // Ten thousand open groups are damage.
                if self.stack.len() < 10_000 {
                    self.stack.push(self.state);
                }
                1
            }
            b'}' => {
                self.flush();
                self.end_group();
                1
            }
            b'\\' => self.control(&rest[1..]) + 1,
            b'\r' | b'\n' => 1,
            byte => {
                self.byte(byte);
                1
            }
        }
    }

    fn byte(&mut self, byte: u8) {
        match self.n_skip {
            0 => self.bytes.push(byte),
            _ => self.n_skip -= 1,
        }
    }

    /// Reads what follows a backslash and returns its length.
    fn control(&mut self, rest: &[u8]) -> usize {
        let Some(&first) = rest.first() else { return 0 };
        if !first.is_ascii_alphabetic() {
            match first {
                b'\'' => {
                    let hex = rest.get(1..3).and_then(|hex| std::str::from_utf8(hex).ok());
                    if let Some(byte) = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
                        self.byte(byte);
                        return 3;
                    }
                }
                b'~' => self.byte(b' '),
                b'_' => self.byte(b'-'),
                b'*' => self.optional = true,
                b'\n' | b'\r' => self.word("par", None),
                b'\\' | b'{' | b'}' => self.byte(first),
                _ => {}
            }
            return 1;
        }
        let n_name = rest.iter().take(32).take_while(|b| b.is_ascii_alphabetic()).count();
        let sign = usize::from(rest.get(n_name) == Some(&b'-'));
        let n_digits = rest[n_name + sign..].iter().take(10).take_while(|b| b.is_ascii_digit()).count();
        let n_number = if n_digits > 0 { sign + n_digits } else { 0 };
        let text = |from: usize, to: usize| std::str::from_utf8(&rest[from..to]).unwrap_or_default();
        let number = text(n_name, n_name + n_number).parse().ok();
        self.flush_unless(text(0, n_name) == "u");
        self.word(text(0, n_name), number);
        let len = n_name + n_number;
        len + usize::from(rest.get(len) == Some(&b' '))
    }

    fn word(&mut self, word: &str, number: Option<i32>) {
        let optional = std::mem::take(&mut self.optional);
        let is_body = matches!(self.state.target, Target::Body | Target::Note);
        match word {
            "u" => self.unicode(number.unwrap_or(0)),
            "uc" => self.state.n_fallback = number.unwrap_or(1).clamp(0, 16) as usize,
            "ansicpg" => {
                let name = format!("windows-{}", number.unwrap_or(1252));
                self.encoding = Encoding::for_label(name.as_bytes()).unwrap_or(WINDOWS_1252);
            }
            "mac" => self.encoding = encoding_rs::MACINTOSH,
            "bin" => self.n_skip = number.unwrap_or(0).max(0) as usize,
            "stylesheet" => self.state.target = Target::Styles,
            "s" if self.state.target == Target::Styles => self.state.style = number.unwrap_or(0),
            "info" => self.state.target = Target::Nowhere,
            "title" => self.info("title"),
            "author" => self.info("author"),
            "creatim" => self.info("created"),
            "yr" if self.state.target == Target::Info("created") => self.year.0 = number.filter(|year| *year > 1900),
            "mo" if self.state.target == Target::Info("created") => {
                self.year.1 = number.and_then(|n| n.try_into().ok())
            }
            "dy" if self.state.target == Target::Info("created") => {
                self.year.2 = number.and_then(|n| n.try_into().ok())
            }
            "footnote" => self.begin_note(),
            "v" => self.state.hidden = number != Some(0),
            "plain" => self.state.hidden = false,
            "chftn" if self.state.target == Target::Body => {
                self.draft.open_mark(Feature::FootnoteMark);
                self.draft.push(&(self.n_notes + 1).to_string());
                self.draft.close_mark();
            }
            _ if NOWHERE.contains(&word) => self.state.target = Target::Nowhere,
            _ if optional && !matches!(word, "shpinst" | "shptxt" | "fldrslt" | "cs" | "ds" | "ts") => {
                self.state.target = Target::Nowhere
            }
            _ if is_body => self.layout(word, number),
            _ => {}
        }
    }

    /// Words that lay text out.
    fn layout(&mut self, word: &str, number: Option<i32>) {
        let in_note = self.state.target == Target::Note;
        match word {
            "par" | "sect" | "page" if in_note => self.notes.push(" "),
            "par" if self.in_table => self.draft.push(" "),
            "par" | "sect" => self.draft.end(),
            "pard" => self.in_table = false,
            "intbl" => {
                if !self.in_table && !self.draft.is_open() {
                    self.draft.begin(Some(Feature::Table));
                }
                self.in_table = true;
            }
            "cell" => self.cell_ended = true,
            "row" => {
                self.draft.end();
                (self.in_table, self.cell_ended) = (false, false);
            }
            "s" if !in_note && !self.draft.is_open() => {
                if let Some(feature) = self.styles.get(&number.unwrap_or(0)) {
                    self.draft.begin(Some(*feature));
                }
            }
            "outlinelevel" if !self.draft.is_open() => {
                if let Some(heading) = number.and_then(|level| outline_level(&level.to_string())) {
                    self.draft.begin(Some(heading));
                }
            }
            "tab" | "line" | "emspace" | "enspace" | "qmspace" => self.push(" "),
            "emdash" => self.push("—"),
            "endash" => self.push("–"),
            "lquote" => self.push("‘"),
            "rquote" => self.push("’"),
            "ldblquote" => self.push("“"),
            "rdblquote" => self.push("”"),
            "bullet" => self.push("•"),
            _ => {}
        }
    }

    fn info(&mut self, field: &'static str) {
        self.state.target = Target::Info(field);
        self.name.clear();
    }

    fn begin_note(&mut self) {
        self.n_notes += 1;
        self.state.target = Target::Note;
        self.notes.begin(Some(Feature::Footnote));
        self.notes.push(&format!("{} ", self.n_notes));
    }

    fn unicode(&mut self, number: i32) {
        self.flush();
        // Numbers over 32,767 are written as negative.
        let unit = (number & 0xFFFF) as u16;
        self.n_skip = self.state.n_fallback;
        match (self.surrogate.take(), unit) {
            (_, 0xD800..=0xDBFF) => self.surrogate = Some(unit),
            (first, unit) => {
                let units: Vec<u16> = first.into_iter().chain([unit]).collect();
                self.push(&String::from_utf16_lossy(&units));
            }
        }
    }

    fn flush_unless(&mut self, is_unicode: bool) {
        // What stands for a `\u` before this one ends with it.
        if !is_unicode || self.n_skip > 0 {
            self.n_skip = 0;
        }
        self.flush();
    }

    /// Decodes the bytes gathered and writes them where they go.
    fn flush(&mut self) {
        if self.bytes.is_empty() {
            return;
        }
        let bytes = std::mem::take(&mut self.bytes);
        let text = self.encoding.decode_without_bom_handling(&bytes).0.into_owned();
        self.push(&text);
    }

    fn push(&mut self, text: &str) {
        match self.state.target {
            _ if self.state.hidden => {}
            Target::Body => {
                if !text.trim().is_empty() && std::mem::take(&mut self.cell_ended) {
                    self.draft.push(" | ");
                }
                self.draft.push(text);
            }
            Target::Note => self.notes.push(text),
            Target::Styles | Target::Info(_) => self.name.push_str(text),
            Target::Nowhere => {}
        }
    }

    fn end_group(&mut self) {
        self.n_skip = 0;
        self.optional = false;
        let ended = self.state;
        if let Some(outer) = self.stack.pop() {
            self.state = outer;
        }
        let was_outer = self.state.target != ended.target;
        match ended.target {
            Target::Note if was_outer => self.notes.end(),
            Target::Styles => {
                let name = self.name.trim().trim_end_matches(';').to_lowercase();
                self.name.clear();
                let feature = heading_style(&name).or(match name.as_str() {
                    "title" => Some(Feature::Heading(1)),
                    "caption" => Some(Feature::Caption),
                    _ => None,
                });
                if let Some(feature) = feature {
                    self.styles.insert(ended.style, feature);
                }
            }
            Target::Info(field) if was_outer => {
                let value = std::mem::take(&mut self.name).split_whitespace().collect::<Vec<_>>().join(" ");
                match field {
                    "title" if !value.is_empty() => self.biblio.title = Some(value),
                    "author" if value.contains(' ') => self.biblio.authors = vec![Person::parse(&value)],
                    "created" => {
                        let (year, month, day) = self.year;
                        let text = format!("{}-{:02}-{:02}", year.unwrap_or(0), month.unwrap_or(0), day.unwrap_or(0));
                        (self.biblio.year, self.biblio.month, self.biblio.day) = date(&text);
                    }
                    _ => {}
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(rtf: &str, expected: &str) {
        assert_eq!(read(rtf.as_bytes()).expect("it is whole").text, expected);
    }

    #[test]
    fn reads_characters_in_all_their_ways() {
        check(
            r"{\rtf1\ansi\ansicpg1252 caf\'e9 \u8211 - \u8217?s \ldblquote a\rdblquote\~b\_c \{x\}\par}",
            "café – ’s “a” b-c {x}\n",
        );
        check(r"{\rtf1\ansi\uc0 \u-10179 \u-8704 \u8211-2013\par}", "😀–-2013\n");
        check(r"{\rtf1\ansi\ansicpg1251 \'cc\'e8\'f0\par}", "Мир\n");
    }

    #[test]
    fn leaves_out_what_is_not_text() {
        check(
            r"{\rtf1{\fonttbl{\f0 Arial;}}{\*\generator X 1.0;}{\header H}A{\field{\*\fldinst HYPERLINK x}{\fldrslt link}}{\pict 0011}\par}",
            "Alink\n",
        );
    }

    #[test]
    fn damage_is_no_reason_to_panic() {
        for rtf in [
            r"{\rtf1 \",
            r"{\rtf1 \'",
            r"{\rtf1 \'4",
            r"}}}}{\rtf1 a",
            r"{\rtf1 \u",
            r"{\rtf1 \bin-5 a",
            "{\\rtf1 \\u55357 a",
        ] {
            assert!(read(rtf.as_bytes()).is_ok() || matches!(read(rtf.as_bytes()), Err(Error::Empty)));
        }
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]
        #[test]
        fn any_bytes_are_read(rtf in "[{}\\\\*'a-z0-9 -]{0,80}") {
            _ = read(rtf.as_bytes());
        }
    }
}
