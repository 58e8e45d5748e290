//! Lines of covers and last pages: dates, and what authors are.

/// Tells whether a line is a date, and what was done then: "Updated April 20, 2026".
pub(crate) fn is_date(content: &str) -> bool {
    const SAID: [&str; 8] = ["updated", "published", "revised", "issued", "posted", "date", "version", "on"];
    const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let mut dated = false;
    let mut words = content.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let fits = words.all(|word| {
        let month = word.get(..3).is_some_and(|head| MONTHS.iter().any(|month| month.eq_ignore_ascii_case(head)));
        let number = word.starts_with(|c: char| c.is_ascii_digit());
        dated |= number;
        (month && word.len() <= 9) || number || SAID.iter().any(|said| said.eq_ignore_ascii_case(word))
    });
    fits && dated
}

/// What authors are. Headings name some of these, too, but not before a comma.
const ROLES: [&str; 14] = [
    "adviser",
    "advisor",
    "ambassador",
    "associate",
    "attorney",
    "chair",
    "consultant",
    "coordinator",
    "dean",
    "director",
    "editor",
    "manager",
    "officer",
    "president",
];
const SCHOLARS: [&str; 10] = [
    "analyst",
    "economist",
    "fellow",
    "lecturer",
    "librarian",
    "professor",
    "researcher",
    "scholar",
    "scientist",
    "specialist",
];

/// Tells whether a title says what an author is, and where: "Senior Fellow, Roe Institute", "Analyst in Energy
/// Policy", "Jane Roe, Visiting Scholar".
pub(crate) fn is_role(title: &str) -> bool {
    const MAX_WORDS: usize = 5;
    let is_one = |part: &str, roles: &[&str]| {
        let last = part.rsplit(' ').next().unwrap_or_default();
        let last = last.strip_suffix('s').unwrap_or(last);
        part.split(' ').count() <= MAX_WORDS
            && !part.starts_with(char::is_lowercase)
            && !part.starts_with("The ")
            && roles.iter().any(|role| role.eq_ignore_ascii_case(last))
    };
    let mut parts = title.split(", ");
    let first = parts.next().unwrap_or_default();
    let head = [" in ", " at ", " of "].iter().filter_map(|word| title.split_once(word)).map(|(head, _)| head);
    is_one(first, &SCHOLARS)
        || (first.len() < title.len() && is_one(first, &ROLES))
        || parts.any(|part| is_one(part, &SCHOLARS))
        || head.min_by_key(|head| head.len()).is_some_and(|head| is_one(head, &SCHOLARS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_dates_from_titles() {
        for line in ["Updated April 20, 2026", "15 May 2019", "May 2021", "Published: 2024-03-01"] {
            assert!(is_date(line), "{line}");
        }
        for line in ["Elections of May 2020", "Updated", "May We Meet", "March of the Ten Thousand"] {
            assert!(!is_date(line), "{line}");
        }
    }

    #[test]
    fn tells_what_authors_are() {
        for line in
            ["Jane B. Roe, Specialist in Trade Policy", "Analyst in Energy Policy", "Senior Fellow, Roe Institute"]
        {
            assert!(is_role(line), "{line}");
        }
        for line in ["The Director of National Intelligence", "President of the Senate", "Trade in Goods"] {
            assert!(!is_role(line), "{line}");
        }
    }
}
