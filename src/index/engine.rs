//! tantivy, as far as this program uses it: term dictionary, postings, positions, lengths.
//!
//! Texts, papers and columns are kept in parts of our own ([`super::texts`], ...): tantivy's store
//! decompresses whatever a file claims, and its query parser and scorers are not ours to steer.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use tantivy::directory::error::{DeleteError, LockError, OpenReadError, OpenWriteError};
use tantivy::directory::{CompositeFile, DirectoryLock, FileHandle, FileSlice, Lock, RamDirectory, WatchCallback, WatchHandle, WritePtr};
use tantivy::schema::{Field as EngineField, IndexRecordOption, Schema, TextFieldIndexing, TextOptions};
use tantivy::tokenizer::{Token, TokenStream, Tokenizer, TokenizerManager};
use tantivy::index::SegmentComponent;
use tantivy::{Directory, HasLen, Segment, IndexSettings, SegmentReader, SingleSegmentIndexWriter, TantivyDocument};

use super::container::{Container, Part, Writer};
use super::dictionary::{DictionaryWriter, Infos};
use super::error::{Error, Result};
use super::forward::Ranks;
use super::surfaces::Usual;
use crate::analysis::Terms;
use crate::query::Field;

/// The fields of a passage, in the order of the schema.
pub(super) const FIELDS: [Field; 3] = [Field::Body, Field::Section, Field::Title];

/// The parts that tell the fields' lengths, a byte for each passage.
pub(super) const LENGTHS: [&str; 3] = ["lengths/body", "lengths/section", "lengths/title"];

/// Returns tantivy's numbers of [`FIELDS`].
pub(super) fn fields() -> [EngineField; 3] {
    [0, 1, 2].map(EngineField::from_field_id)
}

const TOKENIZER: &str = "polisearch";
/// The bodies' terms are found before the engine asks for them.
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
        let (tokenizer, option) = match field {
            Field::Body => (BODY_TOKENIZER, IndexRecordOption::WithFreqs),
            Field::Section | Field::Title => (TOKENIZER, IndexRecordOption::WithFreqsAndPositions),
        };
        let indexing =
            TextFieldIndexing::default().set_tokenizer(tokenizer).set_fieldnorms(true).set_index_option(option);
        builder.add_text_field(name(field), TextOptions::default().set_indexing_options(indexing));
    }
    builder.build()
}

fn tokenizers(body: Found) -> TokenizerManager {
    let manager = TokenizerManager::new();
    manager.register(TOKENIZER, Analyzer::default());
    manager.register(BODY_TOKENIZER, body);
    manager
}

/// Hands this program's terms to tantivy.
#[derive(Clone, Default)]
struct Analyzer {
    /// The text read last: sections and titles are those of the passage before, mostly.
    last: String,
    terms: Terms,
}

impl Tokenizer for Analyzer {
    type TokenStream<'a> = Stream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Stream<'a> {
        if text != self.last {
            text.clone_into(&mut self.last);
            self.terms.read(text);
        }
        Stream::of(&self.terms)
    }
}

/// Hands terms that are found already to tantivy, whatever the text.
#[derive(Clone, Default)]
struct Found {
    next: Arc<Mutex<Terms>>,
    terms: Terms,
}

impl Tokenizer for Found {
    type TokenStream<'a> = Stream<'a>;

    fn token_stream<'a>(&'a mut self, _: &'a str) -> Stream<'a> {
        self.terms = std::mem::take(&mut *self.next.lock().unwrap_or_else(PoisonError::into_inner));
        Stream::of(&self.terms)
    }
}

struct Stream<'a> {
    terms: &'a Terms,
    next: usize,
    token: Token,
}

impl<'a> Stream<'a> {
    fn of(terms: &'a Terms) -> Self {
        Stream { terms, next: 0, token: Token::default() }
    }
}

