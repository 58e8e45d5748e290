//! Furniture: finds what is printed on pages beside the text: running headers and footers, page
//! numbers, licences.
//!
//! A line is furniture by what happens around it, not by its words:
//!
//! | seen | because |
//! |---|---|
//! | `4 PEACEWORKS`, ten pages on `14 PEACEWORKS` | the same line again, and its number goes on with the pages |
//! | the same line at the edge of three pages | repeated |
//! | `… both sides of the` / `Border Trade Policies…` / `28` / `border further …` | a lone title and number inside a sentence |
//! | a number alone at the edge of a page | alone |
//! | `This work is licensed under a Creative Commons …` | licence words |

use memchr::memmem;

use super::{
    cues,
    lines::{Line, Role},
    numbers::{self, Numbered},
    pages::{Pages, Sight, roman},
};
use crate::paper::RemovedKind;

/// Lines from the edge of a page that can be furniture.
const EDGE: usize = 3;
/// A running header is short.
const MAX_WIDTH: u32 = 120;
/// Numbers of a line that are looked at.
const NUMBERS: usize = 4;
/// Lines of the first page that its title is looked for in, and letters that make one.
const TITLE_REACH: usize = 20;
const MIN_TITLE: usize = 20;
/// Bytes at either end of a paper that a licence can stand in.
const LICENCE_REACH: usize = 8 << 10;

/// A line that may be furniture.
struct Suspect {
    line: usize,
    /// What the line says, whatever its numbers are.
    key: u64,
    has_letters: bool,
    numbers: [Option<u32>; NUMBERS],
    roman: bool,
    /// Tells whether it stands within the first or last lines of its page.
    at_edge: bool,
}

/// Gives furniture its role, adds pages that only furniture shows, and returns the page numbers seen.
pub(super) fn find(text: &str, lines: &mut [Line], pages: &mut Pages, title: Option<&str>) -> Vec<Sight> {
    let mut suspects = suspects(text, lines, pages.starts.len() > 1);
    suspects.sort_by_key(|suspect| (suspect.key, suspect.line));
    // Which number of which line is that of the page.
    let mut numbered: Vec<Numbered> = Vec::new();
    for group in suspects.chunk_by(|a, b| a.key == b.key) {
        judge(group, lines, pages, &mut numbered);
    }
    suspects.sort_by_key(|suspect| suspect.line);
    lone(text, lines, &suspects, title, &mut numbered);
    titles(text, lines);
    licences(text, lines);
    bullets(text, lines);
    numbers::settle(lines, pages, numbered)
}

/// Lists the lines at the edges of pages, and those that stand alone.
fn suspects(text: &str, lines: &[Line], has_pages: bool) -> Vec<Suspect> {
    let mut found = Vec::new();
    let (mut first, mut after) = (0, 0);
    for (i, line) in lines.iter().enumerate() {
        if i == after {
            first = i;
            after = i + lines[i..].iter().take_while(|next| next.page == line.page).count();
        }
        let at_edge = has_pages && (i < first + EDGE || i + EDGE >= after);
        let alone = (line.gap > 0 || i == first) && lines.get(i + 1).is_none_or(|next| next.gap > 0 || i + 1 == after);
        if line.width <= MAX_WIDTH && (at_edge || alone) {
            found.push(Suspect { at_edge, ..suspect(line.of(text), i) });
        }
    }
    found
}

fn suspect(content: &str, line: usize) -> Suspect {
    let (mut key, mut n_numbers, mut in_number, mut has_letters) = (0xcbf2_9ce4_8422_2325_u64, 0, false, false);
    let mut numbers = [None; NUMBERS];
    for &byte in content.as_bytes() {
        let folded = FOLDED[usize::from(byte)];
        let goes_on = in_number;
        in_number = folded == b'#';
        if in_number {
            n_numbers += usize::from(!goes_on);
            if let Some(number) = numbers.get_mut(n_numbers - 1) {
                *number = Some(number.unwrap_or(0u32).saturating_mul(10).saturating_add(u32::from(byte - b'0')));
            }
        }
        // No branch, since nobody can foretell where words end.
        let counts = (folded > 0) & !(goes_on & in_number);
        has_letters |= counts & !in_number;
        let next = (key ^ u64::from(folded)).wrapping_mul(0x0100_0000_01b3);
        key = if counts { next } else { key };
    }
    // No longer word is a roman number of a page.
    if let Some(number) = (content.len() < 16).then(|| roman(content)).flatten() {
        return Suspect {
            line,
            key: 0,
            has_letters: false,
            numbers: [Some(number), None, None, None],
            roman: true,
            at_edge: false,
        };
    }
    Suspect { line, key, has_letters, numbers, roman: false, at_edge: false }
}

