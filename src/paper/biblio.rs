//! Bibliographic data: who wrote a paper, when, and where it appeared.

use serde::{Deserialize, Serialize};

/// A person, or a body that signs as an author (then only `family` is set).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    pub family: String,
    // Never skipped when empty: an index stores fields by their order.
    #[serde(default)]
    pub given: String,
}

impl Person {
    /// Reads a name as it is written: `Roe, Jane` and `Jane Roe` ⇒ family `Roe`, given `Jane`.
    ///
    /// ```
    /// # use polisearch::paper::Person;
    /// assert_eq!(Person::parse("Jane van der Roe").family, "van der Roe");
    /// assert_eq!(Person::parse("Roe, Jane"), Person::parse(" Jane  Roe "));
    /// ```
    pub fn parse(name: &str) -> Person {
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        if let Some((family, given)) = name.split_once(',') {
            return Person { family: words(family), given: words(given) };
        }
        let name = words(name);
        // Particles in small letters belong to the family name.
        let last = name.rfind(' ').map_or(0, |at| at + 1);
        let particle =
            name.match_indices(' ').map(|(at, _)| at + 1).find(|&at| name[at..].starts_with(char::is_lowercase));
        let (given, family) = name.split_at(particle.unwrap_or(last).min(last));
        Person { family: family.to_owned(), given: given.trim_end().to_owned() }
    }

    /// Returns the name as it is spoken: given name first.
    pub fn full_name(&self) -> String {
        if self.given.is_empty() { self.family.clone() } else { format!("{} {}", self.given, self.family) }
    }
}

/// What is known about a paper as a publication; an empty field is not known, never guessed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Biblio {
    /// The key that the user's library gives the paper (CSL `id`), when there is one.
    pub id: Option<String>,
    /// CSL type: `report`, `article-journal`, `webpage`, ...
    pub kind: Option<String>,
    pub title: Option<String>,
    pub authors: Vec<Person>,
    pub year: Option<i32>,
    /// 1 to 12.
    pub month: Option<u8>,
    /// 1 to 31.
    pub day: Option<u8>,
    pub publisher: Option<String>,
    /// Journal, book or series that the paper appeared in.
    pub container: Option<String>,
    /// Series of a report ("Peaceworks").
    pub collection: Option<String>,
    pub number: Option<String>,
    pub volume: Option<String>,
    pub issue: Option<String>,
    /// Page range in the container ("12-34").
    pub pages: Option<String>,
    pub doi: Option<String>,
    pub isbn: Option<String>,
    pub url: Option<String>,
    /// BCP 47 tag, "en" when nothing says otherwise.
    pub language: Option<String>,
    pub note: Option<String>,
}

impl Biblio {
    /// Fills what is not known here from `other`: the first source that knows a field wins.
    pub fn or(mut self, other: &Biblio) -> Biblio {
        fn fill<T: Clone>(mine: &mut Option<T>, theirs: &Option<T>) {
            if mine.is_none() {
                mine.clone_from(theirs);
            }
        }
        fill(&mut self.id, &other.id);
        fill(&mut self.kind, &other.kind);
        fill(&mut self.title, &other.title);
        if self.authors.is_empty() {
            self.authors.clone_from(&other.authors);
        }
        // A date is one statement: its parts are never mixed from two sources.
        if self.year.is_none() {
            (self.year, self.month, self.day) = (other.year, other.month, other.day);
        }
        fill(&mut self.publisher, &other.publisher);
        fill(&mut self.container, &other.container);
        fill(&mut self.collection, &other.collection);
        fill(&mut self.number, &other.number);
        fill(&mut self.volume, &other.volume);
        fill(&mut self.issue, &other.issue);
        fill(&mut self.pages, &other.pages);
        fill(&mut self.doi, &other.doi);
        fill(&mut self.isbn, &other.isbn);
        fill(&mut self.url, &other.url);
        fill(&mut self.language, &other.language);
        fill(&mut self.note, &other.note);
        self
    }
}
