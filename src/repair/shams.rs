//! Shams: lines that look like headings and are none: labels with a value, entries of lists, names of
//! authors, heads and rows of tables.
//!
//! | line | is none, because |
//! |---|---|
//! | `Agency Regulations: 13 C.F.R. Part 312` | a value follows its label |
//! | `Privacy and the Law, by Jane Roe` | it names an author |
//! | `Jane B. Roe` | it is a name |
//! | `Senior Fellow, Roe Institute` | it says what an author is |
//! | `151 22007 Assumption Parish` | it is a row of figures |
//! | `SAIPE)`, `(CEDS)`, `the regions; and` | it is a part of something |
//! | `Parish`, with nothing but short lines below | no text stands under it |

use super::{
    cues,
    lines::{Line, Role},
    tables,
};
use crate::paper::is_role;

/// Lines below a heading that are looked at for text.
const REACH: usize = 60;
/// So many words in small letters make a line one of running text.
const RUNNING: usize = 3;

/// Tells whether a title, with all its lines, is something else by its words.
pub(super) fn is_sham(title: &str) -> bool {
    is_part(title) || is_value(title) || is_of_author(title) || is_name(title) || is_row(title)
}

/// Tells whether a title is a part of something: of a sentence, of a remark in brackets, of a footer.
fn is_part(title: &str) -> bool {
    let count = |sign: char| title.matches(sign).count();
    let remark = title.starts_with(['(', '[', '“', '"']) && title.ends_with([')', ']', '”', '"']);
    let breaks_off = title.rsplit(' ').next().is_some_and(cues::is_small_word);
    remark
        || count('(') != count(')')
        || breaks_off
        || title.contains([';', '§', '|', '·', '•'].as_slice()) && !title.contains("; ")
}

/// Tells whether a title is a label with its value: a colon, and behind it a number first and last.
fn is_value(title: &str) -> bool {
    let digit = |c: char| c.is_ascii_digit();
    title.split_once(": ").is_some_and(|(_, value)| value.starts_with(digit) && value.ends_with(digit))
}

/// Tells whether a title ends in the names of its authors, as an entry of a list of other papers, or tells for
/// whom a paper was written.
fn is_credited(title: &str) -> bool {
    let prepared = ["Prepared for ", "Prepared by "].iter().any(|words| title.starts_with(words));
    prepared || title.rsplit_once(", by ").is_some_and(|(_, names)| names.starts_with(char::is_uppercase))
}

/// Tells whether a title begins as the name of a person with an initial: "Jane B. Roe, Analyst".
fn is_name(title: &str) -> bool {
    let mut words = title.split(' ');
    let (Some(given), Some(initial), Some(family)) = (words.next(), words.next(), words.next()) else { return false };
    let named = |word: &str| {
        let mut letters = word.trim_end_matches(',').chars();
        letters.next().is_some_and(char::is_uppercase)
            && letters.next().is_some_and(char::is_lowercase)
            && letters.all(char::is_alphabetic)
    };
    let mut letters = initial.chars();
    named(given) && letters.next().is_some_and(char::is_uppercase) && letters.as_str() == "." && named(family)
}

/// Tells whether a line is about those who wrote a paper, or for whom, and may go on in the next.
pub(super) fn is_of_author(line: &str) -> bool {
    is_role(line) || is_credited(line)
}

/// Tells whether a title begins as questions do.
pub(super) fn begins_question(title: &str) -> bool {
    const WORDS: [&str; 24] = [
        "are", "can", "could", "did", "do", "does", "has", "have", "how", "is", "may", "must", "should", "was", "were",
        "what", "when", "where", "which", "who", "whose", "why", "will", "would",
    ];
    let first = title.split(' ').next().unwrap_or_default();
    WORDS.iter().any(|word| word.eq_ignore_ascii_case(first))
}

