//! One tiny source per format: what is read of it, as a person would note it down.

use std::path::Path;

use polisearch::extract::{Options, PdfReader, read, read_bytes};
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
    notes.extend(paper.pages.iter().map(|page| (page.start, format!("\n| {}\n", page.label.as_deref().unwrap_or("")))));
    // What stands at one place is told page first, then in the order of the marks.
    notes.sort_by_key(|(at, note)| (*at, !note.starts_with('\n')));
    let (mut out, mut from) = (String::new(), 0);
    for (at, note) in notes {
        out.push_str(&paper.text[from..at]);
        out.push_str(&note);
        from = at;
    }
    out.push_str(&paper.text[from..]);
    out.lines().filter(|line| !line.trim().is_empty()).map(|line| format!("{}\n", line.trim())).collect()
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
            let printed = String::from_utf8_lossy(&file[run.source.start..run.source.end]);
            assert_eq!(run.text.of(&paper.text), printed.replace(['\n', '\t'], " "));
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

#[test]
fn a_pdf_that_says_nothing_tells_why() {
    let told = |name: &str| {
        let mut papers = read_bytes(name, bytes(name), &Options::default()).expect("it is a PDF");
        papers.next().expect("it is one paper").paper.expect_err("it can't be read").to_string()
    };
    assert_eq!(told("locked.pdf"), "needs a password");
    assert_eq!(told("scan.pdf"), "has no text layer on any of its 1 pages, needs OCR");
}

#[test]
fn pdf_through_pdftotext() {
    let options = Options { pdf_reader: PdfReader::Pdftotext, ..Options::default() };
    let mut papers = read_bytes("border.pdf", bytes("border.pdf"), &options).expect("it is a PDF");
    match papers.next().expect("it is one paper").paper {
        Ok(paper) => {
            assert!(paper.text.contains("never been a matter of tar"));
            assert_eq!(
                paper.pages.iter().map(|page| page.label.as_deref()).collect::<Vec<_>>(),
                [Some("vii"), Some("1")]
            );
        }
        // Where the program is not installed, that is said.
        Err(error) => assert_eq!(error.to_string(), "the program pdftotext could not be run"),
    }
}

#[test]
fn html() {
    check(
        "border.html",
        "[h1] The Border Regime
         Trade through Chaman & Torkham has never been a matter of tariffs alone.<1> Each closure moved freight to other routes, and each reopening brought back less of it than before — as the 21st century showed.
         [h2] Transit and Trust
         In 2010 the two countries signed a new transit agreement, which was to let Afghan trucks reach the ports of Karachi and Qasim.
         Karachi took most of the freight.
         Qasim took the rest.
         [caption] Table 1. Freight
         [table] Port | Tonnes
         Karachi | 1,200
         [footnote] 1. Closures of 2011 to 2012.",
    );
    let biblio = paper("border.html").biblio;
    assert_eq!(biblio.title.as_deref(), Some("The Border Regime"));
    assert_eq!(
        (biblio.authors[0].family.as_str(), biblio.year, biblio.language.as_deref()),
        ("Roe", Some(2021), Some("en"))
    );
}

#[test]
fn docx() {
    check(
        "border.docx",
        "[h1] The Border Regime
         [furniture] Introduction 1
         [h1] Introduction
         Trade through Chaman & Torkham has never been a matter of tariffs alone.<1> Each closure moved freight.
         [table] Port | Tonnes
         Karachi | 1,200
         [h2] Box 1
         A box is a table with one cell.
         Qasim took the rest.
         [footnote] 1 Closures of 2011 to 2012.",
    );
    check_biblio("border.docx");
}

#[test]
fn odt() {
    check(
        "border.odt",
        "[h1] The Border Regime
         Trade through Chaman & Torkham has never been a matter of tariffs alone.<1> Each closure moved freight.
         [h2] Transit and Trust
         [table] Port | Tonnes
         Karachi | 1,200
         Qasim took the rest.
         [footnote] 1 Closures of 2011 to 2012.",
    );
    check_biblio("border.odt");
}

#[test]
fn epub() {
    check(
        "border.epub",
        "|
         [h1] The Border Regime
         | 12
         Trade through Chaman & Torkham has never been a matter of tariffs alone.<1>
         [footnote] 1. Closures of 2011 to 2012.
         [h2] Transit and Trust
         Each closure moved freight
         | 13
         elsewhere.",
    );
    check_biblio("border.epub");
    assert_eq!(paper("border.epub").biblio.publisher.as_deref(), Some("Border Papers"));
}

#[test]
fn rtf() {
    check(
        "border.rtf",
        "[h1] The Border Regime
         Trade through Chaman & Torkham has never been a matter of tariffs alone.<1> Each closure – and each reopening – moved freight.
         [h2] Transit and Trust
         [table] Port | Tonnes
         Karachi | 1,200
         Zürich took none.
         [footnote] 1 Closures of 2011 to 2012.",
    );
    check_biblio("border.rtf");
}

#[test]
fn markdown() {
    check(
        "border.md",
        "[h1] The Border Regime
         Trade through Chaman & Torkham has never been a matter of tariffs alone.<1> See the map and route 5.
         [h2] Transit and Trust
         Karachi took most of the freight.
         Qasim took the rest.
         [table] Port | Tonnes
         Karachi | 1,200
         Trust is the scarcest good.
         [footnote] 1 Closures of 2011 to 2012.",
    );
}

#[test]
fn jats() {
    check(
        "border.xml",
        "[h1] The Border Regime
         [h2] Abstract
         Trade needs trust.
         [h2] 1. Transit and Trust
         Trade through Chaman & Torkham has never been a matter of tariffs alone<1> (Doe, 2010).
         [caption] Figure 1. Freight by port
         [caption] Table 1. Tonnes
         [table] Port | Tonnes
         Karachi | 1,200
         [h3] Guarantees
         Neither side trusted the guarantees.
         [h2] References
         Doe J. (2010). Transit.
         [footnote] 1 Closures of 2011 to 2012.",
    );
    check_biblio("border.xml");
    let biblio = paper("border.xml").biblio;
    assert_eq!((biblio.doi.as_deref(), biblio.pages.as_deref()), (Some("10.1234/bp.7"), Some("12-19")));
}

#[test]
fn tei() {
    check(
        "tei.xml",
        "| 12
         [h2] Transit and Trust
         Trade through Chaman and Torkham has never been a matter of tariffs alone.<3> Each closure moved
         | 13
         freight.
         [footnote] 3 Closures of 2011.",
    );
    check_biblio("tei.xml");
}

/// All of the sources but the web page and the PDF say this of themselves.
#[track_caller]
fn check_biblio(name: &str) {
    let biblio = paper(name).biblio;
    assert_eq!(biblio.title.as_deref(), Some("The Border Regime"));
    assert_eq!(biblio.authors.iter().map(|author| author.full_name()).collect::<Vec<_>>(), ["Jane Roe"]);
    assert_eq!((biblio.year, biblio.month, biblio.day), (Some(2021), Some(8), Some(3)));
}