/// What each byte is to the key of a line: its small letter, one sign for all digits, or nothing.
static FOLDED: [u8; 256] = {
    let mut folded = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        folded[byte] = match byte as u8 {
            b'0'..=b'9' => b'#',
            b if b.is_ascii_alphabetic() || b >= 0x80 => b.to_ascii_lowercase(),
            _ => 0,
        };
        byte += 1;
    }
    folded
};

/// Judges lines that say the same.
fn judge(group: &[Suspect], lines: &mut [Line], pages: &Pages, numbered: &mut Vec<Numbered>) {
    let header =
        Role::Furniture(if group[0].has_letters { RemovedKind::RunningHeader } else { RemovedKind::PageNumber });
    let n_pages = group.chunk_by(|a, b| lines[a.line].page == lines[b.line].page).count();
    if let Some(which) = (0..NUMBERS).find(|&which| goes_on(group, lines, pages, which)) {
        let distance = usual_distance(group, lines, which);
        for suspect in group {
            let Some(number) = suspect.numbers[which] else { continue };
            let fits = i64::from(number) - i64::from(lines[suspect.line].page) == distance;
            if fits || suspect.has_letters {
                lines[suspect.line].role = header;
                numbered.push(Numbered { line: suspect.line, number, roman: suspect.roman });
            }
        }
    } else if group[0].has_letters
        && pages.starts.len() > 1
        && n_pages >= pages.starts.len().clamp(2, 3)
        && group.iter().all(|suspect| suspect.numbers == group[0].numbers)
    {
        // What stands on the first page is the title that the others repeat.
        let has_title = group[0].line < TITLE_REACH && lines[group[0].line].page == 0 && n_pages > 1;
        group[usize::from(has_title)..].iter().for_each(|suspect| lines[suspect.line].role = header);
    }
}

/// Tells whether a number of a repeated line goes on as pages do.
fn goes_on(group: &[Suspect], lines: &[Line], pages: &Pages, which: usize) -> bool {
    let number = |suspect: &Suspect| suspect.numbers[which];
    if group.len() < 2 || group.iter().any(|suspect| suspect.numbers[which].is_none()) {
        return false;
    }
    if pages.given || !group[0].has_letters {
        let distance = usual_distance(group, lines, which);
        // Where pages are known, what stands in the middle of one is a label of a figure, or "Example 2".
        let fitting = group.iter().filter(|suspect| {
            (suspect.at_edge || !pages.given)
                && number(suspect)
                    .is_some_and(|number| i64::from(number) - i64::from(lines[suspect.line].page) == distance)
        });
        let fitting: Vec<u32> = fitting.map(|suspect| lines[suspect.line].page).collect();
        return fitting.len() >= 2 && fitting.first() != fitting.last() && fitting.len() * 2 > group.len() / 2;
    }
    // Pages may be missing: it is enough that numbers grow as pages can. Notes, headings and rows of a
    // table count too, but not with the pages.
    let grows = |pair: &&[Suspect]| {
        let (Some(one), Some(other)) = (number(&pair[0]), number(&pair[1])) else { return false };
        let n_pages = lines[pair[1].line].page.saturating_sub(lines[pair[0].line].page);
        let parted = n_pages > 0 || group.len() > 3;
        parted && pair[0].line < pair[1].line && numbers::may_follow(one, other, n_pages)
    };
    // A few may be out of step where pages are.
    group.windows(2).filter(grows).count() * 5 >= (group.len() - 1) * 4
}

/// Returns the distance from page index to number that most lines keep, the smallest of equals.
fn usual_distance(group: &[Suspect], lines: &[Line], which: usize) -> i64 {
    let distance = |suspect: &Suspect| {
        suspect.numbers[which].map(|number| i64::from(number) - i64::from(lines[suspect.line].page))
    };
    let mut distances: Vec<i64> = group.iter().filter_map(distance).collect();
    distances.sort_unstable();
    let most = distances.chunk_by(|a, b| a == b).max_by_key(|same| (same.len(), std::cmp::Reverse(same[0])));
    most.map_or(0, |same| same[0])
}

