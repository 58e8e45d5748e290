//! Formats of one line, or one quote, a passage.

use std::io::{self, Write};

use super::Asked;
use crate::paper::{StoredPaper, StoredPassage};
use crate::search::{Hit, Results};

const CSV_HEADER: [&str; 20] = [
    "query_id",
    "query",
    "rank",
    "score",
    "match",
    "missing",
    "passage",
    "paper",
    "title",
    "authors",
    "year",
    "section",
    "page",
    "printed_page",
    "path",
    "start",
    "end",
    "line",
    "folded",
    "text",
];

/// The header row.
pub(super) fn csv_header(out: &mut impl Write) -> io::Result<()> {
    let mut writer = csv_writer(out);
    writer.write_record(CSV_HEADER)?;
    writer.flush()
}

fn csv_writer<W: Write>(out: W) -> csv::Writer<W> {
    csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out)
}

/// RFC 4180, one row a passage.
pub(super) fn csv(out: &mut impl Write, asked: &Asked<'_>, results: &Results) -> io::Result<()> {
    let mut writer = csv_writer(out);
    for hit in &results.hits {
        let Hit { paper, passage, .. } = hit;
        let number = |n: Option<usize>| n.map_or_else(String::new, |n| n.to_string());
        let authors: Vec<String> = paper.biblio.authors.iter().map(|author| author.full_name()).collect();
        writer.write_record([
            asked.id,
            asked.text,
            &hit.rank.to_string(),
            &format!("{:.4}", hit.score),
            match hit.matched {
                crate::search::Match::All => "all",
                crate::search::Match::Some => "some",
            },
            &hit.missing.join("; "),
            &passage.id,
            &paper.id,
            paper.biblio.title.as_deref().unwrap_or(""),
            &authors.join("; "),
            &paper.biblio.year.map_or_else(String::new, |year| year.to_string()),
            &passage.section.join(" > "),
            &number(passage.page.as_ref().map(|page| page.physical as usize)),
            passage.page.as_ref().and_then(|page| page.printed.as_deref()).unwrap_or(""),
            &paper.path,
            &number(passage.place.map(|place| place.start)),
            &number(passage.place.map(|place| place.end)),
            &number(passage.place.map(|place| place.line)),
            &hit.folded.join("; "),
            &passage.text,
        ])?;
    }
    writer.flush()
}

/// `qid Q0 passage rank score tag`.
pub(super) fn trec(out: &mut impl Write, asked: &Asked<'_>, results: &Results, tag: &str) -> io::Result<()> {
    let mut lines = Vec::with_capacity(results.hits.len() * (asked.id.len() + tag.len() + 48));
    for hit in &results.hits {
        // Scores fall by rank also where they are equal, since readers of runs sort by score.
        for part in [asked.id, " Q0 ", &hit.passage.id, " "] {
            lines.extend(part.as_bytes());
        }
        put_number(hit.rank as u64, 1, &mut lines);
        lines.push(b' ');
        put_millionths(hit.score, &mut lines)?;
        for part in [" ", tag, "\n"] {
            lines.extend(part.as_bytes());
        }
    }
    out.write_all(&lines)
}

/// Appends a score with six decimals, as `{:.6}` does; that takes five times as long.
fn put_millionths(score: f32, line: &mut Vec<u8>) -> io::Result<()> {
    const MILLION: u64 = 1_000_000;
    // So far a product of 24 bits and a million is exact.
    const MOST: f32 = 8_388_608.0;
    if !(0.0..MOST).contains(&score) || score.is_sign_negative() {
        return write!(line, "{score:.6}");
    }
    let millionths = (f64::from(score) * MILLION as f64).round_ties_even() as u64;
    put_number(millionths / MILLION, 1, line);
    line.push(b'.');
    put_number(millionths % MILLION, 6, line);
    Ok(())
}

