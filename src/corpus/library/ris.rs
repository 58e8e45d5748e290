//! RIS: a tag and a value a line, a record from `TY` to `ER`.

use super::{Entry, file_name, said};
use crate::paper::{Biblio, Person};

/// Reads the records; a line without a tag goes on with the value before it.
pub fn read(text: &str) -> Vec<Entry> {
    let mut entries = Vec::new();
    let mut fields: Vec<(String, String)> = Vec::new();
    for line in text.lines() {
        match line.split_once("  -").filter(|(tag, _)| tag.len() == 2 && tag.is_ascii()) {
            Some(("TY", value)) => fields = vec![("TY".to_owned(), value.trim().to_owned())],
            Some(("ER", _)) if !fields.is_empty() => entries.push(entry(&std::mem::take(&mut fields))),
            Some((tag, value)) => fields.push((tag.to_owned(), value.trim().to_owned())),
            None => {
                if let Some((_, value)) = fields.last_mut() {
                    value.push(' ');
                    value.push_str(line.trim());
                }
            }
        }
    }
    entries
}

fn entry(fields: &[(String, String)]) -> Entry {
    let all =
        |tags: &'static [&str]| fields.iter().filter(|(tag, _)| tags.contains(&tag.as_str())).map(|(_, value)| value);
    let first = |tags: &'static [&str]| {
        tags.iter().find_map(|one| all(std::slice::from_ref(one)).find_map(|value| said(value.as_str())))
    };
    let kind = kind(first(&["TY"]).unwrap_or_default().as_str());
    let is_report = kind == "report";
    let (year, month, day) = ["DA", "PY", "Y1"]
        .iter()
        .filter_map(|tag| fields.iter().find(|(one, _)| one == tag))
        .map(|(_, value)| crate::extract::date(value))
        .find(|(year, ..)| year.is_some())
        .unwrap_or((None, None, None));
    let holder = first(&["T2", "JO", "JF", "BT", "T3"]);
    let pages = first(&["SP"]).map(|start| first(&["EP"]).map_or(start.clone(), |end| format!("{start}-{end}")));
    Entry {
        biblio: Biblio {
            id: first(&["ID"]),
            kind: Some(kind.to_owned()),
            title: first(&["TI", "T1", "CT"]),
            authors: all(&["AU", "A1"]).filter(|name| !name.is_empty()).map(|name| author(name)).collect(),
            year,
            month,
            day,
            publisher: first(&["PB"]),
            container: holder.clone().filter(|_| !is_report),
            collection: holder.filter(|_| is_report),
            number: first(&["IS", "M1"]).filter(|_| is_report),
            volume: first(&["VL"]),
            issue: first(&["IS"]).filter(|_| !is_report),
            pages,
            doi: first(&["DO"]),
            isbn: first(&["SN"]).filter(|_| kind != "article-journal"),
            url: first(&["UR"]),
            language: first(&["LA"]).map(|tag| tag.to_lowercase()).filter(|tag| tag.len() <= 3),
            note: first(&["N1"]),
        },
        files: all(&["L1", "L2", "L3", "L4"]).map(|path| file_name(path)).collect(),
    }
}

/// `Roe, Jane` is a person; a name without a comma is a body's, as RIS writes it.
fn author(name: &str) -> Person {
    if name.contains(',') { Person::parse(name) } else { Person { family: name.to_owned(), given: String::new() } }
}

fn kind(tag: &str) -> &'static str {
    match tag {
        "JOUR" | "EJOUR" => "article-journal",
        "MGZN" => "article-magazine",
        "NEWS" => "article-newspaper",
        "RPRT" => "report",
        "BOOK" | "EBOOK" => "book",
        "CHAP" | "ECHAP" => "chapter",
        "CONF" | "CPAPER" => "paper-conference",
        "THES" => "thesis",
        "ELEC" | "BLOG" | "WEB" => "webpage",
        _ => "document",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_records_as_they_are_written() {
        let entries = read(
            "TY  - RPRT\r\nTI  - Afghanistan-Pakistan Ties\r\n  and Future Stability\r\nAU  - Threlkeld, Elizabeth\r\nAU  - UNHCR\r\nDA  - 2021/08//\r\n\
             T2  - Peaceworks\r\nIS  - 175\r\nPB  - USIP\r\nL1  - files/12/a b.pdf\r\nER  - \r\n\r\nTY  - JOUR\r\nT1  - B\r\nPY  - 1999\r\nSP  - 12\r\nEP  - 19\r\nER  - \r\n",
        );
        let Entry { biblio, files } = &entries[0];
        assert_eq!(biblio.title.as_deref(), Some("Afghanistan-Pakistan Ties and Future Stability"));
        assert_eq!(biblio.authors.iter().map(Person::full_name).collect::<Vec<_>>(), ["Elizabeth Threlkeld", "UNHCR"]);
        assert_eq!((biblio.year, biblio.month, biblio.day), (Some(2021), Some(8), None));
        assert_eq!((biblio.collection.as_deref(), biblio.number.as_deref()), (Some("Peaceworks"), Some("175")));
        assert_eq!(files, &["a b.pdf"]);
        assert_eq!((entries[1].biblio.year, entries[1].biblio.pages.as_deref()), (Some(1999), Some("12-19")));
    }
}
