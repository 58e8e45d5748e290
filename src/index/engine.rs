//! tantivy, as far as this program uses it: term dictionary, postings, positions, lengths.
//!
//! Texts, papers and columns are kept in parts of our own ([`super::texts`], ...): tantivy's store
//! decompresses whatever a file claims, and its query parser and scorers are not ours to steer.

use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

use tantivy::directory::error::{DeleteError, LockError, OpenReadError, OpenWriteError};
use tantivy::directory::{
    CompositeWrite, DirectoryLock, FileHandle, FileSlice, Lock, RamDirectory, WatchCallback, WatchHandle, WritePtr,
};
use tantivy::fieldnorm::FieldNormReader;
use tantivy::positions::PositionSerializer;
use tantivy::postings::serializer::PostingsSerializer;
use tantivy::schema::{Field as EngineField, IndexRecordOption, Schema, TextFieldIndexing, TextOptions};
use tantivy::tokenizer::{RawTokenizer, TokenizerManager};
use tantivy::{Directory, IndexSettings, Segment, SegmentReader, TantivyDocument};

use super::blocks::{self, BLOCK};
use super::container::{Container, Part, Writer};
use super::error::{Error, Result};
use super::headings::Firsts;
use super::interpolative::BitWriter;
use super::inverted::Inverted;
use super::packed::{self, Column};
use super::postings::{BODY, Extent, Lists, peak_weights, shares};
use super::unions;
use crate::query::Field;

/// The fields of a passage, in the order of the schema.
pub(super) const FIELDS: [Field; 3] = [Field::Body, Field::Section, Field::Title];

/// The parts that tell the fields' lengths, a byte for each passage.
pub(super) const LENGTHS: [&str; 3] = ["lengths/body", "lengths/section", "lengths/title"];

/// The part of the passages of bodies that do not fill a block.
const RESTS: &str = "rests";
/// The part of those that do.
const BLOCKS: &str = "blocks";

/// The parts that tell where runs of passages of one section, of one title begin.
const FIRSTS: [&str; 2] = ["sections/first", "titles/first"];

/// Returns the place of a field among [`FIELDS`].
pub(super) fn number(field: Field) -> usize {
    FIELDS.iter().position(|&f| f == field).expect("all fields are listed")
}

/// Returns tantivy's numbers of [`FIELDS`].
pub(super) fn fields() -> [EngineField; 3] {
    [0, 1, 2].map(EngineField::from_field_id)
}

/// The engine wants to know who cuts texts into words, though it is never asked to.
const TOKENIZER: &str = "polisearch";
const BODY_TOKENIZER: &str = "polisearch-body";
/// Takes the place of the random name that tantivy gives a segment, so that builds are the same.
const SEGMENT: &str = "00000000000000000000000000000001";
const SEGMENT_DASHED: &str = "00000000-0000-0000-0000-000000000001";
const META: &str = "meta.json";
const MANAGED: &str = ".managed.json";

fn name(field: Field) -> &'static str {
    match field {
        Field::Body => "body",
        Field::Section => "section",
        Field::Title => "title",
    }
}

fn schema() -> Schema {
    let mut builder = Schema::builder();
    for field in FIELDS {
        // Where words stand in bodies is told by the forward index.
        let (tokenizer, placed) = match field {
            Field::Body => (BODY_TOKENIZER, false),
            Field::Section | Field::Title => (TOKENIZER, true),
        };
        let indexing =
            TextFieldIndexing::default().set_tokenizer(tokenizer).set_fieldnorms(true).set_index_option(option(placed));
        builder.add_text_field(name(field), TextOptions::default().set_indexing_options(indexing));
    }
    builder.build()
}

fn tokenizers() -> TokenizerManager {
    let manager = TokenizerManager::new();
    [TOKENIZER, BODY_TOKENIZER].into_iter().for_each(|name| manager.register(name, RawTokenizer::default()));
    manager
}

/// Codes lists of passages, or of their runs, and of positions in them.
pub(super) struct Coder<'i> {
    lengths: FieldNormReader,
    mean_length: f32,
    option: IndexRecordOption,
    /// Of runs, see [`Inverted::firsts`].
    firsts: &'i [u32],
    /// The passages' lengths, and what an occurrence counts by them.
    codes: &'i [u8],
    weights: [f32; 256],
    /// The number of passages of the index.
    n_passages: u32,
}

/// Coded lists, one behind the other, with where each is.
#[derive(Default)]
pub(super) struct Coded {
    pub postings: Vec<u8>,
    /// Positions; of bodies, which have none, the passages that do not fill a block.
    pub beside: Vec<u8>,
    /// `None` for a word that no passage holds.
    pub extents: Vec<Option<Extent>>,
}

