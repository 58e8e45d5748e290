//! One tiny source per format: what is read of it, as a person would note it down.

use std::path::Path;

use polisearch::extract::{Error, Options, read, read_bytes};
use polisearch::paper::{Feature, RawPaper};

fn bytes(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name)).expect("the file is shipped")
}

fn paper(name: &str) -> RawPaper {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name);
    let mut papers = read(&path, &Options::default()).expect("the file is shipped");
    papers.next().expect("it is one paper").paper.expect("it is whole")
}

/// Writes a paper down: what its format says of a stretch stands before it in brackets, a mark of a
/// note in angles, a page's label after a bar.
fn transcript(paper: &RawPaper) -> String {
    let mut notes: Vec<(usize, String)> = Vec::new();
    for mark in &paper.marks {
        match mark.feature {
            Feature::FootnoteMark => {
                notes.push((mark.span.start, "<".into()));
                notes.push((mark.span.end, ">".into()));
            }
            Feature::Heading(level) => notes.push((mark.span.start, format!("[h{level}] "))),
            feature => notes.push((mark.span.start, format!("[{feature:?}] ").to_lowercase())),
        }
    }
    notes.extend(paper.pages.iter().map(|page| (page.start, format!("| {}\n", page.label.as_deref().unwrap_or("")))));
    // What stands at one place is told page first, then in the order of the marks.
    notes.sort_by_key(|(at, note)| (*at, !note.starts_with('|')));
    let (mut out, mut from) = (String::new(), 0);
    for (at, note) in notes {
        out.push_str(&paper.text[from..at]);
        out.push_str(&note);
        from = at;
    }
    out.push_str(&paper.text[from..]);
    out.lines().filter(|line| !line.trim().is_empty()).map(|line| format!("{}\n", line.trim_end())).collect()
}

#[track_caller]
fn check(name: &str, expected: &str) {
    let paper = paper(name);
    let expected: String =
        expected.lines().map(str::trim).filter(|line| !line.is_empty()).map(|line| format!("{line}\n")).collect();
    assert_eq!(transcript(&paper), expected);
    if let Some(map) = &paper.map {
        // Every word that a map leads back to the file stands there as it is read.
        let file = bytes(name);
        for run in map.runs().iter().filter(|run| run.text.len() == run.source.len()) {
            assert_eq!(run.text.of(&paper.text).as_bytes(), &file[run.source.start..run.source.end]);
        }
    }
}

#[test]
fn pdf() {
    check(
        "border.pdf",
        "| vii
         [furniture] Border Papers No. 7
         [h1] The Border Regime
         Trade through Chaman and Torkham has never been a matter of tar-
         iffs alone. Each closure<1> of the crossings moved freight to other routes,
         and each reopening brought back less of it than before.
         A second paragraph begins with an indent and goes on for a line or
         two, so that a reader of the page can tell where it starts.
         [h1] Transit and Trust
         In 2010 the two countries signed a new transit agreement, which was
         to let Afghan trucks reach the ports of Karachi and Qasim, and the sen-
         [footnote] <1> Closures of 2011 to 2012, and again of 2017.
         [furniture] vii
         | 1
         [furniture] Border Papers No. 7
         tence went on over the page. It was never wholly put to work, since
         neither side trusted the guarantees that the other was ready to give.
         [h1] Conclusion
         Trust is the scarcest good at the border; the “Zürich list” shows as much.
         [furniture] 1",
    );
    let biblio = paper("border.pdf").biblio;
    assert_eq!(biblio.title.as_deref(), Some("The Border Regime: Trade and Trust"));
    assert_eq!(biblio.authors.iter().map(|a| a.full_name()).collect::<Vec<_>>(), ["Jane Roe", "Karim Züri"]);
    assert_eq!((biblio.year, biblio.month, biblio.day), (Some(2021), Some(8), Some(3)));
}

/// Damages a file in one of many ways, always the same for the same `nth`.
fn damage(whole: &[u8], nth: u64) -> Vec<u8> {
    let mut state = nth.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut random = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below as u64) as usize
    };
    let mut bytes = whole.to_vec();
    if nth.is_multiple_of(3) {
        bytes.truncate(random(whole.len()));
    }
    for _ in 0..=random(20) {
        if !bytes.is_empty() {
            let at = random(bytes.len());
            bytes[at] = random(256) as u8;
        }
    }
    bytes
}

#[test]
fn a_damaged_file_is_read_or_refused() {
    for name in ["border.pdf"] {
        let whole = bytes(name);
        for nth in 0..60 {
            for found in read_bytes(name, damage(&whole, nth), &Options::default()).into_iter().flatten() {
                let fell = matches!(found.paper, Err(Error::Panicked { .. } | Error::TimedOut { .. }));
                assert!(!fell, "{name}, damage {nth}: {:?}", found.paper.err());
            }
        }
    }
}
