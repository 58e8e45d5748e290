//! The pages in `docs/` name what they describe: every field, every part.

use serde_json::Value;

use super::on_seeds;

fn check_named<'n>(page: &str, names: impl IntoIterator<Item = &'n str>) {
    let missing: Vec<&str> = names.into_iter().filter(|name| !page.contains(&format!("`{name}`"))).collect();
    assert!(missing.is_empty(), "not described: {}", missing.join(", "));
}

#[test]
fn every_part_of_an_index_is_described() {
    let info: Value = serde_json::from_str(&on_seeds(&["info", "--json"]).out).expect("JSON");
    let parts = info["parts"].as_object().expect("names and sizes");
    // How tables, records and names are made of several parts is told once for all.
    let own = |name: &&str| !["/firsts", "/starts", "/table", "/shared"].iter().any(|suffix| name.ends_with(suffix));
    check_named(include_str!("../../docs/artifact.md"), parts.keys().map(String::as_str).filter(own));
}

#[test]
fn every_field_of_a_hit_and_of_a_paper_is_described() {
    let page = include_str!("../../docs/json.md");
    let hits = on_seeds(&["search", "--json", "APTTA"]).out;
    let papers = on_seeds(&["papers", "--json"]).out;
    for line in hits.lines().chain(papers.lines()) {
        let object: Value = serde_json::from_str(line).expect("each line is an object");
        let fields = object.as_object().expect("an object").keys().map(String::as_str);
        check_named(&page.replace('"', "`"), fields);
    }
}