impl<'i> Coder<'i> {
    /// Returns the coder of a field's lists, with positions or without.
    pub fn new(inverted: &'i Inverted, placed: bool) -> Result<Self> {
        let Inverted { lengths, firsts, .. } = inverted;
        let of_run = |run: &[u32]| lengths.codes.get(run[0] as usize).copied().unwrap_or(0);
        let codes = if placed { firsts.windows(2).map(of_run).collect() } else { lengths.codes.clone() };
        let mean_length = lengths.n_words as f32 / lengths.codes.len() as f32;
        Ok(Coder {
            lengths: FieldNormReader::open(FileSlice::from(codes))?,
            mean_length,
            codes: &lengths.codes,
            weights: peak_weights(mean_length),
            option: option(placed),
            firsts,
            n_passages: lengths.codes.len() as u32,
        })
    }

    /// Codes lists: the passage of each token, ascending; where positions are kept its run, and its position there.
    pub fn code<'t>(&self, lists: impl Iterator<Item = (&'t [u32], &'t [u32])>) -> Result<Coded> {
        let fresh = || PostingsSerializer::new(self.mean_length, self.option, Some(self.lengths.clone()));
        let mut coded = Coded::default();
        let mut coder = fresh();
        let mut entries: Vec<(u32, u32)> = Vec::new();
        for (passages, places) in lists {
            entries.clear();
            entries.extend(passages.chunk_by(|a, b| a == b).map(|same| (same[0], same.len() as u32)));
            if entries.is_empty() || !self.is_placed() {
                let extent = self.put_bodies(&entries, &mut coded);
                coded.extents.push((!entries.is_empty()).then_some(extent));
                continue;
            }
            let [start, beside_start] = [coded.postings.len(), coded.beside.len()];
            let n_runs = entries.len() as u32;
            coder.new_term(n_runs, true);
            entries.iter().for_each(|&(run, count)| coder.write_doc(run, count));
            coder.close_term(n_runs, &mut coded.postings)?;
            // What the engine remembers of a list with full blocks would harm the next.
            if n_runs as usize >= BLOCK {
                coder = fresh();
            }
            place(passages, places, &mut coded.beside)?;
            let n_of = |&(run, _): &(u32, u32)| self.firsts[run as usize + 1] - self.firsts[run as usize];
            coded.extents.push(Some(Extent {
                n_passages: entries.iter().map(n_of).sum(),
                n_runs,
                postings: start..coded.postings.len(),
                beside: beside_start..coded.beside.len(),
                ..Extent::default()
            }));
        }
        Ok(coded)
    }

    /// Codes a list of bodies, passages with counts, puts it behind those coded before, and returns where it is.
    pub fn put_bodies(&self, entries: &[(u32, u32)], coded: &mut Coded) -> Extent {
        let [start, beside_start] = [coded.postings.len(), coded.beside.len()];
        let n_passages = entries.len() as u32;
        let (listed, rest) = entries.split_at(shares(n_passages).0 as usize);
        let code = |passage: u32| self.codes[passage as usize];
        blocks::put(listed, code, &self.weights, &mut coded.postings);
        coded.beside.extend(self.rest(listed.last().map_or(0, |(last, _)| last + 1), rest));
        let [postings, beside] = [start..coded.postings.len(), beside_start..coded.beside.len()];
        Extent { n_passages, postings, beside, ..Extent::default() }
    }

    fn is_placed(&self) -> bool {
        self.option.has_positions()
    }

    /// Codes the end of a list, whose passages lie from `first` on.
    fn rest(&self, first: u32, entries: &[(u32, u32)]) -> Vec<u8> {
        let passages: Vec<u32> = entries.iter().map(|&(passage, _)| passage).collect();
        let mut writer = BitWriter::default();
        writer.put_ascending(&passages, first, self.n_passages.saturating_sub(1));
        entries.iter().for_each(|&(_, count)| writer.put_count(count));
        writer.finish()
    }
}

/// Codes the positions of a list.
fn place(passages: &[u32], places: &[u32], positions: &mut Vec<u8>) -> Result<()> {
    if passages.is_empty() {
        return Ok(());
    }
    let mut placer = PositionSerializer::new(positions);
    let mut before = (0, 0);
    for (&passage, &place) in passages.iter().zip(places) {
        let from = if before.0 == passage { before.1 } else { 0 };
        placer.write_positions_delta(&[place - from]);
        before = (passage, place);
    }
    Ok(placer.close_term()?)
}

