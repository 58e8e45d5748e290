//! Names of people, as papers print them.

use crate::paper::Person;

/// Words that bodies, places and jobs have in their names, and people do not.
const NOT_A_PERSON: &[&str] = &[
    "academy",
    "administration",
    "affairs",
    "agency",
    "analysis",
    "analyst",
    "annual",
    "assistant",
    "associate",
    "association",
    "attorney",
    "bank",
    "brief",
    "bulletin",
    "bureau",
    "center",
    "centre",
    "college",
    "commission",
    "committee",
    "congressional",
    "contents",
    "coordinator",
    "council",
    "court",
    "department",
    "director",
    "discussion",
    "division",
    "draft",
    "economic",
    "edition",
    "european",
    "executive",
    "fellow",
    "foreign",
    "foundation",
    "fund",
    "global",
    "government",
    "group",
    "institute",
    "institution",
    "international",
    "introduction",
    "issue",
    "journal",
    "legal",
    "legislative",
    "library",
    "ministry",
    "national",
    "nations",
    "network",
    "office",
    "officer",
    "organization",
    "paper",
    "papers",
    "policy",
    "press",
    "professor",
    "program",
    "programme",
    "project",
    "public",
    "publication",
    "report",
    "republic",
    "research",
    "review",
    "school",
    "science",
    "senior",
    "series",
    "service",
    "society",
    "special",
    "specialist",
    "state",
    "states",
    "street",
    "strategy",
    "studies",
    "study",
    "summary",
    "survey",
    "technical",
    "union",
    "united",
    "university",
    "volume",
    "working",
    "world",
];

/// Words for what somebody does: a line of them stands below a name.
const JOBS: &[&str] = &[
    "adviser",
    "advisor",
    "analyst",
    "assistant",
    "associate",
    "attorney",
    "candidate",
    "chair",
    "consultant",
    "coordinator",
    "counsel",
    "director",
    "economist",
    "editor",
    "engineer",
    "expert",
    "fellow",
    "head",
    "historian",
    "intern",
    "lecturer",
    "librarian",
    "manager",
    "officer",
    "president",
    "professor",
    "reporter",
    "researcher",
    "scholar",
    "scientist",
    "specialist",
];

/// Tells whether a line can be the name of one person: `Jane van der Roe`, `April J. Anderson`.
pub fn is_named(name: &str) -> bool {
    let words: Vec<&str> = name.split_whitespace().collect();
    let is_particle = |word: &str| word.chars().count() <= 3 && word.chars().all(char::is_lowercase);
    let is_part = |word: &&str| {
        let letters = word.trim_end_matches(['.', ',']);
        letters.starts_with(char::is_uppercase)
            && letters.chars().all(|c| c.is_alphabetic() || matches!(c, '-' | '’' | '\'' | '.'))
            && !NOT_A_PERSON.contains(&letters.to_lowercase().as_str())
    };
    (2..=5).contains(&words.len())
        && words.iter().all(|word| is_part(word) || is_particle(word))
        && words.first().is_some_and(is_part)
        && words.last().is_some_and(is_part)
        // Shouting is no name, and neither are initials alone.
        && words.iter().any(|word| word.chars().skip(1).any(char::is_lowercase))
        && !matches!(words[0], "The" | "A" | "An" | "In" | "On" | "Its" | "Their" | "How" | "Why" | "What")
}

/// `By Jane Roe and John Doe` ⇒ two people; anything else ⇒ none.
pub fn by_line(line: &str) -> Vec<Person> {
    let line = line.trim();
    let Some(list) = line.strip_prefix("By ").or(line.strip_prefix("by ")) else { return Vec::new() };
    names(list).iter().map(|name| Person::parse(name)).collect()
}

/// Returns the names of a block that holds nothing but names.
pub fn names(block: &str) -> Vec<String> {
    let list = block.replace(" and ", ",").replace(" & ", ",").replace([';', '\n'], ",");
    let names: Vec<String> =
        list.split(',').map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect();
    if names.len() <= 12 && names.iter().all(|name| is_named(name)) { names } else { Vec::new() }
}

/// Tells whether a text says of a person who that is: `Jane Roe is a fellow`, `Jane Roe, Analyst`.
pub fn is_written_of(name: &str, text: &str) -> bool {
    text.match_indices(name).any(|(at, _)| {
        let after: String = text[at + name.len()..].chars().take(60).collect();
        let mut words = after.split_whitespace();
        let says = words.next().is_some_and(|word| matches!(word, "is" | "was" | "are" | "were"));
        says || (after.starts_with([',', '\n'])
            && after.split([',', '\n']).nth(1).is_some_and(|job| job.split_whitespace().any(is_job)))
    })
}

fn is_job(word: &str) -> bool {
    JOBS.contains(&word.trim_matches(|c: char| !c.is_alphabetic()).to_lowercase().as_str())
}

