//! Reports of the Congressional Research Service as PDF, measured against the same text as Markdown:
//! how much of it is read, in which order, and what became of words broken at line ends.
//!
//! Left out of the Markdown, for the PDF does not print it so: the head of the web page (report
//! data, list of versions, up to the title and date), the lists of contents, figures and tables, and the
//! disclaimer at the end. Notes stand below their pages in the PDF and behind the text in the Markdown:
//! they are measured by themselves, each where it stands.
//!
//! Left out of the PDF: what the reader marks as running header or footer, and the marks of notes.

#![allow(dead_code, reason = "a test and a benchmark share this, and each uses a part")]

use polisearch::eval::common_in_order;
use polisearch::extract::{Options, read_bytes};
use polisearch::paper::{BlockKind, Feature, Paper, RawPaper, RemovedKind};
use polisearch::repair::repair;

/// The text of a report, apart from its notes.
#[derive(Default)]
pub struct Parts {
    pub body: String,
    pub notes: String,
}

/// Words found of words wanted.
#[derive(Clone, Copy, Debug, Default)]
pub struct Share {
    pub found: usize,
    pub wanted: usize,
}

impl Share {
    pub fn percent(self) -> f64 {
        100.0 * self.found as f64 / self.wanted.max(1) as f64
    }

    pub fn add(&mut self, other: Share) {
        self.found += other.found;
        self.wanted += other.wanted;
    }
}

/// What was measured of one report.
pub struct Reading {
    pub n_pages: usize,
    pub body: Share,
    pub notes: Share,
    /// Hyphens at line ends that the Markdown tells the truth about, and those that were settled so.
    pub hyphens: Share,
    pub wrong_hyphens: Vec<String>,
    pub paper: Paper,
    pub raw: RawPaper,
}

/// Reads a PDF and measures it.
pub fn measure(pdf: Vec<u8>, markdown: &str) -> Result<Reading, String> {
    let mut papers = read_bytes("report.pdf", pdf, &Options::default()).map_err(|error| error.to_string())?;
    let raw = papers.next().ok_or("no paper")?.paper.map_err(|error| error.to_string())?;
    let paper = repair(&raw);
    let (wanted, found) = (markdown_parts(markdown), pdf_parts(&paper));
    let (hyphens, wrong_hyphens) = hyphens(&raw, &paper, markdown);
    Ok(Reading {
        n_pages: raw.pages.len(),
        body: share(&wanted.body, &found.body),
        notes: share(&wanted.notes, &found.notes),
        hyphens,
        wrong_hyphens,
        paper,
        raw,
    })
}

pub fn share(wanted: &str, found: &str) -> Share {
    let (wanted, found) = (words(wanted), words(found));
    let refs = |words: &'_ [String]| -> Vec<String> { words.to_vec() };
    let (a, b) = (refs(&wanted), refs(&found));
    let (a, b): (Vec<&str>, Vec<&str>) =
        (a.iter().map(String::as_str).collect(), b.iter().map(String::as_str).collect());
    Share { found: common_in_order(&a, &b), wanted: a.len() }
}

/// Cuts a text into words: letters and digits, without case and accents of typography.
pub fn words(text: &str) -> Vec<String> {
    let words =
        text.split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '’').map(|word| word.replace(['\'', '’'], ""));
    words.filter(|word| !word.is_empty()).map(|word| word.to_lowercase()).collect()
}

/// Returns what a PDF says: the repaired text, notes apart.
pub fn pdf_parts(paper: &Paper) -> Parts {
    let mut parts = Parts::default();
    for block in &paper.blocks {
        let text = block.span.of(&paper.text);
        let part = if block.kind == BlockKind::Reference { &mut parts.notes } else { &mut parts.body };
        part.push_str(text);
        part.push('\n');
    }
    parts
}

/// Returns what a Markdown file says, without what the module's head lists.
pub fn markdown_parts(markdown: &str) -> Parts {
    let mut parts = Parts::default();
    let mut lines = markdown.lines().peekable();
    let title = markdown.lines().next().unwrap_or_default().trim_start_matches('#').trim().to_owned();
    let has_listen = markdown.contains("[Listen](");
    // The head of the web page ends with a line that links to a reading aloud, or goes on with the title.
    if has_listen {
        for line in lines.by_ref() {
            if line.contains("[Listen](") {
                break;
            }
        }
    }
    parts.body.push_str(&title);
    parts.body.push('\n');
    let (mut in_list, mut in_notes) = (false, false);
    for line in lines {
        if let Some(heading) = line.strip_prefix("# ") {
            in_list = matches!(heading.trim(), "Contents" | "Figures" | "Tables" | "Appendixes" | "Contacts");
            in_notes = heading.trim() == "Footnotes";
            if !in_list && !in_notes {
                parts.body.push_str(heading);
                parts.body.push('\n');
            }
            continue;
        }
        if line.trim() == "Disclaimer:" {
            break;
        }
        let is_entry = line.starts_with("- [") || line.trim().is_empty();
        in_list = in_list && is_entry;
        let is_head = line.contains("[Jump to Main Text")
            || (!title.is_empty() && line.starts_with(&title) && line.contains("   "));
        if in_list || is_head {
            continue;
        }
        let part = if in_notes { &mut parts.notes } else { &mut parts.body };
        part.push_str(&plain(line));
        part.push('\n');
    }
    parts
}