impl TokenStream for Stream<'_> {
    fn advance(&mut self) -> bool {
        if self.next == self.terms.len() {
            return false;
        }
        let (text, position) = self.terms.get(self.next);
        self.next += 1;
        self.token.text.clear();
        self.token.text.push_str(text);
        self.token.position = position as usize;
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

/// Builds the one segment of an index, in memory.
pub(super) struct EngineWriter {
    directory: RamDirectory,
    writer: SingleSegmentIndexWriter,
    fields: [EngineField; 3],
    /// The terms of the next body.
    body: Arc<Mutex<Terms>>,
}

/// Memory that tantivy may take before it complains; it is a bound on settings, not on use.
const MEMORY: usize = 64 << 20;

impl EngineWriter {
    pub fn new() -> Result<Self> {
        let directory = RamDirectory::create();
        let schema = schema();
        let fields = FIELDS.map(|field| schema.get_field(name(field)).expect("the schema has it"));
        let found = Found::default();
        let body = Arc::clone(&found.next);
        let writer = tantivy::Index::builder()
            .schema(schema)
            .tokenizers(tokenizers(found))
            .settings(IndexSettings { docstore_compress_dedicated_thread: false, ..IndexSettings::default() })
            .single_segment_index_writer(directory.clone(), MEMORY)?;
        Ok(EngineWriter { directory, writer, fields, body })
    }

    /// Adds a passage; its number is the count of those before it.
    pub fn add(&mut self, body: Terms, section: &str, title: &str) -> Result<()> {
        // What is found already needs no text; it is asked for when there is one.
        const ANY: &str = "-";
        let text = if body.is_empty() { "" } else { ANY };
        *self.body.lock().unwrap_or_else(PoisonError::into_inner) = body;
        let mut document = TantivyDocument::new();
        for (field, text) in self.fields.into_iter().zip([text, section, title]) {
            if !text.is_empty() {
                document.add_text(field, text);
            }
        }
        Ok(self.writer.add_document(document)?)
    }

    /// Returns how many bytes the segment takes by now.
    pub fn memory(&self) -> usize {
        self.writer.mem_usage()
    }

    /// Finishes the segment.
    pub fn finish(self) -> Result<EngineFiles> {
        EngineFiles::of(&self.writer.finalize()?, self.directory)
    }
}

/// Merges segments that lie in containers, in their order.
pub(super) fn merge(containers: &[Container]) -> Result<EngineFiles> {
    let open = |container: &Container| tantivy::Index::open(Parts { container: Arc::new(container.clone()) });
    let indexes = containers.iter().map(open).collect::<tantivy::Result<Vec<_>>>()?;
    let directory = RamDirectory::create();
    let merged = tantivy::indexer::merge_indices(&indexes, directory.clone())?;
    EngineFiles::of(&merged, directory)
}

/// A finished segment's files, in memory.
pub(super) struct EngineFiles {
    directory: RamDirectory,
    id: String,
    pub n_passages: u32,
}

/// The files of a segment that searches read, by their extension.
const READ: [&str; 2] = ["idx", "pos"];
/// Files that tantivy asks for and nothing reads: those of a segment of one word stand for them.
/// Words, lengths and texts have parts of our own.
const UNREAD: [&str; 4] = ["term", "fieldnorm", "store", "fast"];

impl EngineFiles {
    fn of(index: &tantivy::Index, directory: RamDirectory) -> Result<Self> {
        let segment = index.searchable_segments()?.into_iter().next();
        let n_passages = segment.as_ref().map_or(0, |segment| segment.meta().max_doc());
        let id = segment.map(|segment| segment.id().uuid_string()).unwrap_or_default();
        Ok(EngineFiles { directory, id, n_passages })
    }

    /// Writes the files as parts, under names that do not vary.
    pub fn write(&self, container: &mut Writer) -> Result<()> {
        self.write_meta(container)?;
        self.write_parts(&READ, container)?;
        let mut smallest = EngineWriter::new()?;
        smallest.add(Terms::of("a"), "a", "a")?;
        smallest.finish()?.write_parts(&UNREAD, container)
    }

    /// Writes all files, so that the segment can be merged with others.
    pub fn write_whole(&self, container: &mut Writer) -> Result<()> {
        self.write_meta(container)?;
        self.write_parts(&READ, container)?;
        self.write_parts(&UNREAD, container)
    }

    fn write_meta(&self, container: &mut Writer) -> Result<()> {
        let meta = self.directory.atomic_read(Path::new(META)).map_err(|error| Error::Engine(error.into()))?;
        let mut meta: serde_json::Value = serde_json::from_slice(&meta)
            .map_err(|error| Error::Engine(tantivy::TantivyError::InternalError(error.to_string())))?;
        if let Some(meta) = meta.as_object_mut() {
            // How a segment came about is no part of it.
            meta.remove("payload");
            meta.insert("opstamp".to_owned(), 0.into());
        }
        let meta = format!("{meta:#}\n").replace(&dashed(&self.id), SEGMENT_DASHED);
        container.part("engine/meta", meta.as_bytes())
    }

    fn write_parts(&self, extensions: &[&str], container: &mut Writer) -> Result<()> {
        for extension in extensions {
            let path = format!("{}.{extension}", self.id);
            let file = self.directory.open_read(Path::new(&path)).map_err(|error| Error::Engine(error.into()))?;
            let bytes = file.read_bytes().map_err(|error| Error::Engine(error.into()))?;
            container.part(&format!("engine/{extension}"), &bytes)?;
        }
        Ok(())
    }

    /// Opens the segment for reading.
    pub fn open(&self) -> Result<SegmentReader> {
        Ok(SegmentReader::open(&segment(self.directory.clone())?)?)
    }
}

/// Writes the words of a segment with where they are found, and the lengths of its fields.
pub(super) fn write_words(reader: &SegmentReader, ranks: &Ranks, usual: &Usual, container: &mut Writer) -> Result<()> {
    let inverted = fields().map(|field| reader.inverted_index(field));
    let mut words: BTreeMap<Vec<u8>, Infos> = BTreeMap::new();
    for (i, inverted) in inverted.into_iter().enumerate() {
        let inverted = inverted?;
        let mut terms = inverted.terms().stream()?;
        while terms.advance() {
            words.entry(terms.key().to_owned()).or_default()[i] = Some(terms.value().clone());
        }
    }
    let mut dictionary = DictionaryWriter::default();
    for (word, infos) in &words {
        let ranked = std::str::from_utf8(word).ok().and_then(|word| ranks.of(word));
        dictionary.add(word, infos, ranked.map(|(id, rank)| (rank, usual.of(id))));
    }
    dictionary.finish(container)?;
    for (name, field) in LENGTHS.into_iter().zip(fields()) {
        let lengths = reader.get_fieldnorms_reader(field)?;
        let codes: Vec<u8> = (0..reader.max_doc()).map(|passage| lengths.fieldnorm_id(passage)).collect();
        container.part(name, &codes)?;
    }
    Ok(())
}

fn dashed(id: &str) -> String {
    if id.len() != 32 {
        return id.to_owned();
    }
    format!("{}-{}-{}-{}-{}", &id[..8], &id[8..12], &id[12..16], &id[16..20], &id[20..])
}

/// Opens the engine's parts of a container: its reader, and the bytes of all lists by field.
pub(super) fn open_parts(container: &Container) -> Result<(SegmentReader, [FileSlice; 3])> {
    /// Words of the field stand before its lists, in so many bytes.
    const N_WORDS: usize = 8;
    let segment = segment(Parts { container: Arc::new(container.clone()) })?;
    let file = segment.open_read(SegmentComponent::Postings).map_err(|error| Error::Engine(error.into()))?;
    let file = CompositeFile::open(&file).map_err(|error| container.broken(&error))?;
    let lists = |field| file.open_read(field).filter(|lists| lists.len() >= N_WORDS);
    let lists = fields().map(|field| lists(field).map_or_else(FileSlice::empty, |lists| lists.slice_from(N_WORDS)));
    Ok((SegmentReader::open(&segment)?, lists))
}

fn segment(directory: impl Directory) -> Result<Segment> {
    let mut index = tantivy::Index::open(directory)?;
    index.set_tokenizers(tokenizers(Found::default()));
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
