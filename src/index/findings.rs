//! What is found in the texts of papers: their words and how these are written, acronyms, what tells copies.
//!
//! Some papers at a time are read with numbers of their own for words, on any thread; put together in the order of
//! the papers, findings are the same whoever made them.

use std::collections::HashMap;

use rustc_hash::FxBuildHasher;

use super::forward::ForwardWriter;
use super::inverted::Shared;
use super::surfaces::SurfaceWriter;
use crate::analysis::acronyms::mine;
use crate::analysis::similar::{Signatures, Signer, hash};
use crate::analysis::{TermKind, Terms};
use crate::paper::{StoredPaper, StoredPassage};

/// What is found in papers, passage after passage.
#[derive(Default)]
pub(super) struct Findings {
    pub forward: ForwardWriter,
    pub sections: Shared,
    pub titles: Shared,
    pub surfaces: SurfaceWriter,
    pub signatures: Signatures,
    pub acronyms: Vec<Definition>,
    /// Hyphenated words, joined, with the lengths of their parts but the last.
    compounds: HashMap<u32, Box<[u8]>, FxBuildHasher>,
    n_papers: u32,
}

/// A short form and what a paper says it stands for.
pub(super) struct Definition {
    pub paper: u32,
    pub short: Box<str>,
    pub long: Box<str>,
}

impl Findings {
    /// Reads papers with their passages.
    pub fn of<'p>(papers: impl Iterator<Item = (&'p StoredPaper, &'p [StoredPassage])>) -> Self {
        // About as many words as half a megabyte has.
        const WORDS: usize = 1 << 13;
        let mut reader = Reader::default();
        reader.found.forward.words.reserve(WORDS);
        papers.for_each(|(paper, passages)| reader.read(paper, passages));
        reader.found
    }

    /// Adds the findings of the papers that follow.
    pub fn append(&mut self, other: Findings) {
        let ids = self.forward.append(&other.forward);
        self.sections.append(&other.sections, &ids);
        self.titles.append(&other.titles, &ids);
        self.surfaces.append(&other.surfaces, &ids);
        self.signatures.append(&other.signatures);
        let n_papers = self.n_papers;
        self.acronyms
            .extend(other.acronyms.into_iter().map(|found| Definition { paper: found.paper + n_papers, ..found }));
        for (word, parts) in other.compounds {
            self.compounds.entry(ids[word as usize]).or_insert(parts);
        }
        self.n_papers += other.n_papers;
    }

    /// Returns the lengths of the parts but the last of a hyphenated word joined; of another word none.
    pub fn parts(&self, word: u32) -> &[u8] {
        self.compounds.get(&word).map_or(&[], |parts| parts)
    }

    /// Notes the hyphenated words of a text whose words have numbers.
    fn add_compounds(&mut self, terms: &Terms) {
        if !terms.has_compounds() {
            return;
        }
        let mut parts: Vec<u8> = Vec::with_capacity(terms.len());
        for (text, kind, position) in terms.iter() {
            match kind {
                TermKind::Word => parts.push(text.len() as u8),
                TermKind::Acronym => {}
                TermKind::Compound => {
                    let [parts @ .., _] = &parts[position as usize..] else { continue };
                    let word = self.forward.words.id(text);
                    self.compounds.entry(word).or_insert_with(|| parts.into());
                }
            }
        }
    }
}

/// Reads papers, one after the other in the same memory.
#[derive(Default)]
struct Reader {
    found: Findings,
    terms: Terms,
    signer: Signer,
    /// Of each word, by its number, the hash that signatures are made of.
    hashes: Vec<u64>,
}

impl Reader {
    fn read(&mut self, paper: &StoredPaper, passages: &[StoredPassage]) {
        let Reader { found, terms, .. } = self;
        terms.read(paper.biblio.title.as_deref().unwrap_or(""));
        found.titles.set(terms, &mut found.forward.words);
        found.add_compounds(terms);
        let mut section: &[String] = &[];
        found.sections.set(&Terms::default(), &mut found.forward.words);
        for passage in passages {
            if passage.section != section {
                section = &passage.section;
                self.terms.read(&section.join(" . "));
                self.found.sections.set(&self.terms, &mut self.found.forward.words);
                self.found.add_compounds(&self.terms);
            }
            self.read_passage(paper, passage);
        }
        self.found.n_papers += 1;
    }

