//! The answer to a row, made on any thread.

use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};

use polisearch::eval::queries::Row;
use polisearch::output::{Asked, Format, IndexInfo, Style, Writer};
use polisearch::query::{self, Thesaurus};
use polisearch::search::{Detail, Options, Searcher};

use crate::cli::args::{Batch, Common};
use crate::cli::search::{expanded, options};
use crate::cli::terminal;

/// Answers rows, on any thread.
pub struct Answerer<'i> {
    thesaurus: Thesaurus<'i>,
    searcher: Searcher<'i>,
    options: Options,
    format: Format,
    style: Style,
    info: IndexInfo,
    tag: String,
}

/// What became of a row.
pub struct Answer {
    pub id: String,
    pub text: String,
    pub n_hits: usize,
    pub n_matches: u64,
    /// Kind and message of what went wrong.
    pub error: Option<(String, String)>,
    /// As it is printed, without what begins a stream.
    pub printed: Vec<u8>,
}

impl<'i> Answerer<'i> {
    pub fn new(
        common: &Common,
        asked: &Batch,
        thesaurus: Thesaurus<'i>,
        searcher: Searcher<'i>,
        info: IndexInfo,
    ) -> Self {
        let format = Format::from(asked.format);
        let detail = if format == Format::Trec || asked.none { Detail::Id } else { Detail::Full };
        Answerer {
            thesaurus,
            searcher,
            options: Options {
                detail,
                count: format.tells_summary() || asked.status.is_some(),
                ..options(&asked.asking)
            },
            format,
            style: terminal::style(common.color),
            info,
            tag: asked.tag.clone(),
        }
    }

    pub fn answer(&self, row: Row) -> Answer {
        let id = id_in(self.format, &row.id);
        let text = match row.text {
            Ok(text) => text,
            Err(error) => return self.failed(id, String::new(), error.kind(), &message(&error)),
        };
        let tried = catch_unwind(AssertUnwindSafe(|| {
            let query = self.thesaurus.expand(query::parse(&text));
            self.searcher.search(&query, &self.options).map(|results| (query, results))
        }));
        let (query, results) = match tried {
            Ok(Ok(found)) => found,
            Ok(Err(error)) => return self.failed(id, text, "search", &message(&error)),
            Err(_) => return self.failed(id, text, "fault", "a fault of this program"),
        };
        let mut writer = self.writer(self.heading(&id, &text));
        let expanded = if self.format.tells_summary() { expanded(&query) } else { Vec::new() };
        // Writing to memory can't fail.
        let _ = writer.results(&Asked { id: &id, text: &text, expanded: &expanded }, &results);
        let (n_hits, n_matches) = (results.hits.len(), results.counts.map_or(0, |counts| counts.n_matches));
        Answer { n_hits, n_matches, error: None, printed: writer.into_inner(), id, text }
    }

    fn failed(&self, id: String, text: String, kind: &str, message: &str) -> Answer {
        let heading = match self.format {
            Format::Human | Format::Plain => self.heading(&id, &format!("failed: {message}")),
            Format::Markdown => format!("## {id}\n\nfailed: {message}\n\n").into_bytes(),
            Format::Json | Format::Csv | Format::Trec | Format::Vimgrep => Vec::new(),
        };
        let mut writer = self.writer(heading);
        let _ = writer.failure(&id, kind, message);
        let error = Some((kind.to_owned(), message.to_owned()));
        Answer { n_hits: 0, n_matches: 0, error, printed: writer.into_inner(), id, text }
    }

    /// Returns a line that says what the hits below it answer, where hits themselves do not.
    fn heading(&self, id: &str, text: &str) -> Vec<u8> {
        let mut heading = Vec::new();
        if matches!(self.format, Format::Human | Format::Plain) {
            let _ = writeln!(heading, "# {id}: {}", text.split_whitespace().collect::<Vec<_>>().join(" "));
        }
        heading
    }

    fn writer(&self, out: Vec<u8>) -> Writer<Vec<u8>> {
        Writer::going_on(out, self.format, self.style.clone(), self.info.clone(), self.tag.clone())
    }
}

/// Returns an id as a format can hold it: in TREC runs it is one word.
pub fn id_in(format: Format, id: &str) -> String {
    match format {
        Format::Trec => id.split_whitespace().collect::<Vec<_>>().join("_"),
        _ => id.to_owned(),
    }
}

/// Returns an error with what caused it, in one line.
fn message(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    causes.fold(error.to_string(), |message, cause| format!("{message}: {cause}"))
}
