//! The way back: from a byte of a text to the bytes it came from.

use serde::{Deserialize, Serialize};

use super::Span;

/// A stretch of text and the source it came from.
///
/// Of equal length, the two correspond byte by byte. Of different length (a ligature, a re-encoded
/// character, a joined hyphen), they correspond as wholes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceRun {
    pub text: Span,
    pub source: Span,
}

impl SourceRun {
    /// Returns the source of the part of the run that `span` holds.
    fn source_of(&self, span: Span) -> Span {
        if self.text.len() != self.source.len() {
            return self.source;
        }
        Span::new(
            self.source.start + span.start.saturating_sub(self.text.start),
            self.source.end - self.text.end.saturating_sub(span.end),
        )
    }
}

/// A map from a text to its source, as runs in order of the text.
///
/// The source mostly has the same order, but need not: a caption that cuts a sentence in two stands
/// beside the sentence's paragraph in the text. Then what a span came from is told by its hull, the
/// smallest span of the source that holds all of it, and so the caption too.
///
/// Text between two runs (a space put in for a line end) maps to the end of the run before it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceMap {
    runs: Vec<SourceRun>,
}

impl SourceMap {
    /// Returns an empty map with room for `n` runs.
    pub fn with_capacity(n: usize) -> Self {
        SourceMap { runs: Vec::with_capacity(n) }
    }

    /// Returns the map of a text that is its source, moved by `offset` bytes (a byte order mark).
    pub fn identity(len: usize, offset: usize) -> Self {
        let mut map = SourceMap::default();
        map.push(Span::new(0, len), Span::new(offset, offset + len));
        map
    }

    /// Adds a run behind the others; a run that goes on where the last one ended is merged with it.
    ///
    /// Panics in debug builds when the run lies before the end of the last one's text.
    pub fn push(&mut self, text: Span, source: Span) {
        if text.is_empty() {
            return;
        }
        if let Some(last) = self.runs.last_mut() {
            debug_assert!(text.start >= last.text.end, "runs come in order of the text");
            let straight = last.text.len() == last.source.len() && text.len() == source.len();
            if straight && last.text.end == text.start && last.source.end == source.start {
                last.text.end = text.end;
                last.source.end = source.end;
                return;
            }
        }
        self.runs.push(SourceRun { text, source });
    }

    /// Returns the runs, in order.
    pub fn runs(&self) -> &[SourceRun] {
        &self.runs
    }

    /// Returns the smallest span of the source that holds everything `span` came from.
    ///
    /// A span that came from nothing (put-in text only) gives the empty span where it stands.
    pub fn source_of(&self, span: Span) -> Span {
        let first = self.runs.partition_point(|run| run.text.end <= span.start);
        let last = self.runs.partition_point(|run| run.text.start < span.end);
        self.hull(span, first, last)
    }

    /// As [`SourceMap::source_of`], for spans that mostly come in order: looks on from the run where the last
    /// one began, which `first` tells and keeps.
    pub fn source_behind(&self, span: Span, first: &mut usize) -> Span {
        if self.runs[..*first].last().is_some_and(|run| run.text.end > span.start) {
            *first = self.runs.partition_point(|run| run.text.end <= span.start);
        }
        *first += self.runs[*first..].iter().take_while(|run| run.text.end <= span.start).count();
        let last = *first + self.runs[*first..].iter().take_while(|run| run.text.start < span.end).count();
        self.hull(span, *first, last)
    }

    /// Returns the source of a span that the runs from `first` up to `last` hold.
    fn hull(&self, span: Span, first: usize, last: usize) -> Span {
        if first >= last {
            let at = if first > 0 {
                self.runs[first - 1].source.end
            } else {
                self.runs.first().map_or(0, |run| run.source.start)
            };
            return Span::new(at, at);
        }
        let parts = self.runs[first..last].iter().map(|run| run.source_of(span));
        let (start, end) = parts.fold((usize::MAX, 0), |(start, end), part| (start.min(part.start), end.max(part.end)));
        Span::new(start, end)
    }

    /// Returns the map to a source that stands `offset` bytes into a larger one (a line of a file).
    pub fn shifted(mut self, offset: usize) -> SourceMap {
        for run in &mut self.runs {
            run.source = Span::new(run.source.start + offset, run.source.end + offset);
        }
        self
    }

    /// Returns the map that leads on from this map's source through `outer`: text → raw → file.
    pub fn through(&self, outer: &SourceMap) -> SourceMap {
        let mut map = SourceMap::default();
        for run in &self.runs {
            if run.text.len() != run.source.len() {
                map.push(run.text, outer.source_of(run.source));
                continue;
            }
            let first = outer.runs.partition_point(|o| o.text.end <= run.source.start);
            for o in outer.runs[first..].iter().take_while(|o| o.text.start < run.source.end) {
                let middle = Span::new(o.text.start.max(run.source.start), o.text.end.min(run.source.end));
                let shift = |at: usize| at - run.source.start + run.text.start;
                map.push(Span::new(shift(middle.start), shift(middle.end)), outer.source_of(middle));
            }
        }
        map
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(range: std::ops::Range<usize>) -> Span {
        range.into()
    }

    /// "re-\nfu" → "refu": the hyphen and the line end came out.
    fn joined() -> SourceMap {
        let mut map = SourceMap::default();
        map.push(span(0..2), span(0..2));
        map.push(span(2..4), span(4..6));
        map
    }

    #[test]
    fn leads_back_over_a_joined_hyphen() {
        assert_eq!(joined().source_of(span(0..4)), span(0..6));
        assert_eq!(joined().source_of(span(1..2)), span(1..2));
        assert_eq!(joined().source_of(span(2..3)), span(4..5));
    }

    #[test]
    fn merges_runs_that_go_on() {
        let mut map = SourceMap::identity(3, 0);
        map.push(span(3..5), span(3..5));
        assert_eq!(map, SourceMap::identity(5, 0));
    }

    #[test]
    fn keeps_uneven_runs_whole() {
        let mut map = SourceMap::default();
        map.push(span(0..2), span(0..1)); // é from one byte of Windows-1252
        map.push(span(2..6), span(1..5));
        assert_eq!(map.source_of(span(0..3)), span(0..2));
        assert_eq!(joined().through(&map).source_of(span(0..4)), span(0..5));
    }

    #[test]
    fn goes_through_a_byte_order_mark() {
        let map = joined().through(&SourceMap::identity(6, 3));
        assert_eq!(map.source_of(span(2..4)), span(7..9));
    }

    /// "It is\nFigure\nso." → "It is so.\nFigure": the caption went behind its sentence.
    #[test]
    fn gives_the_hull_of_what_was_moved() {
        let mut map = SourceMap::default();
        map.push(span(0..5), span(0..5));
        map.push(span(6..9), span(13..16));
        map.push(span(10..16), span(6..12));
        assert_eq!(map.source_of(span(0..9)), span(0..16));
        assert_eq!(map.source_of(span(10..16)), span(6..12));
        assert_eq!(map.source_of(span(7..12)), span(6..16));
        let mut first = 0;
        for asked in [span(0..9), span(7..12), span(10..16), span(0..5), span(9..10)] {
            assert_eq!(map.source_behind(asked, &mut first), map.source_of(asked));
        }
    }

    #[test]
    fn tells_where_put_in_text_stands() {
        let mut map = SourceMap::default();
        map.push(span(0..2), span(0..2));
        map.push(span(3..5), span(6..8));
        assert_eq!(map.source_of(span(2..3)), span(2..2));
    }
}
