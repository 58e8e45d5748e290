//! Edits: what the passes within lines take out of the text or put in its place.

use crate::paper::{RemovedKind, Span};

/// A change inside a line: the raw bytes of `raw` become `with`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Edit {
    pub raw: Span,
    pub with: &'static str,
    /// What is remembered as removed, if anything.
    pub removed: Option<(Span, RemovedKind)>,
    /// The pass that made it.
    pub pass: &'static str,
}

/// Brings the edits of all passes in order; of two that overlap the earlier one counts, or that which
/// takes something out.
pub(super) fn order(mut edits: Vec<Edit>) -> Vec<Edit> {
    edits.sort_by_key(|edit| (edit.raw.start, edit.removed.is_none(), edit.raw.end));
    let mut end = 0;
    edits.retain(|edit| {
        let fits = edit.raw.start >= end;
        end = if fits { edit.raw.end } else { end };
        fits
    });
    edits
}
