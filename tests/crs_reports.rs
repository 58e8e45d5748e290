//! Real reports: how much of their text is read, and in order. `benches/extract.rs` measures more of them.

mod crs;

use std::path::Path;

fn read(name: &str) -> crs::Reading {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/crs");
    let pdf = std::fs::read(folder.join(format!("{name}.pdf"))).expect("the file is shipped");
    let markdown = std::fs::read_to_string(folder.join(format!("{name}.md"))).expect("the file is shipped");
    crs::measure(pdf, &markdown).expect("it is whole")
}

#[test]
fn reports_come_out_whole_and_in_order() {
    for (name, n_pages) in [("IF12501v3", 3), ("R48903v3", 8)] {
        let reading = read(name);
        assert_eq!(reading.n_pages, n_pages, "{name}");
        let body = reading.body.percent();
        assert!(body >= 97.0, "{name}: {body:.1} % of the body's words in order");
        let notes = reading.notes.percent();
        assert!(reading.notes.wanted == 0 || notes >= 95.0, "{name}: {notes:.1} % of the notes' words in order");
        assert_eq!(reading.hyphens.found, reading.hyphens.wanted, "{name}: {:?}", reading.wrong_hyphens);
    }
}