/// Takes links, pictures and emphasis away.
fn plain(line: &str) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some(at) = rest.find('[') {
        let picture = rest[..at].ends_with('!');
        out.push_str(&rest[..at - usize::from(picture)]);
        let inside = &rest[at + 1..];
        let link = inside.find("](").and_then(|close| {
            let mut depth = 1;
            let target = &inside[close + 2..];
            let end = target.char_indices().find(|&(_, c)| {
                depth += i32::from(c == '(') - i32::from(c == ')');
                depth == 0
            });
            end.map(|(end, _)| (close, close + 2 + end + 1))
        });
        match link.filter(|(close, _)| !inside[..*close].contains('[')) {
            Some((close, end)) => {
                out.push_str(if picture { "" } else { &inside[..close] });
                rest = &inside[end..];
            }
            None => {
                out.push('[');
                rest = inside;
            }
        }
    }
    out.push_str(rest);
    out.replace(['*', '|'], " ").replace('_', " ")
}

/// Looks at each word broken at a line end: whether the repaired text writes it as the Markdown does.
/// Where the Markdown has both forms, or none, there is no truth to tell.
fn hyphens(raw: &RawPaper, paper: &Paper, markdown: &str) -> (Share, Vec<String>) {
    let truth = plain_text(markdown);
    let (mut share, mut wrong) = (Share::default(), Vec::new());
    let is_letter = |c: char| c.is_alphabetic();
    for (at, _) in raw.text.match_indices("-\n") {
        let left: String = raw.text[..at].chars().rev().take_while(|&c| is_letter(c)).collect();
        let left: String = left.chars().rev().collect();
        let right: String = raw.text[at + 2..].chars().take_while(|&c| is_letter(c)).collect();
        if left.is_empty() || right.is_empty() || is_marked(raw, at) {
            continue;
        }
        let (hard, soft) = (format!("{left}-{right}").to_lowercase(), format!("{left}{right}").to_lowercase());
        let has = |form: &str| truth.contains(&format!(" {form} "));
        let wanted = match (has(&hard), has(&soft)) {
            (true, false) => &hard,
            (false, true) => &soft,
            _ => continue,
        };
        // The repaired text from what stands before the hyphen to what stands behind it.
        let runs = paper.raw_map.runs();
        let place = |raw_at: usize| {
            let run = runs.iter().find(|run| run.source.contains(raw_at))?;
            Some(run.text.start + if run.text.len() == run.source.len() { raw_at - run.source.start } else { 0 })
        };
        let Some((start, end)) = place(at - left.len())
            .zip(place(at + 2 + right.len() - right.chars().next_back().map_or(0, char::len_utf8)))
        else {
            continue;
        };
        share.wanted += 1;
        let said = paper.text.get(start..end).unwrap_or_default().to_lowercase();
        if wanted.starts_with(&said) && said.len() + 4 >= wanted.len() && said.contains('-') == wanted.contains('-') {
            share.found += 1;
        } else {
            wrong.push(format!("{wanted} / {said}"));
        }
    }
    (share, wrong)
}

fn is_marked(raw: &RawPaper, at: usize) -> bool {
    raw.marks.iter().any(|mark| mark.feature == Feature::Furniture && mark.span.contains(at))
}

fn plain_text(markdown: &str) -> String {
    let text: String = markdown.lines().map(plain).collect::<Vec<_>>().join(" ").to_lowercase();
    let words = text.split(|c: char| !c.is_alphabetic() && c != '-').filter(|word| !word.is_empty());
    format!(" {} ", words.collect::<Vec<_>>().join(" "))
}

/// Returns the marks of notes that were taken out, for a look.
pub fn n_marks(paper: &Paper) -> usize {
    paper.removed.iter().filter(|removed| removed.kind == RemovedKind::FootnoteMark).count()
}
