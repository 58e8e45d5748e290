//! The terms of a text, kept: found once, read as often as needed.

use std::ops::Range;

use super::tokenize::{Case, Read, TermKind, read};

/// The terms of a text with their places in it.
#[derive(Clone, Debug, Default)]
pub struct Terms {
    text: String,
    list: Vec<Kept>,
    has_compounds: bool,
}

#[derive(Clone, Copy, Debug)]
struct Kept {
    /// Where the term ends in `text`; it begins where the one before it ends.
    end: u32,
    position: u32,
    kind: TermKind,
    case: Case,
    /// Where it stands in the text that was read.
    place: (u32, u32),
}

impl Terms {
    /// Finds the terms of a text.
    pub fn of(text: &str) -> Self {
        let mut found = Terms::default();
        found.read(text);
        found
    }

    /// Finds the terms of another text, in the memory of those that were here.
    pub fn read(&mut self, text: &str) {
        self.text.clear();
        self.list.clear();
        self.has_compounds = false;
        // Terms take as much as the text, mostly, and a word with a blank takes five bytes at least.
        const BYTES_A_TERM: usize = 5;
        self.text.reserve(text.len());
        self.list.reserve(text.len() / BYTES_A_TERM);
        let Terms { text: folded, list, has_compounds } = self;
        read(text, folded, &mut |folded, Read { kind, position, start, end, case, .. }| {
            *has_compounds |= kind == TermKind::Compound;
            list.push(Kept { end: folded.len() as u32, position, kind, case, place: (start as u32, end as u32) });
        });
    }

    /// Returns the terms in the order of [`terms`](super::terms): text, kind, position.
    pub fn iter(&self) -> impl Iterator<Item = (&str, TermKind, u32)> {
        let mut start = 0;
        self.list.iter().map(move |kept| {
            let text = &self.text[std::mem::replace(&mut start, kept.end as usize)..kept.end as usize];
            (text, kept.kind, kept.position)
        })
    }

    /// Returns the words, in order, without capitals and compounds.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.iter().filter(|(_, kind, _)| *kind == TermKind::Word).map(|(text, ..)| text)
    }

    /// Returns the words, in order, with the bytes of the text where they stand and how these are written; those in
    /// capitals in capitals.
    pub fn written(&self) -> impl Iterator<Item = (&str, Range<usize>, Case)> {
        let mut start = 0;
        self.list.iter().enumerate().filter_map(move |(i, kept)| {
            let text = &self.text[std::mem::replace(&mut start, kept.end as usize)..kept.end as usize];
            let in_capitals = self.list.get(i + 1).is_some_and(|next| next.kind == TermKind::Acronym);
            let is_it = kept.kind == TermKind::Acronym || kept.kind == TermKind::Word && !in_capitals;
            is_it.then_some((text, kept.place.0 as usize..kept.place.1 as usize, kept.case))
        })
    }

    /// Tells whether any is a compound.
    pub fn has_compounds(&self) -> bool {
        self.has_compounds
    }

    /// Returns the number of terms.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Tells whether there are none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Returns the term at an index below [`Terms::len`], with its position.
    pub fn get(&self, i: usize) -> (&str, u32) {
        let start = i.checked_sub(1).map_or(0, |before| self.list[before].end as usize);
        let kept = self.list[i];
        (&self.text[start..kept.end as usize], kept.position)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_are_read_back() {
        let found = Terms::of("The US-led talks");
        let told: Vec<String> = found.iter().map(|(text, _, position)| format!("{text}@{position}")).collect();
        assert_eq!(told.join(" "), "the@0 us@1 US@1 led@2 usled@1 talks@3");
        assert_eq!(found.words().collect::<Vec<_>>(), ["the", "us", "led", "talks"]);
        let written: Vec<_> = found.written().collect();
        let [small, title, other] = [Case::Small, Case::Title, Case::Other];
        assert_eq!(
            written,
            [("the", 0..3, title), ("US", 4..6, other), ("led", 7..10, small), ("talks", 11..16, small)]
        );
        assert_eq!((found.len(), found.get(2), found.get(0)), (6, ("US", 1), ("the", 0)));
    }
}
