//! Numbers of pages: which of those seen beside the text are true, and what they tell of pages that
//! nothing else shows.
//!
//! True numbers grow with the pages. What does not fit into the longest row that grows so is a year, a
//! note or a figure, and no number of a page:
//!
//! | seen, page by page | true |
//! |---|---|
//! | 8, 9, 2017, 10 | 8, 9, 10 |
//! | 10, 49, 11, 12 | 10, 11, 12 |
//! | 7, and 9 on the same page | both: a page lies between that nothing else shows |
//! | 7, nothing, 8 | both: what seemed to be a page between is none |

use super::{
    lines::{Line, Role},
    pages::{Pages, Sight, assign},
};

/// Lines of furniture that follow each other.
const REACH: usize = 16;
/// Numbers before that a number may follow on.
const BEFORE: usize = 24;
/// Pages that may have been lost between two.
const MAX_LOST: u32 = 5;

/// A line with the number of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Numbered {
    pub line: usize,
    pub number: u32,
    pub roman: bool,
}

/// Tells whether a number can be on a page `n_pages` behind another one; pages may be missing.
pub(super) fn may_follow(one: u32, other: u32, n_pages: u32) -> bool {
    one < other && other - one <= 2 * n_pages + MAX_LOST && n_pages <= 2 * (other - one) + MAX_LOST
}

/// Keeps the numbers that are those of pages, adds and drops pages by them, and returns one for each page
/// that shows any.
pub(super) fn settle(lines: &mut [Line], pages: &mut Pages, mut numbered: Vec<Numbered>) -> Vec<Sight> {
    numbered.retain(|numbered| numbered.number > 0);
    numbered.sort_unstable();
    numbered.dedup_by_key(|numbered| numbered.line);
    let mut numbered = longest_row(lines, &numbered);
    if pages.given {
        drop_strays(lines, &mut numbered);
    }
    add_pages(lines, pages, &numbered);
    drop_pages(lines, pages, &numbered);
    sights(lines, pages, &numbered)
}

/// Returns the longest row of numbers that grow with the pages; roman ones stand before the others.
fn longest_row(lines: &[Line], numbered: &[Numbered]) -> Vec<Numbered> {
    // For each number: the length of the longest row that ends in it, and the one before it there.
    let mut best: Vec<(usize, Option<usize>)> = Vec::with_capacity(numbered.len());
    for (i, this) in numbered.iter().enumerate() {
        let mut own = (1, None);
        for j in (i.saturating_sub(BEFORE)..i).rev() {
            let before = &numbered[j];
            let n_pages = lines[this.line].page - lines[before.line].page;
            let fits = if before.roman == this.roman {
                may_follow(before.number, this.number, n_pages)
            } else {
                before.roman && this.number <= n_pages + MAX_LOST
            };
            if fits && best[j].0 + 1 > own.0 {
                own = (best[j].0 + 1, Some(j));
            }
        }
        best.push(own);
    }
    let last = (0..best.len()).rev().max_by_key(|&i| best[i].0);
    let mut row: Vec<Numbered> = std::iter::successors(last, |&i| best[i].1).map(|i| numbered[i]).collect();
    row.reverse();
    row
}

/// Drops a number that is out of step with the pages while those before and behind it are in step, where
/// no page can be missing: that of a note or a figure.
fn drop_strays(lines: &[Line], numbered: &mut Vec<Numbered>) {
    let distance = |numbered: &Numbered| i64::from(numbered.number) - i64::from(lines[numbered.line].page);
    let strays = numbered.windows(3).filter(|three| {
        let [before, this, behind] = three else { return false };
        before.roman == behind.roman && distance(before) == distance(behind) && distance(this) != distance(before)
    });
    let strays: Vec<usize> = strays.map(|three| three[1].line).collect();
    numbered.retain(|numbered| strays.binary_search(&numbered.line).is_err());
}

