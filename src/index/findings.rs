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
use crate::analysis::similar::{Signature, Signer, hash};
use crate::analysis::{TermKind, Terms};
use crate::paper::{StoredPaper, StoredPassage};

/// What is found in papers, passage after passage.
#[derive(Default)]
pub(super) struct Findings {
    pub forward: ForwardWriter,
    pub sections: Shared,
    pub titles: Shared,
    pub surfaces: SurfaceWriter,
    pub signatures: Vec<Signature>,
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
        let mut reader = Reader::default();
        papers.for_each(|(paper, passages)| reader.read(paper, passages));
        reader.found
    }

    /// Adds the findings of the papers that follow.
    pub fn append(&mut self, other: Findings) {
        let ids = self.forward.append(&other.forward);
        self.sections.append(&other.sections, &ids);
        self.titles.append(&other.titles, &ids);
        self.surfaces.append(&other.surfaces, &ids);
        self.signatures.extend(other.signatures);
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
        if !terms.iter().any(|(_, kind, _)| kind == TermKind::Compound) {
            return;
        }
        let mut parts: Vec<u8> = Vec::new();
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
        found.signatures.push(if is_record {
            Signature::default()
        } else {
            let words = &found.forward.words;
            // Words in capitals are hashed as they are folded.
            let hash = |id| hash(words.get(id).bytes().map(|byte| byte.to_ascii_lowercase()));
            hashes.extend((hashes.len() as u32..words.len() as u32).map(hash));
            signer.sign(ids.iter().map(|&id| hashes[id as usize]))
        });
        mine(&passage.text, &mut |pair| {
            let [short, long] = [pair.short, pair.long].map(|place| passage.text[place].into());
            found.acronyms.push(Definition { paper: found.n_papers, short, long });
        });
        found.add_compounds(terms);
        found.sections.add();
        found.titles.add();
    }
}
