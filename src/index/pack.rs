//! An index made smaller: the same passages and papers, packed as tightly as results can bear.

use super::build::Source;
use super::container::Writer;
use super::error::Result;
use super::lock::Lock;
use super::open::Index;
use super::passages::{self, PassageWriter};
use super::surfaces::SYMBOLS;
use super::texts::{Packing, RecordWriter};

/// A block unpacks in some 50 microseconds; larger ones save 1 % of the text each time they double.
const TEXTS: Packing = Packing { block: 64 * 1024, level: 19, dictionary: true };
const RECORDS: Packing = Packing { block: 64 * 1024, level: 19, dictionary: true };
const STANDINGS: Packing = Packing { level: 19, ..passages::STANDINGS };

/// Whether passages' texts are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Texts {
    Keep,
    /// What is left finds, counts and cites passages, and tells where they stand.
    LeaveOut,
}

impl Index {
    /// Writes the index anew in its smallest form.
    pub fn pack(&self, lock: &Lock, keep: Texts) -> Result<()> {
        self.verify()?;
        lock.write(|container| self.write_packed(container, keep))
    }

    fn write_packed(&self, container: &mut Writer, keep: Texts) -> Result<()> {
        let repacked = ["papers", "papers/origins", "sources", "passages", "texts"];
        let is_repacked = |name: &str| {
            repacked.iter().any(|part| {
                name.strip_prefix(part).is_some_and(|rest| ["", "/table", "/shared", "/symbols"].contains(&rest))
            })
        };
        for (name, _) in self.parts().filter(|(name, _)| !is_repacked(name)) {
            container.part(name, &self.part(name)?)?;
        }
        let (mut papers, mut origins) = (RecordWriter::new(RECORDS), RecordWriter::new(RECORDS));
        for number in 0..self.n_papers() {
            let paper = self.paper_with_origin(number)?;
            papers.add(&paper);
            origins.add(&paper.origin);
        }
        papers.finish("papers", container)?;
        origins.finish("papers/origins", container)?;
        let mut sources = RecordWriter::new(RECORDS);
        self.sources()?.iter().for_each(|source: &Source| sources.add(source));
        sources.finish("sources", container)?;
        let mut passages = PassageWriter::new(STANDINGS);
        for number in 0..self.n_passages() {
            passages.add(&self.passages.standing(number)?);
        }
        passages.finish(container)?;
        let Some(texts) = self.texts.as_ref().filter(|_| keep == Texts::Keep) else { return Ok(()) };
        container.part(SYMBOLS, &self.part(SYMBOLS)?)?;
        let mut codes = RecordWriter::new(TEXTS);
        for number in 0..self.n_passages() {
            codes.add_bytes(&texts.code(number)?);
        }
        codes.finish("texts", container)
    }
}