/// Appends a number with so many digits at least.
fn put_number(mut number: u64, least: usize, line: &mut Vec<u8>) {
    // The largest has twenty digits.
    let mut digits = [b'0'; 20];
    let mut start = digits.len();
    while number > 0 && start > 0 {
        start -= 1;
        digits[start] += (number % 10) as u8;
        number /= 10;
    }
    line.extend_from_slice(&digits[start.min(digits.len() - least)..]);
}

/// `path:page:line: text`.
pub(super) fn plain(out: &mut impl Write, results: &Results) -> io::Result<()> {
    for Hit { paper, passage, .. } in &results.hits {
        let line = passage.place.map_or_else(String::new, |place| place.line.to_string());
        writeln!(out, "{}:{}:{line}: {}", paper.path, page(passage), one_line(passage))?;
    }
    Ok(())
}

/// `path:line:col:text`; the column is the first byte of a passage, 1 where lines are unknown.
pub(super) fn vimgrep(out: &mut impl Write, results: &Results) -> io::Result<()> {
    for Hit { paper, passage, .. } in &results.hits {
        let line = passage.place.map_or(1, |place| place.line);
        writeln!(out, "{}:{line}:1:{}", paper.path, one_line(passage))?;
    }
    Ok(())
}

/// Block quotes with a citation, and the passage's id in a comment.
pub(super) fn markdown(out: &mut impl Write, asked: &Asked<'_>, results: &Results) -> io::Result<()> {
    writeln!(out, "## {}", asked.text)?;
    for Hit { paper, passage, .. } in &results.hits {
        let quote = super::memo::escaped(&passage.text).replace('\n', "\n>\n> ");
        writeln!(out, "\n> {quote}\n>\n> — {}\n\n<!-- {} -->", source(paper, passage), passage.id)?;
    }
    writeln!(out)
}

/// Returns the text with its paragraphs in one line.
fn one_line(passage: &StoredPassage) -> String {
    passage.text.replace('\n', " ")
}

/// Returns the page as a person would cite it: the printed number, else the physical one, else nothing.
fn page(passage: &StoredPassage) -> String {
    let Some(page) = &passage.page else { return String::new() };
    page.printed.clone().unwrap_or_else(|| page.physical.to_string())
}

/// Returns authors, title, year and page in one line.
pub(super) fn source(paper: &StoredPaper, passage: &StoredPassage) -> String {
    let mut parts: Vec<String> = Vec::new();
    let authors: Vec<String> = paper.biblio.authors.iter().map(|author| author.full_name()).collect();
    if !authors.is_empty() {
        parts.push(authors.join(" and "));
    }
    parts.push(match paper.biblio.year {
        Some(year) => format!("{} ({year})", paper.title()),
        None => paper.title().to_owned(),
    });
    parts.extend(pages(passage));
    parts.join(", ")
}

/// Returns "p. 12" or "pp. 12-13", told as the printed numbers where they are known.
pub(super) fn pages(passage: &StoredPassage) -> Option<String> {
    let from = passage.page.as_ref()?;
    let told = |page: &crate::paper::PageRef| match &page.printed {
        Some(printed) => printed.clone(),
        None => format!("[{}]", page.physical),
    };
    Some(match &passage.page_to {
        Some(to) => format!("pp. {}–{}", told(from), told(to)),
        None => format!("p. {}", told(from)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_are_written_as_the_language_does() {
        let check = |score: f32| {
            let mut line = Vec::new();
            put_millionths(score, &mut line).expect("memory");
            assert_eq!(String::from_utf8_lossy(&line), format!("{score:.6}"));
        };
        // Halves of the last digit go to the even one.
        [0.0, -0.0, 0.1, 1.0, 0.000_000_5, 0.007_812_5, 3.051_757_8e-5, 1e-9, 99.999_999, 8_388_607.5, 1e9, -2.5]
            .into_iter()
            .chain([f32::INFINITY, f32::NAN, f32::MIN_POSITIVE])
            .for_each(check);
        (0..100_000u32).for_each(|i| check(f32::from_bits(i.wrapping_mul(0x9E37_79B9) >> 2)));
    }
}
