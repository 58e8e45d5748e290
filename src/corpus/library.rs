//! Bibliographic data beside the papers (CSL-JSON).

use std::path::Path;

use crate::paper::{Biblio, Person};

/// What a user's library knows about papers.
#[derive(Debug, Default)]
pub struct Library {
    entries: Vec<(Option<String>, Biblio)>,
}

/// Tells whether a file is bibliographic data.
pub fn is_library(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name == "library.json")
}

impl Library {
    /// Reads the library files among `paths` and their folders.
    pub fn near(paths: &[std::path::PathBuf]) -> Library {
        let mut library = Library::default();
        for path in paths {
            let folder = if path.is_dir() { path.as_path() } else { path.parent().unwrap_or(Path::new(".")) };
            let Ok(bytes) = std::fs::read(folder.join("library.json")) else { continue };
            let Ok(items) = serde_json::from_slice::<Vec<serde_json::Value>>(&bytes) else { continue };
            library.entries.extend(items.iter().map(entry));
        }
        library
    }

    /// Returns what is known about the paper in a file.
    pub fn find(&self, file: &str, _doi: Option<&str>, _title: Option<&str>) -> Option<Biblio> {
        self.entries.iter().find(|(name, _)| name.as_deref() == Some(file)).map(|(_, biblio)| biblio.clone())
    }
}

fn entry(item: &serde_json::Value) -> (Option<String>, Biblio) {
    let text = |key: &str| item[key].as_str().map(str::to_owned);
    let person = |person: &serde_json::Value| Person {
        family: person["family"].as_str().unwrap_or_default().to_owned(),
        given: person["given"].as_str().unwrap_or_default().to_owned(),
    };
    let date = &item["issued"]["date-parts"][0];
    let biblio = Biblio {
        id: text("id"),
        kind: text("type"),
        title: text("title"),
        authors: item["author"].as_array().map(|people| people.iter().map(person).collect()).unwrap_or_default(),
        year: date[0].as_i64().map(|year| year as i32),
        month: date[1].as_u64().map(|month| month as u8),
        publisher: text("publisher"),
        collection: text("collection-title"),
        number: text("number"),
        isbn: text("ISBN"),
        language: text("language"),
        note: text("note"),
        ..Biblio::default()
    };
    (item["custom"]["file"].as_str().map(str::to_owned), biblio)
}