fn option(placed: bool) -> IndexRecordOption {
    if placed { IndexRecordOption::WithFreqsAndPositions } else { IndexRecordOption::WithFreqs }
}

/// A finished segment's files, in memory.
pub(super) struct EngineFiles {
    directory: RamDirectory,
    id: String,
}

/// The files of a segment that searches read, by their extension.
const READ: [&str; 2] = ["idx", "pos"];
/// Files that tantivy asks for and nothing reads: those of a segment of one word stand for them.
/// Words, lengths and texts have parts of our own.
const UNREAD: [&str; 4] = ["term", "fieldnorm", "store", "fast"];

impl EngineFiles {
    /// Makes a segment of the lists of [`FIELDS`].
    pub fn of(inverted: &[Inverted; 3]) -> Result<Self> {
        // tantivy may take so much before it complains; it takes little.
        const MEMORY: usize = 16 << 20;
        let directory = RamDirectory::create();
        let mut smallest = tantivy::Index::builder()
            .schema(schema())
            .tokenizers(tokenizers())
            .settings(IndexSettings { docstore_compress_dedicated_thread: false, ..IndexSettings::default() })
            .single_segment_index_writer::<TantivyDocument>(directory.clone(), MEMORY)?;
        let mut document = TantivyDocument::new();
        fields().into_iter().for_each(|field| document.add_text(field, "a"));
        smallest.add_document(document)?;
        let index = smallest.finalize()?;
        let segment = index.searchable_segments()?.into_iter().next().ok_or(Error::NoPapers)?;
        let id = segment.id().uuid_string();
        for extension in READ {
            let path = format!("{id}.{extension}");
            directory.delete(Path::new(&path)).map_err(std::io::Error::other)?;
            let file = index.directory().open_write(Path::new(&path)).map_err(|error| Error::Engine(error.into()))?;
            let mut parts = CompositeWrite::wrap(file);
            for (field, lists) in fields().into_iter().zip(inverted).filter(|(_, lists)| lists.lengths.n_words > 0) {
                let part = parts.for_field(field);
                if extension == "idx" {
                    part.write_all(&lists.lengths.n_words.to_le_bytes())?;
                }
                // Those of bodies are parts of our own.
                if field != fields()[BODY] {
                    part.write_all(if extension == "idx" { &lists.coded.postings } else { &lists.coded.beside })?;
                }
            }
            parts.close()?;
        }
        let files = EngineFiles { directory, id };
        files.set_passages(inverted[0].lengths.codes.len())?;
        Ok(files)
    }

    /// Tells the engine's description how many passages there are.
    fn set_passages(&self, n_passages: usize) -> Result<()> {
        let mut meta = self.meta()?;
        if let Some(n) = meta.pointer_mut("/segments/0/max_doc") {
            *n = n_passages.into();
        }
        let meta = format!("{meta:#}\n");
        Ok(self.directory.atomic_write(Path::new(META), meta.as_bytes())?)
    }

    fn meta(&self) -> Result<serde_json::Value> {
        let meta = self.directory.atomic_read(Path::new(META)).map_err(|error| Error::Engine(error.into()))?;
        serde_json::from_slice(&meta)
            .map_err(|error| Error::Engine(tantivy::TantivyError::InternalError(error.to_string())))
    }

    /// Writes the files as parts, under names that do not vary.
    pub fn write(&self, inverted: &[Inverted; 3], container: &mut Writer) -> Result<()> {
        let mut meta = self.meta()?;
        if let Some(meta) = meta.as_object_mut() {
            // How a segment came about is no part of it.
            meta.remove("payload");
            meta.insert("opstamp".to_owned(), 0.into());
        }
        let meta = format!("{meta:#}\n").replace(&dashed(&self.id), SEGMENT_DASHED);
        container.part("engine/meta", meta.as_bytes())?;
        for extension in READ.iter().chain(&UNREAD) {
            let path = format!("{}.{extension}", self.id);
            let file = self.directory.open_read(Path::new(&path)).map_err(|error| Error::Engine(error.into()))?;
            let bytes = file.read_bytes().map_err(|error| Error::Engine(error.into()))?;
            container.part(&format!("engine/{extension}"), &bytes)?;
        }
        for (name, lists) in FIRSTS.into_iter().zip(&inverted[1..]) {
            packed::write(name, &lists.firsts, container)?;
        }
        container.part(BLOCKS, &inverted[BODY].coded.postings)?;
        container.part(RESTS, &inverted[BODY].coded.beside)
    }