/// Finds furniture that survived only once: an island of short lines inside a sentence, or a number
/// alone at the edge of a page.
fn lone(text: &str, lines: &mut [Line], suspects: &[Suspect], title: Option<&str>, numbered: &mut Vec<Numbered>) {
    for suspect in suspects {
        let i = suspect.line;
        if lines[i].role != Role::Body {
            continue;
        }
        let content = lines[i].of(text);
        let first_of_page = i == 0 || lines[i - 1].page != lines[i].page;
        let last_of_page = lines.get(i + 1).is_none_or(|next| next.page != lines[i].page);
        let is_number = !suspect.has_letters && suspect.numbers[0].is_some_and(|n| n < 10_000) && content.len() < 12;
        let gap_after = lines.get(i + 1).map_or(1, |next| next.gap);
        let wide = lines[i].gap > 1 && gap_after > 0;
        let island = cuts_sentence(lines, i);
        let is_header = wide && (looks_numbered(suspect, content)) && !lines[i].ends;
        if is_number && (island || (first_of_page != last_of_page && (lines[i].gap > 0 || gap_after > 0))) {
            lines[i].role = Role::Furniture(RemovedKind::PageNumber);
            if let Some(number) = suspect.numbers[0].filter(|_| island) {
                numbered.push(Numbered { line: i, number, roman: suspect.roman });
            }
        } else if is_header || (island && (is_title(content, title) || beside_number(lines, suspects, i))) {
            lines[i].role = Role::Furniture(RemovedKind::RunningHeader);
            if let Some(number) = suspect.numbers[0].filter(|_| content.as_bytes()[0].is_ascii_digit()) {
                numbered.push(Numbered { line: i, number, roman: false });
            }
        }
    }
}

/// Tells whether line `i` is part of an island of lone short lines that cuts a sentence in two.
fn cuts_sentence(lines: &[Line], i: usize) -> bool {
    let alone = |i: usize| lines[i].gap > 0 && lines[i].width < 80 && lines.get(i + 1).is_some_and(|next| next.gap > 0);
    let is_part = |i: usize| matches!(lines[i].role, Role::Furniture(_)) || (alone(i) && !lines[i].starts_lower());
    if !is_part(i) {
        return false;
    }
    let before = (0..i).rev().take(4).find(|&j| !is_part(j));
    let after = (i + 1..lines.len()).take(4).find(|&j| !is_part(j));
    let (Some(before), Some(after)) = (before, after) else { return false };
    lines[before].width > 30 && !lines[before].ends && lines[after].starts_lower()
}

/// Tells whether a line carries its page number as footers do: "29USIP.ORG", "4 | PEACEWORKS".
fn looks_numbered(suspect: &Suspect, content: &str) -> bool {
    let bytes = content.as_bytes();
    let digits = bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
    suspect.has_letters
        && (1..=4).contains(&digits)
        && (bytes[digits].is_ascii_uppercase() && content.contains('.')
            || content.contains(" | ")
            || content.contains("  "))
}

/// Tells whether a line is a title cut short, or begins as the title of the paper does.
fn is_title(content: &str, title: Option<&str>) -> bool {
    let stem = content.trim_end_matches(['…', '.']).trim_end();
    let cut = stem.len() < content.len() && (content.ends_with('…') || content.ends_with("..."));
    let same = title.is_some_and(|title| {
        stem.len() >= 12 && title.get(..stem.len()).is_some_and(|head| head.eq_ignore_ascii_case(stem))
    });
    (cut && cues::starts_upper(content)) || same
}

/// Tells whether a neighbour is a number alone, or furniture.
fn beside_number(lines: &[Line], suspects: &[Suspect], i: usize) -> bool {
    let lonely = |j: usize| {
        matches!(lines[j].role, Role::Furniture(_))
            || suspects
                .binary_search_by_key(&j, |suspect| suspect.line)
                .is_ok_and(|at| !suspects[at].has_letters && suspects[at].numbers[0].is_some())
    };
    (i > 0 && lonely(i - 1)) || (i + 1 < lines.len() && lonely(i + 1))
}

/// Takes the line out that begins a page by repeating the title of the first one.
fn titles(text: &str, lines: &mut [Line]) {
    if lines.last().is_none_or(|line| line.page == 0) {
        return;
    }
    let mut head = String::new();
    for line in lines.iter().take(TITLE_REACH).take_while(|line| line.page == 0) {
        fold(line.of(text), &mut head);
    }
    let mut folded = String::new();
    for i in 1..lines.len() {
        let (before, line) = (&lines[i - 1], &lines[i]);
        let turns = line.page != before.page;
        if !turns || line.role != Role::Body || line.width > MAX_WIDTH || line.ends || !line.starts_upper() {
            continue;
        }
        folded.clear();
        fold(line.of(text), &mut folded);
        if folded.len() >= MIN_TITLE && memmem::find(head.as_bytes(), folded.as_bytes()).is_some() {
            lines[i].role = Role::Furniture(RemovedKind::RunningHeader);
        }
    }
}

/// Adds the letters and digits of a line, small.
fn fold(line: &str, folded: &mut String) {
    if line.is_ascii() {
        let letters = line.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| char::from(byte.to_ascii_lowercase()));
        return folded.extend(letters);
    }
    folded.extend(line.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase));
}

/// Takes bullets out that lost their item.
fn bullets(text: &str, lines: &mut [Line]) {
    for line in lines.iter_mut().filter(|line| line.width <= 7 && line.role == Role::Body) {
        if line.of(text).chars().all(|c| c == ' ' || super::paragraphs::is_bullet(c)) {
            line.role = Role::Furniture(RemovedKind::Stray);
        }
    }
}

