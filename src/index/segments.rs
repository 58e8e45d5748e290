//! Building within a bound of memory: full segments wait on disk, and are merged in the end.

use std::path::Path;

use super::container::{Container, Writer};
use super::engine::{self, EngineFiles, EngineWriter};
use super::error::{Error, Result};

/// Begins a segment.
type Begin = Box<dyn Fn() -> Result<EngineWriter> + Send>;

/// Writes one segment, by way of several when memory is short: the bytes are the same.
pub(super) struct Segments {
    current: EngineWriter,
    memory: Option<usize>,
    /// Passages of the segment at hand.
    n_passages: u32,
    /// Segments on disk, in order.
    full: Vec<Container>,
    begin: Begin,
}

impl Segments {
    /// Begins a segment with what `begin` returns.
    pub fn new(begin: Begin) -> Result<Self> {
        Ok(Segments { current: begin()?, memory: None, n_passages: 0, full: Vec::new(), begin })
    }

    /// Sets how many bytes a segment may take in memory.
    pub fn set_memory(&mut self, memory: usize) {
        self.memory = Some(memory);
    }

    /// Returns the writer that takes the next passage.
    pub fn next(&mut self) -> Result<&mut EngineWriter> {
        if self.n_passages > 0 && self.memory.is_some_and(|memory| self.current.memory() > memory) {
            self.set_aside()?;
        }
        self.n_passages += 1;
        Ok(&mut self.current)
    }

    /// Finishes the segment at hand and writes it to disk.
    fn set_aside(&mut self) -> Result<()> {
        let files = std::mem::replace(&mut self.current, (self.begin)()?).finish()?;
        self.n_passages = 0;
        // The file has no name: whatever ends this process ends it, too.
        let path = Path::new("a temporary file");
        let failed = |source| Error::Io { path: path.to_owned(), source };
        let file = tempfile::tempfile().map_err(failed)?;
        let mut container = Writer::new(file.try_clone().map_err(failed)?, path)?;
        files.write_whole(&mut container)?;
        container.finish()?;
        self.full.push(Container::of_file(&file, path)?);
        Ok(())
    }

    /// Finishes the one segment.
    pub fn finish(mut self) -> Result<EngineFiles> {
        if self.full.is_empty() {
            return self.current.finish();
        }
        if self.n_passages > 0 {
            self.set_aside()?;
        }
        engine::merge(&self.full)
    }
}
