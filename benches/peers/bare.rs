//! tantivy alone: the same passages and words as polisearch, stemmed, with tantivy's own ranking.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::ops::Bound;
use std::path::Path;

use polisearch::analysis::{Language, Stemmer, TermKind, is_stop_word, terms};
use tantivy::collector::TopDocs;
use tantivy::columnar::StrColumn;
use tantivy::query::{BooleanQuery, Occur, PhraseQuery, Query, RangeQuery, TermQuery};
use tantivy::schema::{FAST, Field, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions};
use tantivy::tokenizer::{RawTokenizer, Token, TokenStream, Tokenizer, TokenizerManager};
use tantivy::{Index, IndexReader, IndexWriter, ReloadPolicy, Searcher, TantivyDocument, Term};

use crate::disk::Disk;

const ANALYZER: &str = "stemmed";
/// Memory for one thread: large enough that writing segments out does not slow it down.
const MEMORY: usize = 512 << 20;

fn schema() -> (Schema, Field, Field) {
    let mut builder = Schema::builder();
    let id = builder.add_text_field("id", STRING | FAST);
    let indexing =
        TextFieldIndexing::default().set_tokenizer(ANALYZER).set_index_option(IndexRecordOption::WithFreqsAndPositions);
    let options = TextOptions::default().set_indexing_options(indexing) | STORED;
    let contents = builder.add_text_field("contents", options);
    (builder.build(), id, contents)
}

/// Builds an index of passages on so many threads; with one, it ends as one segment.
pub fn build(passages: &Path, folder: &Path, n_threads: usize) -> Result<(), String> {
    fn failed(error: impl std::fmt::Display) -> String {
        error.to_string()
    }
    let _ = std::fs::remove_dir_all(folder);
    std::fs::create_dir_all(folder).map_err(failed)?;
    let (schema, id, contents) = schema();
    let tokenizers = TokenizerManager::new();
    tokenizers.register(ANALYZER, Stemmed::default());
    tokenizers.register("raw", RawTokenizer::default());
    let builder = Index::builder().schema(schema).tokenizers(tokenizers);
    let index = builder.open_or_create(Disk(folder.to_owned())).map_err(failed)?;
    let mut writer: IndexWriter = index.writer_with_num_threads(n_threads, MEMORY * n_threads).map_err(failed)?;
    for line in BufReader::new(File::open(passages).map_err(failed)?).lines() {
        let record: serde_json::Value = serde_json::from_str(&line.map_err(failed)?).map_err(failed)?;
        let mut document = TantivyDocument::new();
        document.add_text(id, record["id"].as_str().unwrap_or_default());
        document.add_text(contents, record["contents"].as_str().unwrap_or_default());
        writer.add_document(document).map_err(failed)?;
    }
    writer.commit().map_err(failed)?;
    let segments = index.searchable_segment_ids().map_err(failed)?;
    if segments.len() > 1 {
        writer.merge(&segments).wait().map_err(failed)?;
    }
    writer.wait_merging_threads().map_err(failed)
}

/// An open index.
pub struct Bare {
    searcher: Searcher,
    contents: Field,
    /// The ids of each segment's passages.
    ids: Vec<StrColumn>,
}

impl Bare {
    pub fn open(folder: &Path) -> Result<Bare, String> {
        let (_, _, contents) = schema();
        let open = || -> tantivy::Result<Bare> {
            let index = Index::open(Disk(folder.to_owned()))?;
            let reader: IndexReader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
            let searcher = reader.searcher();
            let column = |segment: &tantivy::SegmentReader| segment.fast_fields().str("id");
            let ids = searcher.segment_readers().iter().map(column).collect::<tantivy::Result<Vec<_>>>()?;
            Ok(Bare { searcher, contents, ids: ids.into_iter().flatten().collect() })
        };
        open().map_err(|error| error.to_string())
    }

    /// Returns how many of the best ten there are; their ids are read.
    pub fn search(&self, class: &str, text: &str) -> Result<u64, String> {
        let search = || -> tantivy::Result<u64> {
            let query = self.query(class, text);
            let top = self.searcher.search(&*query, &TopDocs::with_limit(10).order_by_score())?;
            let mut id = String::new();
            let mut n_hits = 0;
            for (_, address) in top {
                let column = &self.ids[address.segment_ord as usize];
                if let Some(ord) = column.term_ords(address.doc_id).next() {
                    id.clear();
                    n_hits += u64::from(column.ord_to_str(ord, &mut id)?);
                }
            }
            Ok(n_hits)
        };
        search().map_err(|error| error.to_string())
    }

    fn query(&self, class: &str, text: &str) -> Box<dyn Query> {
        let term = |word: &String| Term::from_field_text(self.contents, word);
        let one =
            |word: &String| -> Box<dyn Query> { Box::new(TermQuery::new(term(word), IndexRecordOption::WithFreqs)) };
        let phrase = |text: &str| -> Box<dyn Query> {
            match &stems(text)[..] {
                [word] => one(word),
                words => Box::new(PhraseQuery::new(words.iter().map(term).collect())),
            }
        };
        match class {
            "phrase" => phrase(text),
            "prefix" => {
                // All terms from the prefix to the one behind the last that begins with it.
                let end = format!("{text}\u{10ffff}");
                Box::new(RangeQuery::new(
                    Bound::Included(Term::from_field_text(self.contents, text)),
                    Bound::Excluded(Term::from_field_text(self.contents, &end)),
                ))
            }
            "topic" => Box::new(BooleanQuery::union(text.split('|').map(phrase).collect())),
            _ => {
                let occur = if class == "all" { Occur::Must } else { Occur::Should };
                // As in the peers' own analysis: function words are not looked up.
                let text = text.split(' ').filter(|word| !is_stop_word(word)).collect::<Vec<_>>().join(" ");
                Box::new(BooleanQuery::new(stems(&text).iter().map(|word| (occur, one(word))).collect()))
            }
        }
    }
}

fn stems(text: &str) -> Vec<String> {
    let mut stemmed = Stemmed::default();
    let mut stream = stemmed.token_stream(text);
    let mut words = Vec::new();
    while stream.advance() {
        words.push(stream.token().text.clone());
    }
    words
}

/// The words of polisearch's own analysis, each as its stem; stems are remembered.
#[derive(Default)]
struct Stemmed {
    stems: HashMap<String, String>,
    tokens: Vec<Token>,
}

impl Clone for Stemmed {
    fn clone(&self) -> Self {
        Stemmed::default()
    }
}

impl Tokenizer for Stemmed {
    type TokenStream<'a> = Words<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Words<'a> {
        let stemmer = Stemmer::new(Language::English);
        let stems = &mut self.stems;
        let mut n = 0;
        let tokens = &mut self.tokens;
        terms(text, &mut |term| {
            if term.kind != TermKind::Word {
                return;
            }
            if tokens.len() == n {
                tokens.push(Token::default());
            }
            let token = &mut tokens[n];
            n += 1;
            token.position = term.position as usize;
            token.text.clear();
            if let Some(stem) = stems.get(term.text) {
                token.text.push_str(stem);
            } else {
                token.text.push_str(&stemmer.class(term.text));
                stems.insert(term.text.to_owned(), token.text.clone());
            }
        });
        Words { tokens: &mut tokens[..n], next: 0 }
    }
}

struct Words<'a> {
    tokens: &'a mut [Token],
    next: usize,
}

impl TokenStream for Words<'_> {
    fn advance(&mut self) -> bool {
        self.next += 1;
        self.next <= self.tokens.len()
    }

    fn token(&self) -> &Token {
        &self.tokens[self.next - 1]
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.tokens[self.next - 1]
    }
}