/// Takes licences and copyright lines out, which stand on the first or last pages.
fn licences(text: &str, lines: &mut [Line]) {
    let bytes = text.as_bytes();
    let tail = bytes.len().saturating_sub(LICENCE_REACH).max(LICENCE_REACH);
    for needle in ["Creative Commons", "ights reserved", "©"] {
        let head = memmem::find_iter(&bytes[..bytes.len().min(LICENCE_REACH)], needle);
        let found = head.chain(memmem::find_iter(bytes.get(tail..).unwrap_or_default(), needle).map(|at| tail + at));
        for at in found {
            let i = lines.partition_point(|line| line.span.end <= at);
            if lines.get(i).is_none_or(|line| line.span.start > at || line.role != Role::Body) {
                continue;
            }
            let content = lines[i].of(text);
            let says_so = match needle {
                "Creative Commons" => content.contains("icense") || content.contains("icence"),
                "©" => content.starts_with('©') || content.starts_with("Copyright ©"),
                _ => true,
            };
            let opens = i == 0 || lines[i].gap > 0 || lines[i - 1].ends;
            if !says_so || !opens || !cues::first_letter(content).is_some_and(|c| c.is_uppercase() || c == '©') {
                continue;
            }
            let rest = (i..lines.len()).take(3).take_while(|&j| j == i || lines[j].gap == 0);
            let closes = rest.clone().find(|&j| lines[j].ends);
            let last = closes.or(rest.last()).unwrap_or(i);
            lines[i..=last].iter_mut().for_each(|line| line.role = Role::Furniture(RemovedKind::Licence));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::repair::{repair, tests::raw};

    fn check(text: &str, removed: &[&str], pages: &[Option<&str>]) {
        let paper = repair(&raw(text));
        let found: Vec<&str> = paper.removed.iter().map(|removed| removed.text.as_str()).collect();
        assert_eq!(found, removed, "{text:?}");
        let printed: Vec<Option<&str>> = paper.pages.iter().map(|page| page.printed.as_deref()).collect();
        assert_eq!(printed, pages, "{text:?}");
    }

    #[test]
    fn finds_repeated_headers_and_their_numbers() {
        let page = |number: u32| {
            let (one, two) = ("the first ".repeat(number as usize), "and then ".repeat(number as usize));
            format!("{number} PEACEWORKS\n\nThey are {one} sides.\nIt goes on {two} so.\n")
        };
        let text = [page(4), page(5), page(6)].join("\u{c}");
        check(&text, &["4 PEACEWORKS", "5 PEACEWORKS", "6 PEACEWORKS"], &[Some("4"), Some("5"), Some("6")]);
    }

    #[test]
    fn finds_the_title_at_the_head_of_a_later_page() {
        let text = "The Border and Its Long History\n\nBoth sides of it have long\n\u{c}The Border and Its Long History\nbeen poor.\n";
        check(text, &["The Border and Its Long History"], &[None, None]);
    }

    #[test]
    fn leaves_notes_and_numbered_headings_alone() {
        let page =
            |note: u32| format!("They went on to the end of page {note}.\n\n{note} U.S. Census Bureau, Trade Online\n");
        let text = format!("{}\u{c}{}", page(29), page(31));
        check(&text, &[], &[None, None]);
    }

    #[test]
    fn finds_an_island_in_a_sentence() {
        let text = "Ethnic and cultural ties on both sides of the\n\nCross Border Trade Policies…\n\n28\n\nborder further complicate what is there.\n";
        check(text, &["Cross Border Trade Policies…", "28"], &[]);
        assert_eq!(
            repair(&raw(text)).text,
            "Ethnic and cultural ties on both sides of the border further complicate what is there."
        );
    }

    #[test]
    fn takes_licences_out() {
        let licence = "This work is licensed under a Creative Commons License.";
        check(&format!("It ends so.\n\n{licence}\n\nIt begins."), &[licence], &[]);
    }

    #[test]
    fn leaves_tables_of_numbers_alone() {
        check("Table of years:\n\n1999\n\n2004\n\nand what they brought.", &[], &[]);
    }

    #[test]
    fn takes_no_label_inside_a_page_for_its_number() {
        let line =
            |n: u8, i: u8| format!("They went from {} to the old town.\n", char::from(b'a' + n * 16 % 26 + i % 9));
        let body = |n: u8, from: u8| (from..from + 4).map(|i| line(n, i)).collect::<String>();
        let pages: Vec<String> = (1..=4).map(|n| format!("{}\nExample {n}\n\n{}", body(n, 0), body(n, 4))).collect();
        check(&pages.join("\u{c}"), &[], &[None, None, None, None]);
    }
}