    /// Opens the lists for reading.
    pub fn open(&self, inverted: &[Inverted; 3]) -> Result<Lists> {
        let Coded { postings, beside, .. } = &inverted[BODY].coded;
        let bodies = [postings, beside].map(|bytes| FileSlice::from(bytes.clone()));
        let unions = [FileSlice::empty(), FileSlice::empty()];
        let firsts = [1, 2].map(|field: usize| Firsts::Known(inverted[field].firsts.clone()));
        open_lists(&segment(self.directory.clone())?, bodies, unions, firsts)
    }
}

fn dashed(id: &str) -> String {
    if id.len() != 32 {
        return id.to_owned();
    }
    format!("{}-{}-{}-{}-{}", &id[..8], &id[8..12], &id[12..16], &id[16..20], &id[20..])
}

/// Opens the lists of a container.
pub(super) fn open_parts(container: &Container) -> Result<Lists> {
    let slices = |names: [&str; 2]| -> Result<[FileSlice; 2]> {
        let [blocks, rests] = names.map(|name| container.part(name).cloned());
        Ok([blocks?, rests?].map(|part| FileSlice::new(Arc::new(part))))
    };
    let (bodies, unions) = (slices([BLOCKS, RESTS])?, slices([unions::BLOCKS, unions::RESTS])?);
    let [sections, titles] =
        FIRSTS.map(|name| Column::open(container, name, 0).map(|column| Firsts::Stored(Box::new(column))));
    open_lists(&segment(Parts { container: Arc::new(container.clone()) })?, bodies, unions, [sections?, titles?])
}

fn open_lists(segment: &Segment, bodies: [FileSlice; 2], unions: [FileSlice; 2], firsts: [Firsts; 2]) -> Result<Lists> {
    Ok(Lists::new(&SegmentReader::open(segment)?, bodies, unions, firsts)?)
}

fn segment(directory: impl Directory) -> Result<Segment> {
    let mut index = tantivy::Index::open(directory)?;
    index.set_tokenizers(tokenizers());
    index.searchable_segments()?.into_iter().next().ok_or(Error::NoPapers)
}

/// The engine's parts of a container, as a directory that can only be read.
#[derive(Clone, Debug)]
struct Parts {
    container: Arc<Container>,
}

impl Parts {
    fn part(&self, path: &Path) -> Option<&Part> {
        let name = match path.to_str()? {
            META => "engine/meta".to_owned(),
            name => format!("engine/{}", name.strip_prefix(SEGMENT)?.strip_prefix('.')?),
        };
        self.container.part_if_any(&name)
    }
}

fn read_only() -> std::io::Error {
    std::io::Error::new(std::io::ErrorKind::PermissionDenied, "an artifact is only read")
}

impl Directory for Parts {
    fn get_file_handle(&self, path: &Path) -> std::result::Result<Arc<dyn FileHandle>, OpenReadError> {
        let part = self.part(path).ok_or_else(|| OpenReadError::FileDoesNotExist(path.to_owned()))?;
        Ok(Arc::new(part.clone()))
    }

    fn delete(&self, path: &Path) -> std::result::Result<(), DeleteError> {
        Err(DeleteError::IoError { io_error: Arc::new(read_only()), filepath: path.to_owned() })
    }

    fn exists(&self, path: &Path) -> std::result::Result<bool, OpenReadError> {
        Ok(self.part(path).is_some())
    }

    fn open_write(&self, path: &Path) -> std::result::Result<WritePtr, OpenWriteError> {
        Err(OpenWriteError::wrap_io_error(read_only(), path.to_owned()))
    }

    fn atomic_read(&self, path: &Path) -> std::result::Result<Vec<u8>, OpenReadError> {
        // tantivy keeps a list of the files it may delete; here there are none.
        if path == Path::new(MANAGED) {
            return Ok(b"[]".to_vec());
        }
        let part = self.part(path).ok_or_else(|| OpenReadError::FileDoesNotExist(path.to_owned()))?;
        let failed = |error| OpenReadError::wrap_io_error(error, path.to_owned());
        part.bytes_at(0..part.n_bytes()).map(|bytes| bytes.to_vec()).map_err(failed)
    }

    fn atomic_write(&self, _: &Path, _: &[u8]) -> std::io::Result<()> {
        Err(read_only())
    }

    fn sync_directory(&self) -> std::io::Result<()> {
        Ok(())
    }

    fn acquire_lock(&self, _: &Lock) -> std::result::Result<DirectoryLock, LockError> {
        // Nothing is written, so there is nothing to guard.
        Ok(DirectoryLock::from(Box::new(())))
    }

    fn watch(&self, _: WatchCallback) -> tantivy::Result<WatchHandle> {
        Ok(WatchHandle::empty())
    }
}