/// Returns the people of a note on the authors, as reports have at their end: the heading, then names
/// with what each does below.
///
/// `Author Information` / `Jane Roe` / `Analyst in Trade` ⇒ Jane Roe.
pub fn authors_of_note(text: &str) -> Vec<Person> {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let Some(heading) = lines.iter().rposition(|line| is_heading(line)) else { return Vec::new() };
    let mut people = Vec::new();
    let mut row: Vec<&str> = Vec::new();
    // Names side by side stand on one line, two spaces between.
    for line in lines[heading + 1..].iter().take(60) {
        let cells: Vec<&str> = line.split("  ").map(str::trim).filter(|cell| !cell.is_empty()).collect();
        let are_names = cells.iter().all(|cell| is_named(cell));
        let does_work = cells.iter().any(|cell| cell.split_whitespace().any(is_job));
        match (are_names, does_work) {
            (true, false) if row.is_empty() => row = cells,
            (_, true) if !row.is_empty() => people.extend(row.drain(..).map(Person::parse)),
            // The rest of what somebody does, or how to write to them.
            _ if row.is_empty() && !people.is_empty() && line.len() < 80 => {}
            _ => break,
        }
    }
    people.dedup();
    people
}

/// Jobs of those who write papers; others sign imprints.
const WRITERS: &[&str] = &[
    "analyst",
    "attorney",
    "economist",
    "fellow",
    "historian",
    "lecturer",
    "professor",
    "researcher",
    "scholar",
    "scientist",
    "specialist",
];

/// Returns the people who sign a text: lines of a name and what somebody does, one below the other.
///
/// `Jane Roe, Analyst in Trade` ⇒ Jane Roe.
pub fn signed(text: &str) -> Vec<Person> {
    let mut people: Vec<Person> = Vec::new();
    let mut row = 0;
    for (i, line) in text.lines().map(str::trim).filter(|line| !line.is_empty()).enumerate() {
        let Some((name, job)) = line.split_once(',') else { continue };
        let writes = job
            .split_whitespace()
            .take(4)
            .any(|word| WRITERS.contains(&word.trim_end_matches([',', ';', '.']).to_lowercase().as_str()));
        if !writes || !is_named(name) || line.len() > 120 || line.ends_with('.') {
            continue;
        }
        // Signatures stand together; what somebody does may take a second line.
        if !people.is_empty() && i > row + 3 {
            people.clear();
        }
        row = i;
        people.push(Person::parse(name));
    }
    people
}

fn is_heading(line: &str) -> bool {
    const HEADINGS: &[&str] = &[
        "author information",
        "author contact information",
        "author",
        "authors",
        "about the author",
        "about the authors",
    ];
    HEADINGS.contains(&line.trim_end_matches([':', '.']).to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_people_from_bodies_and_jobs() {
        for name in ["Jane Roe", "April J. Anderson", "Jane van der Roe", "J. R. O’Neill-Smith"] {
            assert!(is_named(name), "{name}");
        }
        for other in [
            "Legislative Attorney",
            "Border Policy Institute",
            "Roe",
            "trade in goods",
            "NEW YORK",
            "May 2021",
            "The border",
        ] {
            assert!(!is_named(other), "{other}");
        }
    }

    #[test]
    fn reads_notes_on_authors() {
        let check = |note: &str, expected: &[&str]| {
            let found: Vec<String> = authors_of_note(note).iter().map(Person::full_name).collect();
            assert_eq!(found, expected, "{note}");
        };
        check("It ended.\n\nAuthor Information\n\nJane Roe\nAnalyst in Trade\n\nDisclaimer\nThis paper", &["Jane Roe"]);
        check(
            "Author Information\nJane Roe  John Doe\nAnalyst in Trade  Legislative Attorney\nAnn Poe\nFellow\n",
            &["Jane Roe", "John Doe", "Ann Poe"],
        );
        check("Authors\nagree that trade fell.", &[]);
        check("Author\nDisclaimer", &[]);
    }

    #[test]
    fn reads_signatures() {
        let check = |text: &str, expected: &[&str]| {
            let found: Vec<String> = signed(text).iter().map(Person::full_name).collect();
            assert_eq!(found, expected, "{text}");
        };
        check(
            "It ended.\n\nJane Roe, Specialist in Trade and\nTransit\n\nJohn Doe, Analyst in Trade\n\nDisclaimer\n",
            &["Jane Roe", "John Doe"],
        );
        check("Jane Roe, Director of the Press Office\n", &[]);
        check("Karachi, an analyst said, was closed.", &[]);
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]
        #[test]
        fn any_text_is_read(text in "(Author Information\n|Jane Roe|Züri|Analyst|  |\n| is |, | and ){0,30}") {
            authors_of_note(&text);
            is_written_of("Jane Roe", &text);
            names(&text);
        }
    }
}
