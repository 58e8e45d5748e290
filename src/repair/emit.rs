//! Emission: writes the text of a paper from its drafts, with the map back to the raw text.
//!
//! Text is only ever copied from the raw text, in runs that the map keeps; what is put in are single
//! spaces and line ends, which lie in the gaps between runs. So the map is exact by construction.

use super::{
    edits::Edit,
    lines::{Line, Role},
    paragraphs::{Drafts, Join, Piece},
};
use crate::paper::{Block, Removed, RemovedKind, SourceMap, Span};

/// A paper's text and all that points into it.
pub(super) struct Written {
    pub text: String,
    pub map: SourceMap,
    pub blocks: Vec<Block>,
    pub page_starts: Vec<usize>,
    pub removed: Vec<Removed>,
}

struct Writer<'a> {
    raw: &'a str,
    text: String,
    map: SourceMap,
    /// What is to stand before the next text.
    before: Option<char>,
    /// Tells whether the block has no text yet.
    fresh: bool,
}

impl Writer<'_> {
    /// Copies a stretch of the raw text, without blanks at its ends that would double a space.
    fn copy(&mut self, span: Span) {
        let bytes = self.raw.as_bytes();
        let mut kept = span;
        while kept.end > kept.start && bytes[kept.end - 1] == b' ' {
            kept.end -= 1;
        }
        while kept.start < kept.end && bytes[kept.start] == b' ' {
            kept.start += 1;
        }
        if kept.is_empty() {
            if !span.is_empty() {
                self.space();
            }
            return;
        }
        if kept.start > span.start {
            self.space();
        }
        if let Some(before) = self.before {
            self.text.push(before);
        }
        self.fresh = false;
        let start = self.text.len();
        self.text.push_str(kept.of(self.raw));
        self.map.push(Span::new(start, self.text.len()), kept);
        self.before = (kept.end < span.end).then_some(' ');
    }

    /// Lets the next text begin with a space, unless it begins a block.
    fn space(&mut self) {
        if !self.fresh && self.before.is_none() {
            self.before = Some(' ');
        }
    }
}

/// Writes the drafts, with `edits` (in order) applied.
pub(super) fn write(raw: &str, lines: &[Line], drafts: &Drafts, edits: &[Edit], page_starts: &[usize]) -> Written {
    // A run for each piece, and one more for what most edits cut.
    let map = SourceMap::with_capacity(drafts.pieces.len() + edits.len());
    let mut writer = Writer { raw, text: String::with_capacity(raw.len()), map, before: None, fresh: true };
    let mut blocks = Vec::with_capacity(drafts.drafts.len());
    let mut removed = Vec::with_capacity(edits.len() + drafts.signs.len());
    let mut places = Places {
        starts: page_starts,
        first: vec![None; page_starts.len()],
        page: 0,
        pieces: &drafts.pieces,
        at: Vec::with_capacity(drafts.pieces.len()),
        order: Vec::new(),
    };
    let mut next_edit = 0;
    for draft in &drafts.drafts {
        let before = (!writer.text.is_empty()).then_some(if draft.runs_on { ' ' } else { '\n' });
        let (len, mut start) = (writer.text.len(), None);
        (writer.before, writer.fresh) = (before, true);
        for piece in &drafts.pieces[draft.pieces.clone()] {
            if piece.join == Join::Space {
                writer.space();
            }
            // Pieces mostly come in order, as edits do.
            if edits[..next_edit].last().is_some_and(|edit| edit.raw.end >= piece.span.start) {
                next_edit = edits[..next_edit].partition_point(|edit| edit.raw.end < piece.span.start);
            }
            next_edit += edits[next_edit..].iter().take_while(|edit| edit.raw.end < piece.span.start).count();
            places.note(piece.span, writer.text.len() + usize::from(writer.before.is_some()));
            let mut at = piece.span.start;
            while let Some(edit) = edits.get(next_edit).filter(|edit| edit.raw.start <= piece.span.end) {
                if edit.raw.end > piece.span.end {
                    break;
                }
                if edit.raw.start >= at {
                    writer.copy(Span::new(at, edit.raw.start));
                    at = edit.raw.end;
                    if edit.with == " " {
                        writer.space();
                    }
                    if let Some((raw_span, kind)) = edit.removed {
                        let text = raw_span.of(raw).to_owned();
                        removed.push(Removed { at: writer.text.len(), raw: raw_span, kind, text });
                    }
                }
                next_edit += 1;
            }
            writer.copy(Span::new(at, piece.span.end));
            if start.is_none() && writer.text.len() > len {
                start = Some(len + usize::from(before.is_some()));
            }
        }
        if let Some(start) = start {
            blocks.push(Block { span: Span::new(start, writer.text.len()), kind: draft.kind });
        }
    }
    let Writer { text, map, .. } = writer;
    places.sort();
    for line in lines {
        if let Role::Furniture(kind) = line.role {
            let at = places.text_at(line.span.start, text.len());
            removed.push(Removed { at, raw: line.span, kind, text: line.of(raw).to_owned() });
        }
    }
    for &sign in &drafts.signs {
        let at = places.text_at(sign.end, text.len());
        let raw_span = super::cues::trim(raw, sign);
        removed.push(Removed { at, raw: raw_span, kind: RemovedKind::Stray, text: raw_span.of(raw).to_owned() });
    }
    removed.sort_by_key(|removed| (removed.raw.start, removed.raw.end));
    let page_starts = places.page_starts(text.len());
    Written { text, map, blocks, page_starts, removed }
}

