//! CSL-JSON: an array of items, or an object that holds one.

use serde_json::Value;

use super::Error;
use super::{Entry, file_name, said};
use crate::paper::{Biblio, Person};

/// Reads the items; a field that is not what it should be is not known.
pub fn read(text: &str) -> Result<Vec<Entry>, Error> {
    let value: Value = serde_json::from_str(text).map_err(|error| Error::Library {
        format: "JSON",
        line: error.line(),
        reason: error.to_string(),
    })?;
    let items = match value {
        Value::Array(items) => items,
        Value::Object(mut holder) => match holder.remove("items") {
            Some(Value::Array(items)) => items,
            _ => vec![Value::Object(holder)],
        },
        _ => Vec::new(),
    };
    Ok(items.iter().filter(|item| item.is_object()).map(entry).collect())
}

fn entry(item: &Value) -> Entry {
    let text = |name: &str| match item.get(name)? {
        Value::String(text) => said(text.as_str()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    let (year, month, day) = item.get("issued").map_or((None, None, None), date);
    let names = item.get("author").and_then(Value::as_array).into_iter().flatten();
    let custom = item.get("custom");
    let files = ["file", "files"].iter().filter_map(|name| custom?.get(*name).or(item.get(*name)));
    let files = files.flat_map(|value| match value {
        Value::Array(many) => many.iter().filter_map(Value::as_str).map(file_name).collect(),
        value => value.as_str().map(file_name).into_iter().collect::<Vec<_>>(),
    });
    Entry {
        biblio: Biblio {
            id: text("id"),
            kind: text("type"),
            title: text("title"),
            authors: names.filter_map(person).collect(),
            year,
            month,
            day,
            publisher: text("publisher"),
            container: text("container-title"),
            collection: text("collection-title"),
            number: text("number").or(text("collection-number")),
            volume: text("volume"),
            issue: text("issue"),
            pages: text("page"),
            doi: text("DOI"),
            isbn: text("ISBN"),
            url: text("URL"),
            language: text("language"),
            note: text("note"),
        },
        files: files.collect(),
    }
}

fn person(name: &Value) -> Option<Person> {
    let part = |key: &str| name.get(key).and_then(Value::as_str).and_then(said);
    if let Some(family) = part("literal") {
        return Some(Person { family, given: String::new() });
    }
    let family = [part("dropping-particle"), part("non-dropping-particle"), part("family"), part("suffix")];
    let family = family.into_iter().flatten().collect::<Vec<_>>().join(" ");
    Some(Person { family, given: part("given").unwrap_or_default() }).filter(|person| !person.family.is_empty())
}

fn date(issued: &Value) -> (Option<i32>, Option<u8>, Option<u8>) {
    let Some(parts) = issued.get("date-parts").and_then(|parts| parts.get(0)) else {
        let raw = issued.get("raw").or(issued.get("literal")).and_then(Value::as_str);
        return raw.map_or((None, None, None), crate::extract::date);
    };
    let number = |i: usize| match parts.get(i)? {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    };
    let small = |i: usize, last: u8| number(i).and_then(|n| u8::try_from(n).ok()).filter(|n| (1..=last).contains(n));
    (number(0).and_then(|year| year.try_into().ok()), small(1, 12), small(2, 31))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_seeds_list() {
        let entries = read(include_str!("../../../seeds/library.json")).expect("it is CSL-JSON");
        let report = &entries[1];
        assert_eq!(report.files, ["004_705628c28ea5a76e.txt"]);
        assert_eq!(report.biblio.authors[0], Person { family: "Threlkeld".into(), given: "Elizabeth".into() });
        assert_eq!((report.biblio.year, report.biblio.month, report.biblio.day), (Some(2021), Some(8), None));
        assert_eq!(report.biblio.number.as_deref(), Some("175"));
        assert!(entries[0].biblio.authors.is_empty() && entries[0].biblio.year.is_none());
    }

    #[test]
    fn takes_what_is_odd_for_unknown() {
        let entries = read(
            r#"{"items": [{"id": 7, "title": ["x"], "author": [{"literal": "UNHCR"}, {}], "issued": {"date-parts": [["2020", 13]]}}, 3]}"#,
        );
        let entries = entries.expect("it is JSON");
        let biblio = &entries[0].biblio;
        assert_eq!((entries.len(), biblio.id.as_deref(), &biblio.title), (1, Some("7"), &None));
        assert_eq!((biblio.year, biblio.month, biblio.authors.len()), (Some(2020), None, 1));
    }

    #[test]
    fn names_the_line_of_broken_json() {
        let error = read("[\n{\"id\": }\n]").expect_err("it is broken");
        assert!(error.to_string().starts_with("line 2 is no JSON"), "{error}");
    }
}
