//! Headings: finds those on lines of their own.
//!
//! A heading is a short line that ends no sentence, stands where a paragraph has ended, and has text
//! behind it. Capitals say enough; a title needs a gap before it, a sentence gaps on both sides.

use super::{
    cues::{self, Casing},
    levels::{Look, is_main_part, look, number_len, set_levels},
    lines::{self, Line, Role},
    shams,
};
use crate::{bytes, paper::is_date};

/// A heading has at most so many lines.
const MAX_LINES: usize = 4;
const MAX_WIDTH: u32 = 110;
/// The width of a heading among lines that are paragraphs, and what these are wider than.
const MAX_TITLE: u32 = 80;
const MAX_WORDS: usize = 16;
/// Lines that a cover begins within.
const COVER: usize = 12;
/// So many headings in a row, of one look, are a list.
const LIST: usize = 3;

/// Gives headings their role and level.
pub(super) fn find(text: &str, lines: &mut [Line]) {
    let mut found: Vec<(usize, Look)> = Vec::new();
    let widths = Widths::of(lines);
    let mut in_references = false;
    let mut i = 0;
    while i < lines.len() {
        let len = heading_len(text, lines, i, widths.usual(i), in_references);
        if len > 0 {
            in_references = opens_references(lines[i].of(text));
            found.push((i, look(text, lines, i, len)));
            lines[i].role = Role::Heading(0);
            lines[i + 1..i + len].iter_mut().for_each(|line| line.role = Role::HeadingTail);
        }
        i += len.max(1);
    }
    drop_lists(lines, &mut found);
    drop_bare(text, lines, &widths, &mut found);
    drop_cover(text, lines, &mut found);
    set_levels(text, lines, &found);
}

/// Takes rows of headings back that have no text between them: names of authors, titles of a list.
fn drop_lists(lines: &mut [Line], found: &mut Vec<(usize, Look)>) {
    let is_list = |row: &[(usize, Look)]| row.len() >= LIST && !matches!(row[0].1, Look::Numbered(_));
    let adjoins = |a: &(usize, Look), b: &(usize, Look)| a.1 == b.1 && end(lines, a.0) == b.0;
    let rows: Vec<Vec<(usize, Look)>> = found.chunk_by(adjoins).map(<[_]>::to_vec).collect();
    found.clear();
    for row in rows {
        if is_list(&row) {
            let (first, last) = (row[0].0, end(lines, row[row.len() - 1].0));
            lines[first..last].iter_mut().for_each(|line| line.role = Role::Body);
        } else {
            found.extend(row);
        }
    }
}

/// Takes headings back that have no text below: heads of tables, labels of figures.
fn drop_bare(text: &str, lines: &mut [Line], widths: &Widths, found: &mut Vec<(usize, Look)>) {
    // From the last one up, since what stands below one that is none belongs to the one above.
    found.reverse();
    found.retain(|&(i, look)| {
        let end = end(lines, i);
        let content = lines[i].of(text);
        let sure = matches!(look, Look::Numbered(_)) || is_main_part(content) || content.starts_with("Appendix");
        let holds = sure || shams::has_text(text, lines, end, widths.usual(i));
        if !holds {
            lines[i..end].iter_mut().for_each(|line| line.role = Role::Body);
        }
        holds
    });
    found.reverse();
}

/// Takes the lines of a cover back that stand right above the title: names of a series, of a publisher.
fn drop_cover(text: &str, lines: &mut [Line], found: &mut Vec<(usize, Look)>) {
    let first = found.chunk_by(|a, b| end(lines, a.0) == b.0).next().unwrap_or_default();
    let Some(&(top, _)) = first.first().filter(|&&(top, _)| top < COVER) else { return };
    // "Title", "Background": the name of a main part stands below a title.
    let n_below = first.iter().rev().take_while(|&&(i, _)| is_main_part(lines[i].of(text))).count();
    let n_dropped = first.len().saturating_sub(n_below + 1);
    if n_dropped < 2 {
        return;
    }
    let title = first.get(n_dropped).map_or(top, |&(i, _)| i);
    lines[top..title].iter_mut().for_each(|line| line.role = Role::Body);
    found.drain(..n_dropped);
}

/// Returns the line behind the heading that begins at line `i`.
fn end(lines: &[Line], i: usize) -> usize {
    i + 1 + lines[i + 1..].iter().take_while(|line| line.role == Role::HeadingTail).count()
}