/// Where pieces of the raw text went.
struct Places<'a> {
    /// Raw page starts.
    starts: &'a [usize],
    /// The first place in the text with something of each page.
    first: Vec<Option<usize>>,
    /// Pages that begin at or before the last piece.
    page: usize,
    /// The pieces, and the place of each.
    pieces: &'a [Piece],
    at: Vec<usize>,
    /// The raw start and the index of each piece, in order, where some were moved.
    order: Vec<(usize, usize)>,
}

impl Places<'_> {
    fn note(&mut self, raw: Span, at: usize) {
        self.at.push(at);
        // A piece stands on the page of the one before, on the next one, or was moved.
        let begins = |page: usize| self.starts.get(page).is_some_and(|&start| start <= raw.start);
        if begins(self.page) || (self.page > 0 && !begins(self.page - 1)) {
            self.page = self.starts.partition_point(|&start| start <= raw.start);
        }
        if let Some(page) = self.page.checked_sub(1) {
            let first = &mut self.first[page];
            *first = Some(first.map_or(at, |first| first.min(at)));
        }
    }

    /// Lets places be looked up, once all are noted.
    fn sort(&mut self) {
        if !self.pieces.is_sorted_by_key(|piece| piece.span) {
            self.order = self.pieces.iter().enumerate().map(|(i, piece)| (piece.span.start, i)).collect();
            self.order.sort();
        }
    }

    /// Returns where something that stood at `raw` would stand in the text.
    fn text_at(&self, raw: usize, len: usize) -> usize {
        let after = match self.order.as_slice() {
            [] => self.pieces.partition_point(|piece| piece.span.start <= raw),
            order => order.partition_point(|&(start, _)| start <= raw),
        };
        let nth = |n: usize| self.order.get(n).map_or(n, |&(_, i)| i);
        if let Some(i) = after.checked_sub(1).map(nth)
            && raw < self.pieces[i].span.end
        {
            return (self.at[i] + raw - self.pieces[i].span.start).min(len);
        }
        self.at.get(nth(after)).map_or(len, |&at| at.min(len))
    }

    /// Returns the place of each page, in order: a page without text begins where the next does.
    fn page_starts(&self, len: usize) -> Vec<usize> {
        let mut places = vec![0; self.starts.len()];
        let mut next = len;
        for page in (0..places.len()).rev() {
            // A page may begin inside a piece, where lines are paragraphs.
            let inside = self.text_at(self.starts[page], len);
            let own = if inside < next || self.first[page].is_none() { inside } else { next };
            next = self.first[page].unwrap_or(own).min(own).min(next);
            places[page] = next;
        }
        if let Some(first) = places.first_mut() {
            *first = 0;
        }
        places
    }
}