/// Tells whether a title begins with two numbers: a row of a table.
fn is_row(title: &str) -> bool {
    let mut words = title.split(' ');
    let mut is_number = || {
        words.next().is_some_and(|word| word.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b',' | b'.')))
    };
    is_number() && is_number()
}

/// Tells whether a line has words in small letters as running text does, and cells of a table do not.
fn is_running(content: &str) -> bool {
    content.split(' ').filter(|word| word.starts_with(char::is_lowercase)).count() >= RUNNING
}

/// Tells whether text stands below a heading that ends before line `start`: a sentence, a line of the
/// usual width, a caption, or a line that leads to a page. At once another heading is no answer, and
/// counts as text.
pub(super) fn has_text(text: &str, lines: &[Line], start: usize, usual: u32) -> bool {
    let mut n_lines = 0;
    for line in lines[start..].iter().filter(|line| !matches!(line.role, Role::Furniture(_))).take(REACH) {
        let content = line.of(text);
        match line.role {
            Role::Heading(_) | Role::HeadingTail => return n_lines == 0,
            Role::Table => {
                if tables::is_leader(content) {
                    return true;
                }
            }
            Role::Body | Role::Item(_) => {
                if line.ends || (line.width * 10 >= usual * 7 && is_running(content)) || is_of_author(content) {
                    return true;
                }
            }
            _ => return true,
        }
        n_lines += 1;
    }
    n_lines == 0 || n_lines == REACH
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        paper::BlockKind,
        repair::{repair, tests::raw},
    };

    #[test]
    fn tells_shams_by_their_words() {
        for title in [
            "Agency Regulations: 13 C.F.R. Part 312",
            "Privacy and the Law, by Jane Roe",
            "Jane B. Roe, Analyst in Public Finance",
            "Senior Fellow, Roe Institute",
            "Senior Research Librarian",
            "Prepared for Members of the Council",
            "Analyst in Energy Policy",
            "Professor of Political Science",
            "Director, Asia Program",
            "Jane Roe, Visiting Scholar",
            "151 22007 Assumption Parish",
            "the Regions; and",
            "(CEDS)",
            "SAIPE)",
            "R48906 · VERSION 2 · NEW",
            "Statutory Authority: 42 U.S.C. §3147",
        ] {
            assert!(is_sham(title), "{title}");
        }
        for title in [
            "AI Overview: Technology and Regulation",
            "2023 Program Delay",
            "U.S. Court of Appeals (CA)",
            "The Budget: 5 Things to Know",
            "Data for Counties; Other Sources",
            "What We Stand For",
            "The Director of National Intelligence",
            "Congress, the President, and War",
            "President of the Senate",
            "1 Introduction",
        ] {
            assert!(!is_sham(title), "{title}");
        }
    }

    fn check(text: &str, expected: &[&str]) {
        let paper = repair(&raw(text));
        let headings = paper.blocks.iter().filter(|block| matches!(block.kind, BlockKind::Heading(_)));
        let found: Vec<&str> = headings.map(|block| block.span.of(&paper.text)).collect();
        assert_eq!(found, expected, "{text:?}");
    }

    const BODY: &str = "Both sides have long been poor, as all of\nthose who went there say.\n";

    #[test]
    fn takes_back_what_no_text_stands_below() {
        check(
            &format!(
                "Ways Forward\n\n{BODY}\nParish\n\nAssumption\n\nVermilion Sound\n\n22 of 30\n\nWhat Comes Next\n\n{BODY}"
            ),
            &["Ways Forward", "What Comes Next"],
        );
        check(&format!("Main Ideas\n\nFirst Steps\n\n{BODY}"), &["Main Ideas", "First Steps"]);
    }

    #[test]
    fn takes_back_the_cover_above_the_title() {
        check(
            &format!("THE SERIES\n\nPAPER NINE\n\nBorders and Trade\n\nBackground\n\n{BODY}"),
            &["Borders and Trade", "Background"],
        );
    }
}