/// Gives lines their role in a text whose lines are paragraphs: a title alone, with a paragraph behind it.
pub(super) fn find_among_paragraphs(text: &str, lines: &mut [Line]) {
    let could_be = |line: &Line| {
        let content = line.of(text);
        line.role == Role::Body
            && line.width <= MAX_TITLE
            && super::paragraphs::item_sign(content, false).is_none()
            && may_be_heading(content)
            && (matches!(cues::casing(content), Casing::Caps | Casing::Title) || number_len(content) > 0)
    };
    let is_paragraph = |line: &Line| line.width > MAX_TITLE && line.role == Role::Body;
    let mut found: Vec<(usize, Look)> = Vec::new();
    // A row of titles above a paragraph are headings of headings, three in a row a list of names.
    let mut row = 0;
    for i in 0..lines.len() {
        row = if could_be(&lines[i]) { row + 1 } else { 0 };
        if (1..=2).contains(&row) && lines.get(i + 1).is_some_and(is_paragraph) {
            found.extend((i + 1 - row..=i).map(|i| (i, look(text, lines, i, 1))));
        }
    }
    found.iter().for_each(|&(i, _)| lines[i].role = Role::Heading(0));
    set_levels(text, lines, &found);
}

/// How wide the running text is set, for each stretch of lines.
struct Widths(Vec<u32>);

/// Lines of a stretch; the width of those around it counts, too.
const STRETCH: usize = 32;

impl Widths {
    fn of(lines: &[Line]) -> Widths {
        let around = |start: usize| start.saturating_sub(STRETCH / 2)..(start + STRETCH * 3 / 2).min(lines.len());
        let starts = (0..lines.len()).step_by(STRETCH);
        Widths(starts.map(|start| lines::usual_width(lines[around(start)].iter())).collect())
    }

    fn usual(&self, line: usize) -> u32 {
        self.0[line / STRETCH]
    }
}

/// Returns the number of lines of the heading that begins at line `i`, 0 when none does.
///
/// Nearly all lines are none: what is cheap to see comes first.
fn heading_len(text: &str, lines: &[Line], i: usize, usual: u32, in_references: bool) -> usize {
    let line = &lines[i];
    if line.role != Role::Body || line.width > MAX_WIDTH {
        return 0;
    }
    let content = line.of(text);
    let before = lines[..i].iter().rfind(|line| !matches!(line.role, Role::Furniture(_)));
    // What an author is ends no sentence: what goes on there is none, and what stands apart below may be one.
    let behind_author = line.starts_upper()
        && line.width * 2 < usual
        && before.is_some_and(|before| before.role == Role::Body && shams::is_of_author(before.of(text)));
    let follows = follows_an_end(before) || behind_author;
    if (behind_author && line.gap == 0) || (!follows && !looks_capital(content)) {
        return 0;
    }
    let set_off = line.gap > 0 || before.is_none_or(|before| before.page != line.page || before.role != Role::Body);
    let next = lines.get(i + 1);
    let early = next.is_some_and(|next| stops_early(line, next, usual));
    let asks = content.ends_with('?') && cues::casing(content) == Casing::Title;
    let fits =
        asks || set_off || early || next.is_some_and(|next| stops_short(line, next)) || wraps(text, lines, i, usual);
    if !fits || !may_be_heading(content) {
        return 0;
    }
    let numbered = number_len(content) > 0;
    let casing = cues::casing(content);
    let plain = casing != Casing::Caps && !numbered;
    if (casing == Casing::Other && !numbered)
        || (casing != Casing::Caps && !follows)
        || is_date(content)
        || (in_references && plain && !is_main_part(content))
    {
        return 0;
    }
    let mut len = 1;
    while len < MAX_LINES && goes_on(text, lines, i, len, casing, usual) {
        len += 1;
    }
    let Some(after) = lines[i + len..].iter().find(|line| !matches!(line.role, Role::Furniture(_))) else { return 0 };
    let last = &lines[i + len - 1];
    // A cover sets its date right below its title.
    let gap_after = after.gap > 0 || after.page != last.page || i < COVER && is_date(after.of(text));
    let short = stops_short(last, after);
    let opens = !after.starts_lower() && !after.of(text).starts_with([',', ';', ')', '.']) && after.role != Role::Table;
    let is_one = opens
        && match casing {
            Casing::Caps => set_off || short,
            Casing::Title => {
                (set_off && (gap_after || short || (len == 1 && is_main_part(content))))
                    || (short && last.width * 5 < after.width * 3)
            }
            _ => set_off && short && (gap_after || numbered) && after.width > 40,
        };
    // Without gaps: a line that was ended on purpose, between the end of a sentence and a full line.
    let ended = before.is_none_or(|line| line.role != Role::Body || line.ends);
    // A question that fills its line: as a title at any width, as a sentence where it was ended on purpose.
    let asked = last.of(text).ends_with('?')
        && ended
        && after.starts_upper()
        && (casing == Casing::Title
            || set_off && (gap_after || last.width + 1 + after.first_word <= usual) && shams::begins_question(content));
    let between =
        opens && ended && stops_early(last, after, usual) && after.role == Role::Body && after.width * 10 >= usual * 7;
    if (is_one || between || opens && asked) && !shams::is_sham(&title(text, &lines[i..i + len])) { len } else { 0 }
}

