//! Files inside files: gzip, Zstandard, and zip folders, all within bounds.

use std::io::{self, BufRead, BufReader, Read, Seek};

use super::format::Content;
use super::{Error, Format, Found, Options, Papers, read_whole};

/// Archives in archives: a gzipped zip of papers is plausible, more is an attack.
pub(super) const MAX_DEPTH: usize = 2;

/// Text packs to a third or a fifth, logs to a thirtieth; what unpacks to more is a bomb.
const MAX_RATIO: u64 = 250;

/// The ratio means nothing for little files.
const RATIO_FROM: u64 = 4 << 20;

/// What can be read from any place: the file itself, or its bytes.
pub(super) trait ReadSeek: Read + Seek + Send {}
impl<T: Read + Seek + Send> ReadSeek for T {}

/// Returns what a gzip or Zstandard stream of `packed_len` bytes holds, read within bounds.
pub(super) fn unpack(
    content: Content,
    stream: Box<dyn BufRead + Send>,
    packed_len: u64,
) -> io::Result<Box<dyn BufRead + Send>> {
    let unpacked: Box<dyn Read + Send> = match content {
        Content::Gzip => Box::new(flate2::bufread::MultiGzDecoder::new(stream)),
        _ => {
            let mut decoder = zstd::Decoder::with_buffer(stream)?;
            // 128 MiB of window at most: a header may ask for 2 GiB.
            decoder.window_log_max(27)?;
            Box::new(decoder)
        }
    };
    let limit = RATIO_FROM.max(packed_len.saturating_mul(MAX_RATIO));
    Ok(Box::new(BufReader::with_capacity(64 * 1024, Bounded { inner: unpacked, left: limit })))
}

/// A reader that fails, not ends, when more than `left` bytes come out of it.
struct Bounded<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer)?;
        self.left =
            self.left.checked_sub(n as u64).ok_or_else(|| io::Error::other(Error::Bomb { ratio: MAX_RATIO }))?;
        Ok(n)
    }
}

/// Returns our own error out of the `io::Error` that carried it through a reader.
pub(super) fn error_of(error: io::Error) -> Error {
    match error.downcast::<Error>() {
        Ok(ours) => ours,
        Err(error) => Error::Io(error),
    }
}

/// Reads all of a stream, up to `limit` bytes.
pub(super) fn read_all(stream: impl Read, limit: u64) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    stream.take(limit + 1).read_to_end(&mut bytes).map_err(error_of)?;
    if bytes.len() as u64 > limit { Err(Error::TooLarge { limit }) } else { Ok(bytes) }
}

/// Opens a zip file: the one paper it is, or the folder of papers it holds.
pub(super) fn open_zip(mut source: Box<dyn ReadSeek>, options: &Options, depth: usize) -> Result<Papers, Error> {
    let mut budget = Budget::of(&mut source)?;
    let mut archive = zip::ZipArchive::new(source).map_err(zip_error)?;
    if let Some(content) = document_kind(&mut archive) {
        return match content {
            Content::Paper(format) => {
                let mut source = archive.into_inner();
                source.rewind()?;
                let bytes = read_all(source, options.max_bytes)?;
                Ok(super::one(format, read_whole(format, bytes, options)))
            }
            Content::Unsupported(what) => Err(Error::Unsupported { what }),
            _ => unreachable!("a document is a paper or unsupported"),
        };
    }
    if depth >= MAX_DEPTH {
        return Err(Error::TooDeep { limit: MAX_DEPTH });
    }
    let names: Vec<String> = archive.file_names_raw().map(|name| String::from_utf8_lossy(name).into_owned()).collect();
    let mut indices: Vec<usize> = (0..archive.len()).filter(|&i| is_paper_entry(&names[i], &names)).collect();
    indices.sort_by(|&a, &b| names[a].cmp(&names[b]));
    let options = options.clone();
    Ok(Box::new(indices.into_iter().flat_map(move |i| -> Papers {
        match entry(&mut archive, i, &options, &mut budget) {
            Ok(bytes) => {
                let part = names[i].clone();
                match super::open_bytes(&names[i], bytes, &options, depth + 1) {
                    Ok(papers) => {
                        Box::new(papers.map(move |found| Found { part: Some(join(&part, found.part)), ..found }))
                    }
                    Err(error) => failed(&names[i], error),
                }
            }
            Err(error) => failed(&names[i], error),
        }
    })))
}

