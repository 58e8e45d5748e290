//! Evaluation from the command line: collections as they lie on disk, and sheets of passages to judge.

use std::fs;
use std::path::Path;

use super::{Told, on_seeds, polisearch, run};

fn write(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().expect("it is in a folder")).expect("writable");
    fs::write(path, text).expect("writable");
}

fn told(folder: &Path, args: &[&str]) -> Told {
    run(polisearch(folder).args(args))
}

#[test]
fn a_beir_folder_is_indexed_and_measured_as_it_lies() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let corpus = "{\"_id\":\"d1\",\"title\":\"T\",\"text\":\"Hydropower is sold every summer.\",\"metadata\":{}}\n\
                  {\"_id\":\"d2\",\"title\":\"\",\"text\":\"The border posts closed in winter.\"}\n";
    write(folder.path(), "set/corpus.jsonl", corpus);
    write(
        folder.path(),
        "set/queries.jsonl",
        "{\"_id\":\"q1\",\"text\":\"hydropower\"}\n{\"_id\":\"q2\",\"text\":\"border\"}\n",
    );
    write(folder.path(), "set/qrels/test.tsv", "query-id\tcorpus-id\tscore\nq1\td1\t1\nq2\td2\t1\n");
    for unit in ["record", "passage"] {
        let built = told(folder.path(), &["index", "set", "--unit", unit, "--output", "x.polisearch"]);
        assert_eq!(built.err, "x.polisearch: 2 papers, 2 passages\n");
        let eval =
            ["eval", "--index", "x.polisearch", "--queries", "set/queries.jsonl", "--qrels", "set/qrels/test.tsv"];
        let measured = told(folder.path(), &[&eval[..], &["--format", "csv", "--measure", "nDCG@10"]].concat());
        assert_eq!(measured.out, "run,measure,value,queries,difference,p\npolisearch,nDCG@10,1,2,,\n", "{unit}");
    }
}

#[test]
fn a_sheet_comes_back_as_judgements() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    write(folder.path(), "queries.tsv", "q1\tDurand Line\n");
    write(folder.path(), "hits.jsonl", &on_seeds(&["search", "--json", "--limit", "3", "Durand Line"]).out);
    let hits = told(folder.path(), &["batch", "queries.tsv", "--format", "trec", "--limit", "3"]);
    write(folder.path(), "run.txt", &hits.out);
    for sheet in ["sheet.md", "sheet.csv"] {
        // A run of ids alone is filled from the index.
        let made = told(folder.path(), &["eval", "pool", "run.txt", "--queries", "queries.tsv", "--output", sheet]);
        assert_eq!((made.code, made.err.as_str()), (Some(0), "note: 3 passages to judge\n"));
        let text = fs::read_to_string(folder.path().join(sheet)).expect("it was written");
        assert!(text.contains("Durand Line") && text.contains("seeds/"), "{text}");
    }
    let path = folder.path().join("sheet.md");
    let sheet = fs::read_to_string(&path).expect("it was written");
    fs::write(&path, sheet.replacen("Grade: [ ]", "Grade: [3]", 1)).expect("writable");
    let read = told(folder.path(), &["eval", "pool", "--read", "sheet.md", "--output", "judged.tsv"]);
    assert_eq!(read.err, "note: 1 judged, 2 left empty\n");
    let judged = fs::read_to_string(folder.path().join("judged.tsv")).expect("it was written");
    assert!(judged.starts_with("q1\tseeds/") && judged.contains("\t3\t"), "{judged}");
    let rest = told(folder.path(), &["eval", "pool", "hits.jsonl", "--qrels", "judged.tsv"]);
    assert_eq!(rest.err, "note: 2 passages to judge\n");
    let none = told(folder.path(), &["eval", "pool", "--read", "sheet.csv", "--as", "qrels"]);
    assert_eq!((none.code, none.out.as_str()), (Some(1), ""));
}