/// Returns the words of all lines of a heading.
fn title(text: &str, lines: &[Line]) -> String {
    lines.iter().map(|line| line.of(text)).collect::<Vec<_>>().join(" ")
}

/// Tells whether a title of some words fills its line and goes on in the next, which is short.
fn wraps(text: &str, lines: &[Line], i: usize, usual: u32) -> bool {
    let [line, next, after, ..] = &lines[i..] else { return false };
    let heavy = |line: &Line| line.of(text).split(' ').filter(|word| word.starts_with(char::is_uppercase)).count();
    stops_early(next, after, usual) && cues::casing(line.of(text)) == Casing::Title && heavy(line) >= 4
}

/// Tells whether a line ends well before the usual width, with room for the next word.
fn stops_early(line: &Line, next: &Line, usual: u32) -> bool {
    let leaves_room = |taken: u32| taken * 100 < usual * 85;
    leaves_room(line.width + 1) && leaves_room(line.width + 1 + next.first_word)
}

/// Tells whether the next word would have had room: the line was ended on purpose.
fn stops_short(line: &Line, next: &Line) -> bool {
    line.width * 10 < next.width * 8 && (line.width + 1 + next.first_word) * 10 < next.width * 8
}

/// Tells whether a line begins as one in capitals does.
fn looks_capital(content: &str) -> bool {
    let small = |bytes: &[u8]| bytes.iter().map(|byte| u8::from(byte.is_ascii_lowercase())).sum::<u8>();
    match content.as_bytes().first_chunk::<12>() {
        Some(first) => small(first) <= 2,
        None => small(content.as_bytes()) <= 2,
    }
}

/// Tells whether the words of a line could be a heading: not too many, and no end of a sentence.
fn may_be_heading(content: &str) -> bool {
    let ends_open = content.ends_with([',', ';', ':', '-', '–', '—', '&', '|', '=', '/'])
        || (cues::ends_sentence(content) && !content.ends_with('?'));
    let title = &content[number_len(content)..];
    let letters = || bytes::count(title.as_bytes(), bytes::is_letter);
    !ends_open
        && bytes::count(title.as_bytes(), |byte| byte == b' ') < MAX_WORDS
        && (3.max(title.len() / 2 + 1)..).contains(&letters())
}

/// Tells whether a paragraph has ended before a heading.
fn follows_an_end(before: Option<&Line>) -> bool {
    before.is_none_or(|line| line.role != Role::Body || line.width < 40 || line.ends)
}

/// Tells whether the heading of `len` lines at `i` goes on in the next line.
fn goes_on(text: &str, lines: &[Line], i: usize, len: usize, casing: Casing, usual: u32) -> bool {
    let (last, Some(next)) = (&lines[i + len - 1], lines.get(i + len)) else { return false };
    if next.gap > 0 || next.page != last.page || next.role != Role::Body || !may_be_heading(next.of(text)) {
        return false;
    }
    if is_main_part(next.of(text)) || (len == 1 && is_main_part(last.of(text))) {
        return false;
    }
    let rest = next.of(text).trim_start_matches(|c: char| c.is_ascii_lowercase() || c == ' ');
    let small = next.of(text)[..next.of(text).len() - rest.len()].split_ascii_whitespace().all(cues::is_small_word);
    let same = match casing {
        Casing::Title => small && matches!(cues::casing(rest), Casing::Title | Casing::Caps),
        _ => cues::casing(next.of(text)) == casing && casing == Casing::Caps,
    };
    // Two titles below each other are two headings, unless the first breaks off.
    let ends_small = last.of(text).rsplit(' ').next().is_some_and(cues::is_small_word);
    if i < COVER && !ends_small && is_date(next.of(text)) {
        return false;
    }
    let breaks_off = ends_small || !rest.starts_with(|c: char| c.is_alphanumeric());
    let gap_behind = lines.get(i + len + 1).is_some_and(|after| after.gap > 0 || after.page != next.page);
    let had_no_room = (last.width + 1 + next.first_word) * 10 >= usual * 7;
    // A wider line below proves that the first was ended on purpose; titles of papers are set as they look best.
    let is_stacked = i >= COVER && stops_short(last, next);
    same && (breaks_off || had_no_room || small && next.of(text).len() > rest.len() || gap_behind && !is_stacked)
}

/// Tells whether what a heading governs are notes or references.
pub(super) fn opens_references(title: &str) -> bool {
    let bare = title.trim_start_matches(|c: char| !c.is_alphabetic());
    ["bibliography", "endnotes", "footnotes", "notes", "references", "works cited", "sources", "literature cited"]
        .iter()
        .any(|part| part.eq_ignore_ascii_case(bare))
}

