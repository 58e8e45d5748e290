//! Quotations: what `search --format md` writes can be checked again, and what was changed is found.

use std::path::Path;

use serde_json::Value;

use super::{Told, on_seeds, polisearch, project, run};

fn verified(memo: &str, options: &[&str]) -> Told {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(folder.path().join("memo.md"), memo).expect("writable");
    run(polisearch(folder.path()).args(["verify-quotes", "memo.md"]).args(options))
}

fn memo() -> String {
    let queries = ["Durand Line", "transit trade", "refugees", "Tehrik-i-Taliban", "tables of trade"];
    queries.iter().map(|query| on_seeds(&["search", "--format", "md", query]).out).collect()
}

#[test]
fn what_search_writes_is_verified() {
    let memo = memo();
    let told = verified(&memo, &[]);
    assert_eq!(told.code, Some(0), "{}", told.out);
    let n = memo.matches("\n<!-- ").count();
    assert!(told.out.ends_with(&format!("{n} quotations: {n} ok, 0 altered, 0 gone\n")), "{}", told.out);
    // Without the ids the words are found all the same.
    let bare: String = memo.lines().filter(|line| !line.starts_with("<!--")).map(|line| format!("{line}\n")).collect();
    assert_eq!(verified(&bare, &[]).code, Some(0));
}

#[test]
fn what_was_changed_is_told_with_its_line() {
    let quote = "used an economic embargo to pressure Afghan Emir Abdur Rahman into signing the Durand Line agreement";
    let check = |memo: &str, code, verdicts: &[(u64, &str)]| {
        let told = verified(memo, &["--json"]);
        assert_eq!(told.code, Some(code), "{memo}: {}", told.out);
        let lines: Vec<Value> = told.out.lines().map(|line| serde_json::from_str(line).expect("an object")).collect();
        let found: Vec<(u64, &str)> = lines
            .iter()
            .filter(|line| line["type"] == "check")
            .map(|line| (line["line"].as_u64().expect("a line"), line["verdict"].as_str().expect("a verdict")))
            .collect();
        assert_eq!(found, verdicts, "{memo}");
        lines
    };
    check(&format!("# Memo\n\nThey “{quote},” it says.\n"), 0, &[(3, "ok")]);
    check(&format!("They \"{}\".\n", quote.replace("signing", "sign-\ning")), 0, &[(1, "ok")]);
    check(
        &format!("They \"{}\".\n", quote.replace("pressure Afghan Emir Abdur Rahman", "pressure . . . Rahman")),
        0,
        &[(1, "ok")],
    );
    let lines =
        check(&format!("x\n\n> {}\n", quote.replace("economic embargo", "economic boycott")), 1, &[(3, "altered")]);
    assert_eq!(lines[0]["differences"][0]["quoted"], "boycott");
    assert_eq!(lines[0]["differences"][0]["printed"], "embargo");
    check("He spoke of \"cheese, honey and the far side of the moon\" there.\n", 1, &[(1, "gone")]);
    check("He spoke of \"trade ties\" there.\n", 0, &[]);
}

#[test]
fn words_are_found_with_their_place() {
    let told = run(polisearch(project()).args(["quote", "--json", "used an economic embargo to pressure Afghan Emir"]));
    assert_eq!(told.code, Some(0));
    let found: Value = serde_json::from_str(told.out.lines().next().expect("a place")).expect("an object");
    assert_eq!((&found["match"], &found["paper"]["id"]), (&"exact".into(), &"peaceworks-175".into()));
    let source = &found["source"];
    let bytes = std::fs::read(project().join("seeds/004_705628c28ea5a76e.txt")).expect("it is part of the project");
    let at = |name: &str| source[name].as_u64().expect("a number") as usize;
    let printed = String::from_utf8_lossy(&bytes[at("start")..at("end")]);
    assert_eq!(
        printed.split_whitespace().collect::<Vec<_>>().join(" "),
        "used an economic embargo to pressure Afghan Emir"
    );
    assert_eq!(on_seeds(&["quote", "cheese, honey and the far side of the moon"]).code, Some(1));
}

/// Both seed papers in each style, as the rules of the styles have it.
#[test]
fn seed_papers_are_cited_by_the_rules() {
    let hit: Value = serde_json::from_str(
        on_seeds(&["search", "--json", "paper:peaceworks", "Durand", "Line"]).out.lines().nth(1).expect("a hit"),
    )
    .expect("an object");
    let id = hit["passage"].as_str().expect("an id");
    let page = hit["page"]["printed"].as_str().expect("its page is known");
    let check = |id: &str, style: &str, expected: &str| {
        let told = on_seeds(&["cite", id, "--style", style]);
        assert_eq!(told.out, format!("{}\n", expected.replace("PAGE", page)), "{style}");
    };
    let title = "Afghanistan-Pakistan Ties and Future Stability in Afghanistan";
    let note = |title: &str| {
        format!(
            "Elizabeth Threlkeld and Grace Easterly, {title}, Peaceworks 175 (United States Institute of Peace, 2021), PAGE."
        )
    };
    check(id, "chicago", &note(title));
    check(id, "markdown", &note(&format!("*{title}*")));
    check(
        id,
        "apa",
        "Threlkeld, E., & Easterly, G. (2021). Afghanistan-Pakistan ties and future stability in Afghanistan (Peaceworks No. 175). \
         United States Institute of Peace.\n(Threlkeld & Easterly, 2021, p. PAGE)",
    );
    let paper = "cross-border-trade";
    let title = "Analyzing the Role of Cross Border Trade Policies in Facilitating Pak-Afghan Trade Post-Taliban";
    check(paper, "chicago", &format!("“{title},” n.d."));
    check(
        paper,
        "apa",
        "Analyzing the role of cross border trade policies in facilitating Pak-Afghan trade post-Taliban. (n.d.).",
    );
    check(paper, "bibtex", &format!("@misc{{cross-border-trade,\n  title = {{{{{title}}}}},\n}}"));
    check(paper, "ris", &format!("TY  - JOUR\nID  - cross-border-trade\nTI  - {title}\nER  - "));
}

#[test]
fn a_source_is_opened_at_its_line_or_told_to_be_elsewhere() {
    let open = |folder: &Path, id: &str| {
        run(polisearch(folder)
            .args(["open", "--print", id])
            .env("EDITOR", "vim")
            .env_remove("VISUAL")
            .env_remove("POLISEARCH_OPEN"))
    };
    let told = open(project(), "peaceworks-175");
    assert_eq!(told.code, Some(0), "{}", told.err);
    assert!(told.out.contains("004_705628c28ea5a76e.txt"), "{}", told.out);
    let told = open(&std::env::temp_dir(), "peaceworks-175");
    assert_eq!(told.code, Some(2));
    assert!(told.err.contains("is not here") && told.err.contains("--papers"), "{}", told.err);
    let told = run(polisearch(project())
        .args(["open", "--print", "peaceworks-175"])
        .env("POLISEARCH_OPEN", "v +{line} '{path}' {page}"));
    assert!(told.out.starts_with("v +1 /") && told.out.ends_with(".txt 1\n"), "{}", told.out);
}