    fn read_passage(&mut self, paper: &StoredPaper, passage: &StoredPassage) {
        let Reader { found, terms, signer, hashes } = self;
        terms.read(&passage.text);
        found.forward.add(terms);
        let ids = found.forward.last();
        found.surfaces.add(&passage.text, terms, ids);
        // A record of a collection is one thing with a name of its own, like another one or not.
        let is_record = passage.id == paper.id;
        if is_record {
            found.signatures.push(&[]);
        } else {
            let words = &found.forward.words;
            // Words in capitals are hashed as they are folded.
            let hash = |id| hash(words.get(id).bytes().map(|byte| byte.to_ascii_lowercase()));
            hashes.extend((hashes.len() as u32..words.len() as u32).map(hash));
            found.signatures.push(signer.sign(ids.iter().map(|&id| hashes[id as usize])));
        }
        mine(&passage.text, &mut |pair| {
            let [short, long] = [pair.short, pair.long].map(|place| passage.text[place].into());
            found.acronyms.push(Definition { paper: found.n_papers, short, long });
        });
        found.add_compounds(terms);
        found.sections.add();
        found.titles.add();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::paper::Biblio;

    /// Returns papers of a title, and of passages of a section and a text.
    fn papers() -> Vec<(StoredPaper, Vec<StoredPassage>)> {
        type Row = (&'static str, &'static [(&'static str, &'static str)]);
        let table: [Row; 4] = [
            ("US-led talks", &[("", "The US-led talks."), ("Trade", "Cross-border TRADE, and border trade (CBT).")]),
            ("", &[("Trade", "Trade by the Cross-Border Trade Authority (CBTA) of the U.S.")]),
            ("Us", &[]),
            ("Trade", &[("Talks", "US trade; the CBTA’s crossborder talks with us"), ("Talks", "")]),
        ];
        let passage = |&(section, text): &(&str, &str)| {
            let section = if section.is_empty() { Vec::new() } else { vec![section.to_owned()] };
            StoredPassage { section, text: text.to_owned(), ..StoredPassage::default() }
        };
        let paper = |(i, (title, passages)): (usize, Row)| {
            let biblio = Biblio { title: Some(title.to_owned()), ..Biblio::default() };
            let paper = StoredPaper { id: format!("p{i}"), biblio, ..StoredPaper::default() };
            (paper, passages.iter().map(passage).collect())
        };
        table.into_iter().enumerate().map(paper).collect()
    }

    fn of(papers: &[(StoredPaper, Vec<StoredPassage>)]) -> Findings {
        Findings::of(papers.iter().map(|(paper, passages)| (paper, &passages[..])))
    }

    /// Returns all that is told of findings.
    fn told(found: &Findings) -> String {
        let Findings { forward, sections, titles, signatures, acronyms, .. } = found;
        let words: Vec<&str> = forward.words.iter().collect();
        let parts: Vec<&[u8]> = (0..words.len() as u32).map(|word| found.parts(word)).collect();
        let passages: Vec<Vec<u32>> = forward.passages().map(Iterator::collect).collect();
        let shared = [sections, titles].map(|shared| (shared.firsts(), shared.lengths().codes));
        let acronyms: Vec<_> = acronyms.iter().map(|found| (found.paper, &found.short, &found.long)).collect();
        let texts = found.surfaces.told(forward);
        format!("{words:?} {parts:?} {passages:?} {shared:?} {signatures:?} {acronyms:?} {texts:?}")
    }

    #[test]
    fn it_does_not_matter_which_papers_are_read_together() {
        let papers = papers();
        let whole = told(&of(&papers));
        assert!(whole.contains("(1, \"CBTA\", \"Cross-Border Trade Authority\")"), "{whole}");
        for cut in 0..=papers.len() {
            let mut found = Findings::default();
            [&papers[..cut], &papers[cut..]].into_iter().for_each(|some| found.append(of(some)));
            assert_eq!(told(&found), whole, "{cut}");
        }
    }
}
