//! A paper in the writing: blocks of text, one a line, with marks and the way back to the source.

use crate::paper::{Biblio, Feature, Flow, Mark, RawPage, RawPaper, SourceMap, Span};

/// A raw paper whose format says where paragraphs end.
///
/// Blocks are lines of their own, white space in them is single, and a block may have a feature.
/// Notes may be told in the middle of a sentence; they are kept aside and stand at the end.
#[derive(Default)]
pub(super) struct Draft {
    text: String,
    map: SourceMap,
    marks: Vec<Mark>,
    pages: Vec<RawPage>,
    /// Where the open block starts, when there is one.
    open: Option<usize>,
    feature: Option<Feature>,
    /// White space that stands before the next letter, and where.
    gap: Option<Option<Span>>,
    /// Where marks inside the open block start.
    inside: Vec<(usize, Feature)>,
}

impl Draft {
    /// Adds text to the open block, white space folded.
    pub fn push(&mut self, text: &str) {
        self.push_from(text, None);
    }

    /// Adds text that stands at `source`: as it is there when the two are of one length, else as a
    /// whole.
    pub fn push_from(&mut self, text: &str, source: Option<Span>) {
        let straight = source.is_some_and(|source| source.len() == text.len());
        let place = |from: usize, to: usize| match source {
            Some(source) if straight => Some(Span::new(source.start + from, source.start + to)),
            whole => whole,
        };
        let mut at = 0;
        while at < text.len() {
            let rest = &text[at..];
            let n_space = rest.len() - rest.trim_start_matches(is_space).len();
            if n_space > 0 {
                let span = place(at, at + n_space);
                self.gap = self.open.is_some().then(|| match (self.gap, span) {
                    (Some(Some(first)), Some(last)) => Some(Span::new(first.start, last.end)),
                    (Some(first), last) => first.or(last),
                    (None, last) => last,
                });
                at += n_space;
                continue;
            }
            let n_word = rest.find(is_space).unwrap_or(rest.len());
            self.word(&rest[..n_word], place(at, at + n_word));
            at += n_word;
        }
    }

    fn word(&mut self, word: &str, source: Option<Span>) {
        if let Some(space) = self.gap.take() {
            self.raw(" ", space);
        }
        self.open.get_or_insert(self.text.len());
        self.raw(word, source);
    }

    fn raw(&mut self, text: &str, source: Option<Span>) {
        let start = self.text.len();
        self.text.push_str(text);
        let last = self.map.runs().last().map_or(0, |run| run.source.end);
        // Two letters of one reference share its place: only the first can claim it.
        if let Some(source) = source.filter(|source| source.start >= last) {
            self.map.push(Span::new(start, self.text.len()), source);
        }
    }

    /// Ends the open block and says what the next one is.
    pub fn begin(&mut self, feature: Option<Feature>) {
        self.end();
        self.feature = feature;
    }

    /// Ends the open block; what follows is running text again.
    pub fn end(&mut self) {
        self.gap = None;
        let feature = self.feature.take();
        while !self.inside.is_empty() {
            self.close_mark();
        }
        let Some(start) = self.open.take() else { return };
        let span = Span::new(start, self.text.len());
        self.text.push('\n');
        let Some(feature) = feature else { return };
        // The rows of a table are one table, the paragraphs of a note one note.
        let last = self.marks.iter_mut().rev().find(|mark| mark.feature != Feature::FootnoteMark);
        match last {
            Some(last) if last.feature == feature && feature == Feature::Table && last.span.end + 1 == start => {
                last.span.end = span.end;
            }
            _ => self.marks.push(Mark { span, feature }),
        }
    }

    /// Begins a mark inside the open block.
    pub fn open_mark(&mut self, feature: Feature) {
        self.inside.push((self.text.len() + usize::from(self.gap.is_some() && self.open.is_some()), feature));
    }

