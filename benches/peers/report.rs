//! The figures as tables of Markdown, and the page that holds them.

use std::fs;
use std::path::Path;

use crate::corpus::CLASSES;
use crate::figures::Figures;
use crate::measures::{OPEN, section};
use crate::peer::{PEERS, Peer};

const OWN: &str = "polisearch, its own index";
const SMALLEST: &str = "rg --version";

/// Returns the names and the text of all tables.
pub fn tables(figures: &Figures) -> Vec<(&'static str, String)> {
    let mut tables = vec![
        ("build", each_size(figures, "build", build_table)),
        ("cold", figures.sizes("cold").into_iter().map(|size| cold_table(figures, size)).collect()),
        ("warm", figures.sizes("warm").into_iter().rev().map(|size| warm_table(figures, size)).collect()),
        ("batch", each_size(figures, "batch", batch_table)),
        ("obliqa", each_size(figures, "obliqa", batch_table)),
        ("growth", growth(figures)),
    ];
    tables.retain(|(_, text)| !text.is_empty());
    tables
}

fn names() -> Vec<&'static str> {
    PEERS.iter().map(|peer| peer.name()).collect()
}

/// One table for each size and number of threads that a section has.
fn each_size(figures: &Figures, name: &str, table: fn(&Figures, &str, usize, usize) -> String) -> String {
    let mut text = String::new();
    for n_threads in [1, 2] {
        let section = section(name, n_threads);
        for size in figures.sizes(&section) {
            text += &table(figures, &section, size, n_threads);
        }
    }
    text
}

fn row(cells: impl IntoIterator<Item = String>) -> String {
    format!("| {} |\n", cells.into_iter().collect::<Vec<_>>().join(" | "))
}

fn head(title: &str, columns: &[&str]) -> String {
    let rule = columns.iter().enumerate().map(|(i, _)| if i == 0 { "---".to_owned() } else { "---:".to_owned() });
    format!("\n{title}\n\n{}{}", row(columns.iter().map(|&column| column.to_owned())), row(rule))
}

/// Writes a number with three digits that tell something.
fn short(value: Option<f64>) -> String {
    match value {
        None => String::new(),
        Some(value) if value >= 100.0 => format!("{value:.0}"),
        Some(value) if value >= 10.0 => format!("{value:.1}"),
        Some(value) => format!("{value:.2}"),
    }
}

fn counted(n: usize, n_threads: usize) -> String {
    let threads = if n_threads == 1 { "one thread" } else { "two threads" };
    format!("{} passages, {threads}:", thousands(n))
}

fn thousands(n: usize) -> String {
    let digits = n.to_string();
    let parts: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().map(|part| std::str::from_utf8(part).unwrap_or("")).collect();
    parts.join(",")
}

fn build_table(figures: &Figures, section: &str, size: usize, n_threads: usize) -> String {
    let columns =
        ["", "seconds", "CPU seconds", "MB of text a second", "polisearch is times as fast", "peak MB", "index MB"];
    let mut text = head(&counted(size, n_threads), &columns);
    let get = |who: &str, what| figures.get_of(section, size, who, what);
    let own = get(Peer::Polisearch.name(), "rate");
    for who in figures.who(section, size, &names()) {
        let ratio = own.zip(get(who, "rate")).map(|(own, rate)| own / rate);
        let cells = [get(who, "seconds"), get(who, "cpu"), get(who, "rate"), ratio, get(who, "peak"), get(who, "disk")];
        text += &row(std::iter::once(who.to_owned()).chain(cells.map(short)));
    }
    text
}

fn cold_table(figures: &Figures, size: usize) -> String {
    let title = format!("One query, {} passages, whole process:", thousands(size));
    let mut text = head(&title, &["", "ms", "times `rg --version`", "peak MB", "runs"]);
    let get = |who: &str, what| figures.get_of("cold", size, who, what);
    let smallest = get(SMALLEST, "milliseconds");
    let who = [&[SMALLEST, OWN], &names()[..]].concat();
    for who in figures.who("cold", size, &who) {
        let milliseconds = get(who, "milliseconds");
        let ratio = milliseconds.zip(smallest).map(|(ours, theirs)| ours / theirs);
        let cells = [milliseconds, ratio, get(who, "peak")].map(short);
        let runs = get(who, "runs").map_or_else(String::new, |runs| format!("{runs:.0}"));
        text += &row(std::iter::once(who.to_owned()).chain(cells).chain([runs]));
    }
    text
}