#[cfg(test)]
mod tests {
    use crate::{
        paper::BlockKind,
        repair::{repair, tests::raw},
    };

    fn check(text: &str, expected: &[(u8, &str)]) {
        let paper = repair(&raw(text));
        let found: Vec<(u8, &str)> = paper
            .blocks
            .iter()
            .filter_map(|block| match block.kind {
                BlockKind::Heading(level) => Some((level, block.span.of(&paper.text))),
                _ => None,
            })
            .collect();
        assert_eq!(found, expected, "{text:?}");
    }

    const BODY: &str = "Both sides have long been poor, as all of\nthose who went there say.\n";

    #[test]
    fn gives_looks_their_levels() {
        let text = format!(
            "Enduring Tensions\n\n{BODY}\nSECURITY INTERESTS\n{BODY}\nRegional Competition\n{BODY}\nFuture Scenarios\n\n{BODY}\nCIVIL WAR\nAnother war is what they fear, for it would\nlast."
        );
        check(
            &text,
            &[
                (1, "Enduring Tensions"),
                (2, "SECURITY INTERESTS"),
                (3, "Regional Competition"),
                (1, "Future Scenarios"),
                (2, "CIVIL WAR"),
            ],
        );
    }

    #[test]
    fn counts_the_numbers_of_numbered_ones() {
        let text = format!("1. Introduction\n\n{BODY}\n1.1 Aims\n\n{BODY}\n2. Methods\n\n{BODY}");
        check(&text, &[(1, "1. Introduction"), (2, "1.1 Aims"), (1, "2. Methods")]);
    }

    #[test]
    fn joins_lines_of_one_heading() {
        check(
            &format!("Recommendations and\nPolicy Implications\n\n{BODY}"),
            &[(1, "Recommendations and Policy Implications")],
        );
    }

    #[test]
    fn parts_titles_below_each_other() {
        let text =
            format!("{}\nEnduring Tensions\nThe Border and Its Long and Bitter History\n\n{BODY}", BODY.repeat(8));
        check(&text, &[(1, "Enduring Tensions"), (2, "The Border and Its Long and Bitter History")]);
        let text = format!("Background\nThe Border\n\n{BODY}");
        check(&text, &[(1, "Background"), (2, "The Border")]);
    }

    #[test]
    fn finds_questions_as_wide_as_the_text() {
        let full = "Both sides have long been poor, as all of those say.\nThey are poor still, and it is said that they will\nremain so for as long as the line stands closed.\n";
        check(
            &format!("{full}What Are the Limits of the New Border Policies Now?\n{full}"),
            &[(1, "What Are the Limits of the New Border Policies Now?")],
        );
        check(
            &format!("{full}\nWhat are the limits of the new border policies?\n\n{full}"),
            &[(1, "What are the limits of the new border policies?")],
        );
        check(&format!("{full}\nWhat are the limits of the new border policies now?\n{full}"), &[]);
    }

    /// Running text of a page without gaps.
    const FULL: &str = "Both sides have long been poor, as all of those who\nwent there in all these years have said and written\ndown, and as those who stayed at home have heard of.\n";

    #[test]
    fn finds_them_without_gaps() {
        let text = format!("{FULL}How the war began\n{FULL}{FULL}");
        check(&text, &[(1, "How the war began")]);
        let text = format!("{FULL}The Iranian Revolution and the Fall of the Old\nRepublic\n{FULL}{FULL}");
        check(&text, &[(1, "The Iranian Revolution and the Fall of the Old Republic")]);
    }

    #[test]
    fn takes_no_date_and_no_list_of_names_for_one() {
        check(&format!("Updated April 20, 2026\n\n{BODY}"), &[]);
        check(&format!("Borders and Their Trade\nApril 20, 2026\n\n{BODY}"), &[(1, "Borders and Their Trade")]);
        check(&format!("{BODY}\nJane Roe\n\nJohn Doe\n\nAnn Smith\n\n{BODY}"), &[]);
    }

    #[test]
    fn finds_them_among_lines_that_are_paragraphs() {
        let long =
            "Both sides have long been poor, as all of those who went there in all these years have said. ".repeat(3);
        let text = format!("Overview\n\n{long}\n\nHistory and Development\n\n{long}\n");
        let mut paper = raw(&text);
        paper.flow = crate::paper::Flow::Paragraphs;
        let headings = repair(&paper).blocks.into_iter().filter(|block| block.kind == BlockKind::Heading(1));
        assert_eq!(headings.count(), 2);
    }

    #[test]
    fn takes_no_line_of_prose_for_one() {
        check("The British Raj and\nthe Emir-led Afghan\n\ngovernment fought three\nwars.", &[]);
        check("They met in\nKabul\nand left.", &[]);
    }
}
