//! How well the seed papers are repaired, against lists made by people (`tests/data/layout/`). The
//! figures are printed and kept as a baseline.

use polisearch::{
    paper::{Biblio, BlockKind, Flow, Paper, RawPaper, RemovedKind, Span},
    repair::repair,
};

const SEEDS: [&str; 2] = ["000_1cb5fa2b38c7339b.txt", "004_705628c28ea5a76e.txt"];

struct Seed {
    name: &'static str,
    raw: String,
    paper: Paper,
}

fn seeds() -> Vec<Seed> {
    let read = |name| {
        let path = format!("{}/seeds/{name}", env!("CARGO_MANIFEST_DIR"));
        let raw = std::fs::read_to_string(path).expect("the seeds are part of the project");
        let paper = repair(&RawPaper {
            text: raw.clone(),
            map: None,
            flow: Flow::Lines,
            pages: vec![],
            marks: vec![],
            biblio: Biblio::default(),
            warnings: vec![],
        });
        Seed { name, raw, paper }
    };
    SEEDS.map(read).into()
}

fn rows(list: &str) -> Vec<Vec<String>> {
    let path = format!("{}/tests/data/layout/{list}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).expect("the lists are part of the project");
    text.lines().map(|line| line.split('\t').map(str::to_owned).collect()).collect()
}

/// Prints what is wrong and how much is right, and fails below the baseline.
fn report(what: &str, total: usize, wrong: &[String], allowed: usize) {
    println!("{what}: {} of {total}", total - wrong.len());
    wrong.iter().for_each(|wrong| println!("  {wrong}"));
    assert!(wrong.len() <= allowed, "{what}: {} wrong, {allowed} allowed", wrong.len());
}

impl Seed {
    /// Returns the text that came from a span of the raw text, by runs that overlap it.
    fn text_of(&self, raw: Span) -> String {
        let runs = self.paper.raw_map.runs().iter().filter(|run| run.source.overlap(raw) > 0);
        runs.map(|run| {
            let from = raw.start.max(run.source.start) - run.source.start + run.text.start;
            let to = run.text.end - (run.source.end - raw.end.min(run.source.end));
            &self.paper.text[from..to]
        })
        .collect()
    }

    /// Returns the place in the text of the first byte at or behind `raw`.
    fn place(&self, raw: usize) -> usize {
        let behind = self.paper.raw_map.runs().iter().filter(|run| run.source.end > raw);
        let first = behind.min_by_key(|run| run.source.start).expect("text follows");
        first.text.start + raw.saturating_sub(first.source.start)
    }

    fn kind_at(&self, raw: usize) -> Option<BlockKind> {
        let at = self.place(raw);
        self.paper.blocks.iter().find(|block| block.span.contains(at)).map(|block| block.kind)
    }
}

#[test]
fn joins_and_keeps_hyphens() {
    let seeds = seeds();
    let rows = rows("hyphens.tsv");
    let wrong: Vec<String> = rows
        .iter()
        .filter_map(|row| {
            let seed = seeds.iter().find(|seed| seed.name == row[0])?;
            let at: usize = row[1].parse().expect("an offset");
            let before = seed.place(at - 1);
            let (left, word) = (&row[2], row[5].trim_end_matches(|c: char| c.is_ascii_digit()));
            // "US-" waits for its word.
            let word = if left == "US" { "US- and" } else { word };
            let start = before + 1 - left.len();
            let found = seed.paper.text.get(start..).unwrap_or_default();
            (!found.starts_with(word)).then(|| format!("{} {}: {:?}", row[0], word, found.get(..24)))
        })
        .collect();
    report("hyphens", rows.len(), &wrong, 0);
}

#[test]
fn knows_every_page() {
    let seeds = seeds();
    let rows = rows("pages.tsv");
    let mut wrong = Vec::new();
    for seed in &seeds {
        let expected: Vec<_> = rows.iter().filter(|row| row[0] == seed.name).collect();
        if expected.len() != seed.paper.pages.len() {
            wrong.push(format!("{}: {} pages", seed.name, seed.paper.pages.len()));
        }
        for (row, page) in expected.iter().zip(&seed.paper.pages) {
            let start: usize = row[2].parse().expect("an offset");
            let number = row[1].parse::<u32>().ok().map(|number| number.to_string());
            // The second paper shows one number only.
            let number = if row[5] == "mid-sentence" && row[1] == "8th" { Some("28".into()) } else { number };
            let first = seed.paper.raw_map.source_of(Span::new(page.start, page.start + 1)).start;
            let between = &seed.raw[start.min(first)..first.max(start)];
            let furniture =
                seed.paper.removed.iter().any(|removed| removed.raw.start >= start && removed.raw.end <= first);
            if (first != start && !between.trim().is_empty() && !furniture) || page.printed != number {
                wrong.push(format!("{} {}: {start} is {first}, {:?}", row[0], row[1], page.printed));
            }
        }
    }
    report("pages", rows.len(), &wrong, 0);
}

#[test]
fn takes_footnote_marks_out() {
    let seeds = seeds();
    let rows = rows("footnotes.tsv");
    let marks = |seed: &Seed| {
        seed.paper
            .removed
            .iter()
            .filter(|removed| removed.kind == RemovedKind::FootnoteMark)
            .map(|removed| removed.raw.start)
            .collect::<Vec<_>>()
    };
    let mut wrong = Vec::new();
    for row in &rows {
        let seed = seeds.iter().find(|seed| seed.name == row[0]).expect("a seed");
        let at: usize = row[1].parse().expect("an offset");
        if !marks(seed).contains(&at) {
            wrong.push(format!("{at} {}", row[3]));
        }
    }
    report("footnote marks", rows.len(), &wrong, 0);
    let seed = &seeds[1];
    let extra: Vec<String> = marks(seed)
        .into_iter()
        .filter(|at| !rows.iter().any(|row| row[0] == seed.name && row[1] == at.to_string()))
        .map(|at| seed.raw[at - 20..at + 8].to_owned())
        .collect();
    report("numbers kept", rows.len(), &extra, 0);
}

#[test]
fn keeps_furniture_out_of_paragraphs() {
    let seeds = seeds();
    let rows = rows("furniture.tsv");
    let mut wrong = Vec::new();
    for row in &rows {
        let seed = seeds.iter().find(|seed| seed.name == row[0]).expect("a seed");
        let raw = Span::new(row[1].parse().expect("an offset"), row[2].parse().expect("an offset"));
        let right = match row[3].as_str() {
            "caption" => seed.kind_at(raw.start) == Some(BlockKind::Caption),
            "pullquote" => seed.kind_at(raw.start) == Some(BlockKind::PullQuote),
            _ => seed.text_of(raw).is_empty(),
        };
        if !right {
            wrong.push(format!("{} {} {}: {:?}", row[0], row[3], row[5], seed.kind_at(raw.start)));
        }
    }
    report("furniture", rows.len(), &wrong, 0);
}

#[test]
fn finds_headings_and_levels() {
    let seeds = seeds();
    let path = format!("{}/tests/data/layout/outline.json", env!("CARGO_MANIFEST_DIR"));
    let json = std::fs::read_to_string(path).expect("the lists are part of the project");
    let outline: serde_json::Value = serde_json::from_str(&json).expect("the outline is JSON");
    let (mut wrong, mut total) = (Vec::new(), 0);
    for seed in &seeds {
        let expected: Vec<(String, u8)> = outline[seed.name]
            .as_array()
            .expect("a list")
            .iter()
            .filter(|heading| heading["kind"] != "none")
            .map(|heading| {
                (
                    heading["title"].as_str().expect("a title").to_owned(),
                    heading["level"].as_u64().expect("a level") as u8,
                )
            })
            .collect();
        let found: Vec<(String, u8)> = seed
            .paper
            .blocks
            .iter()
            .filter_map(|block| match block.kind {
                BlockKind::Heading(level) | BlockKind::RunInHeading(level) => {
                    Some((block.span.of(&seed.paper.text).trim_end_matches(['.', ':']).to_owned(), level))
                }
                _ => None,
            })
            .collect();
        total += expected.len();
        wrong.extend(
            expected.iter().filter(|heading| !found.contains(heading)).map(|heading| format!("missing {heading:?}")),
        );
        wrong.extend(
            found.iter().filter(|heading| !expected.contains(heading)).map(|heading| format!("extra {heading:?}")),
        );
    }
    report("headings", total, &wrong, 0);
}