fn warm_table(figures: &Figures, size: usize) -> String {
    let title = format!(
        "{} passages, one thread, microseconds a query for the best 10 (and, in brackets, how many times as long as polisearch):",
        thousands(size)
    );
    let columns: Vec<&str> = std::iter::once("").chain(CLASSES).chain([OPEN]).collect();
    let mut text = head(&title, &columns);
    for who in figures.who("warm", size, &names()) {
        let cell = |class: &&str| {
            let Some(value) = figures.get_of("warm", size, who, class) else { return "–".to_owned() };
            match figures.get("warm", size, Peer::Polisearch, class) {
                Some(own) if who != Peer::Polisearch.name() => format!("{} ({:.1})", short(Some(value)), value / own),
                _ => short(Some(value)),
            }
        };
        text += &row(std::iter::once(who.to_owned()).chain(columns[1..].iter().map(cell)));
    }
    text
}

fn batch_table(figures: &Figures, section: &str, size: usize, n_threads: usize) -> String {
    let columns = ["", "queries a second", "polisearch is times as fast", "seconds", "CPU seconds", "peak MB"];
    let mut text = head(&counted(size, n_threads), &columns);
    let get = |who: &str, what| figures.get_of(section, size, who, what);
    let own = get(Peer::Polisearch.name(), "rate");
    for who in figures.who(section, size, &names()) {
        let ratio = own.zip(get(who, "rate")).map(|(own, rate)| own / rate);
        let cells = [get(who, "rate"), ratio, get(who, "seconds"), get(who, "cpu"), get(who, "peak")];
        text += &row(std::iter::once(who.to_owned()).chain(cells.map(short)));
    }
    text
}

/// How cost grows with the corpus: the power of a straight line through the logarithms.
fn growth(figures: &Figures) -> String {
    let mut lines = Vec::new();
    let build = section("build", 1);
    for (what, unit) in [("seconds", "build time"), ("peak", "memory of the build"), ("disk", "size of the index")] {
        let points = points(figures, &build, Peer::Polisearch, what);
        lines.extend(power(&points).map(|power| format!("| {unit} | {power:.2} |\n")));
    }
    for class in CLASSES {
        let points = points(figures, "warm", Peer::Polisearch, class);
        lines.extend(power(&points).map(|power| format!("| time of a query, {class} | {power:.2} |\n")));
    }
    if lines.is_empty() {
        return String::new();
    }
    head("polisearch:", &["", "grows as passages to the power of"]) + &lines.concat()
}

/// Returns a figure over all sizes.
pub fn points(figures: &Figures, section: &str, peer: Peer, what: &str) -> Vec<(f64, f64)> {
    let point = |size: usize| Some((size as f64, figures.get(section, size, peer, what)?));
    figures.sizes(section).into_iter().filter_map(point).collect()
}

/// Fits a power by least squares over the logarithms; of the larger half alone, where fixed costs tell no more.
fn power(points: &[(f64, f64)]) -> Option<f64> {
    let points = &points[points.len() / 2 - points.len().min(4) / 4..];
    let logs: Vec<(f64, f64)> = points.iter().map(|&(x, y)| (x.ln(), y.ln())).collect();
    let n = logs.len() as f64;
    let (x, y) = (logs.iter().map(|log| log.0).sum::<f64>() / n, logs.iter().map(|log| log.1).sum::<f64>() / n);
    let spread: f64 = logs.iter().map(|log| (log.0 - x).powi(2)).sum();
    let together: f64 = logs.iter().map(|log| (log.0 - x) * (log.1 - y)).sum();
    (logs.len() > 1).then(|| together / spread)
}

/// Puts each table between the marks of its name in a page; the text around them is for people to write.
pub fn write(page: &Path, tables: &[(&str, String)]) -> Result<(), String> {
    let failed = |error: std::io::Error| format!("{}: {error}", page.display());
    let mut text = fs::read_to_string(page).map_err(failed)?;
    for (name, table) in tables {
        let (begin, end) = (format!("<!-- figures: {name} -->\n"), "<!-- end -->".to_owned());
        let Some(start) = text.find(&begin).map(|at| at + begin.len()) else { continue };
        let Some(length) = text[start..].find(&end) else { continue };
        text.replace_range(start..start + length, &format!("{}\n", table.trim_end()));
    }
    fs::write(page, text).map_err(failed)
}
