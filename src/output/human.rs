//! For people at a terminal: what, where, and the passage with what was found in it.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style as Ansi};

use super::{Asked, lines};
use crate::paper::{Kind, StoredPaper, StoredPassage};
use crate::search::{Counts, Highlight, Match, Part, Results};

/// Whether colours are used. They never carry meaning alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colors {
    Off,
    On,
}

/// How text is set.
#[derive(Clone, Debug)]
pub struct Style {
    pub colors: Colors,
    /// Columns of the terminal.
    pub width: usize,
}

pub(super) const TITLE: Ansi = Ansi::new().bold();
pub(super) const PLACE: Ansi = AnsiColor::Cyan.on_default();
pub(super) const FOUND: Ansi = AnsiColor::Red.on_default().bold();
pub(super) const DIM: Ansi = Ansi::new().dimmed();

impl Style {
    pub(super) fn paint(&self, style: Ansi, text: &str) -> String {
        match self.colors {
            Colors::On => format!("{style}{text}{style:#}"),
            Colors::Off => text.to_owned(),
        }
    }
}

pub(super) fn results(out: &mut impl Write, style: &Style, asked: &Asked<'_>, results: &Results) -> io::Result<()> {
    for hit in &results.hits {
        let number = format!("{:>2}. ", hit.rank);
        passage(out, style, &number, &hit.paper, &hit.passage, &hit.highlights)?;
        if hit.matched == Match::Some {
            writeln!(out, "    {}", style.paint(DIM, &format!("without: {}", hit.missing.join(", "))))?;
        }
        if !hit.folded.is_empty() {
            let times = if hit.folded.len() == 1 { "once" } else { "times" };
            let n = if hit.folded.len() == 1 { String::new() } else { format!("{} ", hit.folded.len()) };
            let told = format!("repeated {n}{times}: {}", hit.folded.join(", "));
            writeln!(out, "    {}", style.paint(DIM, &told))?;
        }
        if let Some(explanation) = &hit.explanation {
            part(out, style, explanation, 0)?;
        }
        writeln!(out)?;
    }
    writeln!(out, "{}", style.paint(DIM, &summary(asked, results)))
}

/// Writes a part of a score, and below it what it is made of.
fn part(out: &mut impl Write, style: &Style, part: &Part, depth: usize) -> io::Result<()> {
    let why = part.why.name();
    let what = if part.what.is_empty() { String::new() } else { format!(" {}", part.what) };
    let how = if part.how.is_empty() { String::new() } else { format!(": {}", part.how) };
    let indent = 4 + 2 * depth;
    writeln!(out, "{:indent$}{:9.4}  {}", "", part.score, style.paint(DIM, &format!("{why}{what}{how}")))?;
    part.parts.iter().try_for_each(|inner| self::part(out, style, inner, depth + 1))
}

/// Says how many passages answer, how many are shown, and what else was searched for.
fn summary(asked: &Asked<'_>, results: &Results) -> String {
    let shown = format!("{} shown", results.hits.len());
    let mut told = match results.counts {
        None => shown,
        Some(Counts { n_matches: 0, .. }) => format!("no passage answers {}", asked.text),
        Some(Counts { n_matches: 1, n_all }) => format!("1 passage answers, {n_all} of them in full; {shown}"),
        Some(Counts { n_matches, n_all }) => format!("{n_matches} passages answer, {n_all} of them in full; {shown}"),
    };
    if results.n_folded > 0 {
        told += &format!(", {} repeats folded away", results.n_folded);
    }
    if results.n_held_back > 0 {
        told += &format!(", {} better ones of the same papers held back", results.n_held_back);
    }
    if results.left_out > 0 {
        told += &format!("; the {} most common words of the query were left out", results.left_out);
    }
    if !asked.expanded.is_empty() {
        let forms: Vec<String> =
            asked.expanded.iter().map(|expanded| format!("{} ({})", expanded.to, expanded.why)).collect();
        told += &format!("; also searched: {}", forms.join(", "));
    }
    told
}

/// Writes a passage with its title, place and text.
pub fn passage(
    out: &mut impl Write,
    style: &Style,
    number: &str,
    paper: &StoredPaper,
    passage: &StoredPassage,
    highlights: &[Highlight],
) -> io::Result<()> {
    let year = paper.biblio.year.map_or_else(String::new, |year| format!(" ({year})"));
    writeln!(out, "{number}{}{year}", style.paint(TITLE, paper.title()))?;
    let mut place: Vec<String> = Vec::new();
    if !passage.section.is_empty() {
        place.push(passage.section.join(" > "));
    }
    place.extend(lines::pages(passage));
    if passage.kind != Kind::Body {
        place.push(
            serde_json::to_value(passage.kind)
                .ok()
                .and_then(|kind| kind.as_str().map(str::to_owned))
                .unwrap_or_default(),
        );
    }
    place.push(match passage.place {
        Some(at) => format!("{}:{}", paper.path, at.line),
        None => paper.path.clone(),
    });
    writeln!(out, "    {}", style.paint(PLACE, &place.join(" · ")))?;
    for line in wrapped(&passage.text, highlights, style) {
        writeln!(out, "    {line}")?;
    }
    writeln!(out, "    {}", style.paint(DIM, &passage.id))
}

/// Breaks a text into lines of the terminal's width, with the highlights painted.
pub(super) fn wrapped(text: &str, highlights: &[Highlight], style: &Style) -> Vec<String> {
    const INDENT: usize = 4;
    let width = style.width.saturating_sub(INDENT).max(20);
    let mut lines = Vec::new();
    let mut start = 0;
    while start < text.len() {
        let mut end = text.len();
        let mut last_space = None;
        for (n, (at, c)) in text[start..].char_indices().enumerate() {
            if c == '\n' {
                end = start + at;
                break;
            }
            if n >= width {
                end = last_space.unwrap_or(start + at);
                break;
            }
            if c == ' ' {
                last_space = Some(start + at);
            }
        }
        lines.push(painted(text, start, end, highlights, style));
        start = end + text[end..].len() - text[end..].trim_start_matches([' ', '\n']).len();
    }
    lines
}

fn painted(text: &str, start: usize, end: usize, highlights: &[Highlight], style: &Style) -> String {
    let mut line = String::new();
    let mut at = start;
    for highlight in highlights.iter().filter(|h| h.span.end > start && h.span.start < end) {
        let (from, to) = (highlight.span.start.max(at), highlight.span.end.min(end));
        line += &text[at..from];
        line += &style.paint(FOUND, &text[from..to]);
        at = to;
    }
    line + &text[at..end]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::paper::Span;

    #[test]
    fn lines_break_at_spaces_and_keep_highlights() {
        let style = Style { colors: Colors::Off, width: 24 };
        let text = "the Durand Line agreement of 1893";
        assert_eq!(wrapped(text, &[], &style), ["the Durand Line", "agreement of 1893"]);
        let style = Style { colors: Colors::On, ..style };
        let found = Highlight { span: Span::new(4, 15), term: "durand line".into() };
        assert!(wrapped(text, &[found], &style)[0].contains("Durand Line\u{1b}["));
    }

    #[test]
    fn paragraphs_begin_a_line() {
        let style = Style { colors: Colors::Off, width: 24 };
        assert_eq!(wrapped("so it was.\nThe lesson", &[], &style), ["so it was.", "The lesson"]);
    }

    #[test]
    fn words_longer_than_a_line_are_cut() {
        let style = Style { colors: Colors::Off, width: 24 };
        assert_eq!(wrapped(&"x".repeat(45), &[], &style).len(), 3);
    }
}