    /// Ends the mark begun last.
    pub fn close_mark(&mut self) {
        let Some((start, feature)) = self.inside.pop() else { return };
        if start < self.text.len() {
            self.marks.push(Mark { span: Span::new(start, self.text.len()), feature });
        }
    }

    /// Tells whether the open block holds text.
    pub fn is_open(&self) -> bool {
        self.open.is_some()
    }

    /// Says that a page begins here, in the middle of a block or between two.
    pub fn page(&mut self, label: Option<String>) {
        let start = self.text.len();
        match self.pages.last_mut() {
            Some(last) if last.start == start => last.label = label,
            _ => self.pages.push(RawPage { start, label }),
        }
    }

    /// Adds a finished draft behind this one, as the notes of a paper or the next chapter.
    pub fn append(&mut self, mut other: Draft) {
        self.end();
        other.end();
        let shift = |span: Span, by: usize| Span::new(span.start + by, span.end + by);
        let by = self.text.len();
        self.text.push_str(&other.text);
        for run in other.map.runs() {
            let last = self.map.runs().last().map_or(0, |run| run.source.end);
            // Notes told in the middle of the text stand behind it: their map would run back.
            if run.source.start >= last {
                self.map.push(shift(run.text, by), run.source);
            }
        }
        self.marks.extend(other.marks.into_iter().map(|mark| Mark { span: shift(mark.span, by), ..mark }));
        self.pages.extend(other.pages.into_iter().map(|page| RawPage { start: page.start + by, ..page }));
    }

    /// Returns the draft without its way back, when its source is no file.
    pub fn without_map(self) -> Draft {
        Draft { map: SourceMap::default(), ..self }
    }

    /// Tells whether nothing was written.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Returns the paper; its map leads to the source that the text was told to come from.
    pub fn finish(mut self, biblio: Biblio) -> (RawPaper, SourceMap) {
        self.end();
        self.marks.sort_by_key(|mark| (mark.span.start, std::cmp::Reverse(mark.span.end)));
        // Text before the first known page stands on the page before it, whichever that is.
        if self.pages.first().is_some_and(|page| page.start > 0) {
            self.pages.insert(0, RawPage { start: 0, label: None });
        }
        let paper = RawPaper {
            text: self.text,
            map: None,
            flow: Flow::Paragraphs,
            pages: self.pages,
            marks: self.marks,
            biblio,
            warnings: Vec::new(),
        };
        (paper, self.map)
    }
}

/// White space that lines may break at; a no-break space is folded too, for no layout is left.
fn is_space(c: char) -> bool {
    c.is_whitespace()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds_white_space_and_marks_blocks() {
        let mut draft = Draft::default();
        draft.begin(Some(Feature::Heading(1)));
        draft.push("  Trade \n and ");
        draft.push(" transit ");
        draft.begin(None);
        draft.push("See note");
        draft.open_mark(Feature::FootnoteMark);
        draft.push("1");
        draft.close_mark();
        draft.push(".");
        let (paper, _) = draft.finish(Biblio::default());
        assert_eq!(paper.text, "Trade and transit\nSee note1.\n");
        let marked: Vec<&str> = paper.marks.iter().map(|mark| mark.span.of(&paper.text)).collect();
        assert_eq!(marked, ["Trade and transit", "1"]);
    }

    #[test]
    fn leads_back_over_folded_space() {
        let source = "a  b &amp; c";
        let mut draft = Draft::default();
        draft.push_from("a  b ", Some(Span::new(0, 5)));
        draft.push_from("&", Some(Span::new(5, 10)));
        draft.push_from(" c", Some(Span::new(10, 12)));
        let (paper, map) = draft.finish(Biblio::default());
        assert_eq!(paper.text, "a b & c\n");
        let back = |from, to| map.source_of(Span::new(from, to)).of(source);
        assert_eq!((back(0, 3), back(4, 5), back(0, 7)), ("a  b", "&amp;", source));
    }
}