/// Adds a page where furniture with a number stands inside one: the line that told of the page is lost.
fn add_pages(lines: &mut [Line], pages: &mut Pages, numbered: &[Numbered]) {
    if pages.given || pages.starts.is_empty() {
        return;
    }
    let is_furniture = |i: usize| matches!(lines[i].role, Role::Furniture(_));
    let mut added = Vec::new();
    for &Numbered { line, .. } in numbered {
        // The header may be the first of several lines of furniture.
        let first = (0..=line).rev().take(REACH).take_while(|&i| is_furniture(i)).last().unwrap_or(line);
        let last = (line..lines.len()).take(REACH).take_while(|&i| is_furniture(i)).last().unwrap_or(line);
        let inside = first > 0
            && last + 1 < lines.len()
            && lines[first - 1].page == lines[first].page
            && lines[last + 1].page == lines[last].page;
        if inside {
            // Furniture belongs to the side that it stands closer to.
            let next = &lines[last + 1];
            added.push(if lines[first].gap >= next.gap { lines[first].start() } else { next.start() });
        }
    }
    if !added.is_empty() {
        pages.starts.append(&mut added);
        pages.starts.sort_unstable();
        pages.starts.dedup();
        assign(lines, &pages.starts);
    }
}

/// Drops pages between two numbers that have no room for them: a line was set in there for another reason.
fn drop_pages(lines: &mut [Line], pages: &mut Pages, numbered: &[Numbered]) {
    if pages.given || pages.starts.is_empty() {
        return;
    }
    let mut dropped = Vec::new();
    for pair in numbered.windows(2).filter(|pair| pair[0].roman == pair[1].roman) {
        let (one, other) = (lines[pair[0].line].page as usize, lines[pair[1].line].page as usize);
        let surplus = (other - one).saturating_sub((pair[1].number - pair[0].number) as usize);
        // A number at the head of its page leaves the pages behind the first one in doubt, one at the foot
        // those before the other.
        let at_head =
            pair[1].line == 0 || (1..=2).any(|up| pair[1].line < up || lines[pair[1].line - up].page as usize != other);
        let doubtful = if at_head { one + 1..one + 1 + surplus } else { other + 1 - surplus..other + 1 };
        dropped.extend(doubtful.map(|page| pages.starts[page]));
    }
    if !dropped.is_empty() {
        pages.starts.retain(|start| !dropped.contains(start));
        assign(lines, &pages.starts);
    }
}

/// Returns one number for each page that shows any, the first.
fn sights(lines: &[Line], pages: &Pages, numbered: &[Numbered]) -> Vec<Sight> {
    if pages.starts.is_empty() {
        return Vec::new();
    }
    let sight = |&Numbered { line, number, roman }: &Numbered| Sight { page: lines[line].page, number, roman };
    let mut seen: Vec<Sight> = numbered.iter().map(sight).collect();
    seen.dedup_by_key(|sight| sight.page);
    seen
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::paper::Span;

    /// Checks which of the numbers on pages (page, number) are true.
    fn check(seen: &[(u32, u32)], expected: &[u32]) {
        let lines: Vec<Line> = seen
            .iter()
            .map(|&(page, _)| Line {
                span: Span::default(),
                indent: 0,
                width: 0,
                gap: 0,
                page,
                first_word: 0,
                feeds: false,
                ends: false,
                opens: Default::default(),
                signs: Default::default(),
                role: Role::default(),
            })
            .collect();
        let numbered: Vec<Numbered> =
            seen.iter().enumerate().map(|(line, &(_, number))| Numbered { line, number, roman: false }).collect();
        let row: Vec<u32> = longest_row(&lines, &numbered).iter().map(|numbered| numbered.number).collect();
        assert_eq!(row, expected, "{seen:?}");
    }

    #[test]
    fn drops_what_is_out_of_step() {
        let text = |page: usize| format!("{}\n\n{page}\n", "They met in the old town and agreed.\n".repeat(8));
        let pages: Vec<String> = (1..=6).map(|page| text(if page == 4 { 3 } else { page })).collect();
        let paper = crate::repair::repair(&crate::repair::tests::raw(&pages.join("\u{c}")));
        let printed: Vec<&str> = paper.pages.iter().filter_map(|page| page.printed.as_deref()).collect();
        assert_eq!(printed, ["1", "2", "3", "4", "5", "6"]);
    }

    #[test]
    fn keeps_numbers_that_grow_with_the_pages() {
        check(&[(0, 4), (10, 14), (12, 16)], &[4, 14, 16]);
        check(&[(7, 8), (8, 9), (9, 2017), (10, 10)], &[8, 9, 10]);
        check(&[(9, 10), (9, 49), (10, 11), (11, 12)], &[10, 11, 12]);
        check(&[(3, 28)], &[28]);
        check(&[], &[]);
    }
}