fn join(outer: &str, inner: Option<String>) -> String {
    inner.map_or(outer.to_owned(), |inner| format!("{outer}/{inner}"))
}

fn failed(part: &str, error: Error) -> Papers {
    let found = Found { part: Some(part.to_owned()), line: None, id: None, format: Format::Text, paper: Err(error) };
    Box::new(std::iter::once(found))
}

/// What may still come out of an archive: its entries may lie over each other, so that each is small and
/// all together are without measure.
struct Budget(u64);

impl Budget {
    fn of(source: &mut impl Seek) -> io::Result<Budget> {
        let len = source.seek(io::SeekFrom::End(0))?;
        source.rewind()?;
        Ok(Budget(RATIO_FROM.max(len.saturating_mul(MAX_RATIO))))
    }
}

/// Reads one entry, within bounds.
fn entry(
    archive: &mut zip::ZipArchive<Box<dyn ReadSeek>>,
    i: usize,
    options: &Options,
    budget: &mut Budget,
) -> Result<Vec<u8>, Error> {
    let file = archive.by_index(i).map_err(zip_error)?;
    if file.enclosed_name().is_none() {
        return Err(Error::Escapes);
    }
    if file.encrypted() {
        return Err(Error::Encrypted);
    }
    let limit = RATIO_FROM.max(file.compressed_size().saturating_mul(MAX_RATIO)).min(budget.0);
    let bytes = read_all(Bounded { inner: file, left: limit }, options.max_bytes)?;
    budget.0 -= bytes.len() as u64;
    Ok(bytes)
}

/// Tells entries that are papers from folders, hidden files, and what stands beside the corpus of a
/// BEIR collection (its queries and judgements).
fn is_paper_entry(name: &str, names: &[String]) -> bool {
    let hidden = name.split('/').any(|part| part == "__MACOSX" || (part.starts_with('.') && part != ".."));
    let beside_corpus = names.iter().any(|other| {
        let folder = other.strip_suffix("corpus.jsonl");
        folder.is_some_and(|folder| name.starts_with(folder) && name != other)
    });
    !name.ends_with('/') && !hidden && !beside_corpus
}

/// Tells a document that is a zip file from a folder.
fn document_kind(archive: &mut zip::ZipArchive<Box<dyn ReadSeek>>) -> Option<Content> {
    let has = |name: &str| archive.index_for_name(name).is_some();
    const KINDS: &[(&str, Content)] = &[
        ("word/document.xml", Content::Paper(Format::Docx)),
        ("xl/workbook.xml", Content::Unsupported("an Excel workbook")),
        ("ppt/presentation.xml", Content::Unsupported("a PowerPoint presentation")),
        ("META-INF/container.xml", Content::Paper(Format::Epub)),
    ];
    if let Some((_, content)) = KINDS.iter().find(|(name, _)| has(name)) {
        return Some(*content);
    }
    let small = &mut Budget(1 << 20);
    let kind = entry(archive, archive.index_for_name("mimetype")?, &Options::default(), small).ok()?;
    match String::from_utf8_lossy(&kind).trim() {
        "application/vnd.oasis.opendocument.text" => Some(Content::Paper(Format::Odt)),
        kind if kind.starts_with("application/vnd.oasis.opendocument") => {
            Some(Content::Unsupported("an OpenDocument file without text"))
        }
        _ => None,
    }
}

/// The parts of a document that is a zip file.
pub(super) struct Parts {
    archive: zip::ZipArchive<Box<dyn ReadSeek>>,
    options: Options,
    budget: Budget,
}

impl Parts {
    pub fn open(bytes: Vec<u8>, options: &Options) -> Result<Self, Error> {
        let mut source: Box<dyn ReadSeek> = Box::new(io::Cursor::new(bytes));
        let budget = Budget::of(&mut source)?;
        Ok(Parts { archive: zip::ZipArchive::new(source).map_err(zip_error)?, options: options.clone(), budget })
    }

