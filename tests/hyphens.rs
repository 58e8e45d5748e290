//! How well hyphens at line ends are told apart on reports other than the seeds: real ones
//! (`pdf_breaks.tsv`) and paragraphs set in narrow columns (`columns.jsonl`). The figures are printed
//! and kept as a baseline. A line or two is less than the paper that the rules are made for.

use polisearch::{
    paper::{Biblio, Flow, RawPaper},
    repair::repair,
};

fn repaired(text: String) -> String {
    let raw = RawPaper {
        text,
        map: None,
        flow: Flow::Lines,
        pages: vec![],
        marks: vec![],
        biblio: Biblio::default(),
        warnings: vec![],
    };
    repair(&raw).text
}

fn data(name: &str) -> String {
    let path = format!("{}/tests/data/hyphens/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).expect("the lists are part of the project")
}

/// Tells what became of the hyphen between the last word of one line and the first of the next.
fn verdict(text: &str, line: &str, next: &str) -> &'static str {
    let left = line.trim_end_matches(['-', '\u{ad}']).rsplit(char::is_whitespace).next().unwrap_or_default();
    let right: String = next.chars().take_while(|c| c.is_alphanumeric()).collect();
    let has = |word: &[&str]| text.contains(&word.concat());
    match () {
        () if has(&[left, "-", &right]) => "keep",
        () if has(&[left, &right]) => "join",
        () => "neither",
    }
}

/// Prints the figure, and what is wrong; fails below the baseline.
fn report(what: &str, total: usize, wrong: &[String], allowed: usize) {
    println!(
        "{what}: {} of {total} ({:.1} %)",
        total - wrong.len(),
        100.0 * (total - wrong.len()) as f64 / total as f64
    );
    wrong.iter().for_each(|wrong| println!("  {wrong}"));
    assert!(wrong.len() <= allowed, "{what}: {} wrong, {allowed} allowed", wrong.len());
}

#[test]
fn settles_real_breaks() {
    let list = data("pdf_breaks.tsv");
    let rows: Vec<Vec<&str>> = list.lines().skip(1).map(|row| row.split('\t').collect()).collect();
    let wrong: Vec<String> = rows
        .iter()
        .filter(|row| verdict(&repaired([row[3], "\n", row[4]].concat()), row[3].trim_end(), row[4]) != row[2])
        .map(|row| format!("{}-{}: {}", row[0], row[1], row[2]))
        .collect();
    report("real breaks", rows.len(), &wrong, 1);
}

#[test]
fn settles_breaks_in_columns() {
    let (mut total, mut wrong) = (0, Vec::new());
    for row in data("columns.jsonl").lines() {
        let row: serde_json::Value = serde_json::from_str(row).expect("a line is JSON");
        let lines: Vec<&str> =
            row["lines"].as_array().expect("lines").iter().filter_map(|line| line.as_str()).collect();
        let text = repaired(lines.join("\n"));
        for brk in row["breaks"].as_array().expect("breaks") {
            let at = brk["line"].as_u64().expect("a line number") as usize;
            let truth = brk["truth"].as_str().expect("a truth");
            total += 1;
            if verdict(&text, lines[at], lines[at + 1]) != truth {
                wrong.push(format!("{}-{}: {truth}", brk["left"], brk["right"]));
            }
        }
    }
    report("breaks in columns", total, &wrong, 1);
}