    /// Returns a part as text, within bounds; `None` when there is none of the name.
    pub fn text(&mut self, name: &str) -> Result<Option<String>, Error> {
        let Some(i) = self.archive.index_for_name(name) else { return Ok(None) };
        let bytes = entry(&mut self.archive, i, &self.options, &mut self.budget)?;
        match super::encoding::decode_labelled(bytes) {
            Ok(decoded) => Ok(Some(decoded.text)),
            Err(Error::Empty) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Tells whether there is a part of the name.
    pub fn has(&self, name: &str) -> bool {
        self.archive.index_for_name(name).is_some()
    }
}

fn zip_error(error: zip::result::ZipError) -> Error {
    match error {
        zip::result::ZipError::Io(error) => error_of(error),
        other => Error::Io(io::Error::new(io::ErrorKind::InvalidData, other)),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::io::{Cursor, Write};

    use super::*;

    /// Makes a zip file of the entries given.
    pub fn zip_of(entries: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in entries {
            writer.start_file(*name, zip::write::SimpleFileOptions::default()).expect("a name is free");
            writer.write_all(bytes).expect("memory takes all");
        }
        writer.finish().expect("memory takes all").into_inner()
    }

    fn gzip_of(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(bytes).expect("memory takes all");
        encoder.finish().expect("memory takes all")
    }

    fn check(name: &str, bytes: Vec<u8>, expected: &[&str]) {
        let told: Vec<String> = match super::super::read_bytes(name, bytes, &Options::default()) {
            Err(error) => vec![error.to_string()],
            Ok(papers) => papers
                .map(|found| {
                    let place = found.part.or(found.id).unwrap_or_default();
                    format!("{place}: {}", found.paper.map_or_else(|error| error.to_string(), |paper| paper.text))
                })
                .collect(),
        };
        assert_eq!(told, expected, "{name}");
    }

    #[test]
    fn unpacks_a_paper_and_a_collection() {
        check("a.txt.gz", gzip_of(b"Border."), &[": Border."]);
        check("a.txt.zst", zstd::encode_all(&b"Border."[..], 1).expect("memory takes all"), &[": Border."]);
        check(
            "a.jsonl.gz",
            gzip_of(b"{\"id\":\"x\",\"text\":\"One.\"}\nbad\n"),
            &["x: One.", ": line 2 is no record: it is not JSON from column 1 on"],
        );
    }

    #[test]
    fn reads_a_folder_in_order_of_names() {
        let nested = zip_of(&[("c.txt", b"Three.")]);
        let bytes = zip_of(&[
            ("b/b.txt", b"Two."),
            ("a.txt", b"One."),
            ("__MACOSX/._a.txt", b"\0"),
            ("c.zip", &nested),
            ("d.txt", b""),
        ]);
        check("a.zip", bytes, &["a.txt: One.", "b/b.txt: Two.", "c.zip/c.txt: Three.", "d.txt: is empty"]);
    }

    #[test]
    fn takes_the_corpus_of_a_beir_collection_alone() {
        let bytes = zip_of(&[
            ("scifact/queries.jsonl", b"{\"_id\":\"q\",\"text\":\"Query.\"}\n"),
            ("scifact/corpus.jsonl", b"{\"_id\":\"1\",\"text\":\"One.\"}\n"),
            ("scifact/qrels/test.tsv", b"q\t1\t1\n"),
        ]);
        check("scifact.zip", bytes, &["scifact/corpus.jsonl: One."]);
    }

    #[test]
    fn stays_within_bounds() {
        check("bomb.gz", gzip_of(&vec![b' '; 64 << 20]), &["unpacks to more than 250 times its size"]);
        let bomb = vec![b'a'; 16 << 20];
        check(
            "bomb.zip",
            zip_of(&[("bomb.txt", &bomb), ("ok.txt", b"One.")]),
            &["bomb.txt: unpacks to more than 250 times its size", "ok.txt: One."],
        );
        check(
            "out.zip",
            zip_of(&[("../../etc/x.txt", b"One.")]),
            &["../../etc/x.txt: has a path that leaves its archive"],
        );
        let deep =
            (0..3).fold(b"One.".to_vec(), |inner, i| zip_of(&[(if i == 0 { "a.txt" } else { "a.zip" }, &inner)]));
        check("deep.zip", deep, &["a.zip/a.zip: lies more than 2 archives deep"]);
    }
}
