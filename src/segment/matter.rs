//! What is not body: title pages, contents, notes, boards, blurbs.
//!
//! Told by headings and by position, and only where the signs are plain: body text that is taken
//! for matter would be ranked below its worth, matter taken for body costs one weak passage.

use crate::paper::{Block, BlockKind, Kind, Paper, Section, is_date, is_role};

/// Headings of what stands before the body.
const FRONT: &[&str] = &[
    "contents",
    "table of contents",
    "contents page",
    "list of figures",
    "list of tables",
    "list of maps",
    "list of boxes",
    "list of figures and tables",
    "list of tables and figures",
    "list of illustrations",
    "figures and tables",
    "tables and figures",
    "figures",
    "tables",
    "imprint",
    "copyright",
    "acknowledgments",
    "acknowledgements",
];

/// Headings of notes and bibliographies.
const REFERENCES: &[&str] = &[
    "notes",
    "endnotes",
    "footnotes",
    "references",
    "reference list",
    "references cited",
    "notes and references",
    "references and notes",
    "bibliography",
    "select bibliography",
    "selected bibliography",
    "works cited",
    "literature cited",
    "further reading",
    "suggested reading",
    "suggested readings",
];

/// Headings of what a publisher says about authors, series and itself; at the front or the back.
const PUBLISHER: &[&str] = &[
    "about the author",
    "about the authors",
    "about the editor",
    "about the editors",
    "about the contributors",
    "about the institute",
    "about the program",
    "about the series",
    "about us",
    "about this report",
    "about the report",
    "about this paper",
    "about this publication",
    "author",
    "authors",
    "contributors",
    "board of directors",
    "board of trustees",
    "international advisory council",
    "related publications",
    "other publications",
    "recent publications",
    "related links",
    "of related interest",
];

/// Headings of what a journal says about a paper in a few lines; longer sections are about the subject.
const STATEMENTS: &[&str] = &["conflict of interest", "conflicts of interest", "funding", "declaration of interests"];
const STATEMENT_BYTES: usize = 700;

/// Headings, or first words, of what stands at the end for lawyers and for letters to the authors.
const NOTICES: &[&str] =
    &["disclaimer", "legal notice", "author information", "author contact information", "contact information"];
const NOTICE_BYTES: usize = 2_000;

/// The longest lines that name an author or several.
const CREDIT_BYTES: usize = 400;

/// Signs of imprints. A short block in the front that holds one is no body.
const IMPRINT: &[&str] =
    &["©", "isbn", "issn", "all rights reserved", "creative commons attribution", "first published in", "cover photo"];

/// How much of a paper's text may be front matter without a heading.
const FRONT_BYTES: usize = 4_000;

/// How many lines without prose make a title page.
const TITLE_LINES: usize = 3;

/// The longest text of a last page that may be a blurb.
const BLURB_BYTES: usize = 1_500;

/// Returns the kind of each block's text.
///
/// Blocks from `blurb` on are what [`blurb`] found.
pub fn kinds(paper: &Paper, sections: &[Section], of_block: &[Option<usize>], blurb: usize) -> Vec<Kind> {
    let by_section: Vec<Option<Kind>> = by_section(paper, sections);
    let mut kinds: Vec<Kind> = paper
        .blocks
        .iter()
        .zip(of_block)
        .map(|(block, section)| match block.kind {
            BlockKind::Caption => Kind::Caption,
            BlockKind::PullQuote => Kind::PullQuote,
            BlockKind::Reference => Kind::References,
            // A table of contents is told by its heading, or by its lines.
            BlockKind::Table if is_contents_line(block.span.of(&paper.text)) => Kind::HeadingMatter,
            BlockKind::Table => section
                .and_then(|section| by_section[section])
                .filter(|&kind| kind == Kind::HeadingMatter)
                .unwrap_or(Kind::Table),
            _ => section.and_then(|section| by_section[section]).unwrap_or_default(),
        })
        .collect();
    mark_front(paper, &mut kinds);
    mark_notice(paper, &mut kinds);
    mark_authors(paper, &mut kinds);
    kinds[blurb..].iter_mut().filter(|kind| **kind == Kind::Body).for_each(|kind| *kind = Kind::BackMatter);
    kinds
}

/// Returns what the headings say: a section is what its own title says, else what holds it is.
fn by_section(paper: &Paper, sections: &[Section]) -> Vec<Option<Kind>> {
    let mut kinds: Vec<Option<Kind>> = Vec::with_capacity(sections.len());
    for section in sections {
        let inherited = section.parent.and_then(|parent| kinds[parent]);
        let in_front_half = section.span.start < paper.text.len() / 2;
        let is_statement =
            |titles, n_bytes| section.span.len() <= n_bytes && !in_front_half && is_one_of(titles, &section.title);
        let is_statement = is_statement(STATEMENTS, STATEMENT_BYTES) || is_statement(NOTICES, NOTICE_BYTES);
        let statement = is_statement.then_some(Kind::BackMatter);
        kinds.push(title_kind(&section.title, in_front_half).or(statement).or(inherited));
    }
    kinds
}

/// Returns the kind of matter that a section of this title holds.
///
/// ```text
/// 7. References  ⇒  references
/// CONTENTS       ⇒  heading matter
/// Sources of conflict  ⇒  nothing said
/// ```
fn title_kind(title: &str, in_front_half: bool) -> Option<Kind> {
    let is_in = |titles: &[&str]| is_one_of(titles, title);
    if is_in(REFERENCES) {
        Some(Kind::References)
    } else if is_in(FRONT) || (in_front_half && is_in(PUBLISHER)) {
        Some(Kind::HeadingMatter)
    } else if is_in(PUBLISHER) {
        Some(Kind::BackMatter)
    } else {
        None
    }
}

fn is_one_of(titles: &[&str], title: &str) -> bool {
    let name = title.trim_start_matches(|c: char| !c.is_alphabetic()).trim_end_matches(|c: char| !c.is_alphabetic());
    titles.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// Marks a title page (lines that are no prose, with prose behind them) and, close to the start,
/// lines of contents and imprints.
fn mark_front(paper: &Paper, kinds: &mut [Kind]) {
    let near = paper.blocks.partition_point(|block| block.span.start <= FRONT_BYTES);
    let blocks = &paper.blocks[..near];
    let is_text = |i: &usize| matches!(blocks[*i].kind, BlockKind::Paragraph | BlockKind::ListItem);
    let text = |i: usize| blocks[i].span.of(&paper.text);
    let first_prose = (0..near).find(|i| is_text(i) && is_prose(text(*i))).unwrap_or(0);
    // One line before the prose may be anything ("Mr. President,"), several are a title page.
    let is_title_page = (0..first_prose).filter(is_text).count() >= TITLE_LINES;
    let is_title_line = |text: &str| is_title_page || is_date(text) || text.contains("://");
    for i in (0..near).filter(is_text) {
        let is_matter = (i < first_prose && is_title_line(text(i))) || is_contents_line(text(i)) || is_imprint(text(i));
        if kinds[i] == Kind::Body && is_matter {
            kinds[i] = Kind::HeadingMatter;
        }
    }
}

/// Marks a notice at the end that has no heading of its own: "Disclaimer: ...".
fn mark_notice(paper: &Paper, kinds: &mut [Kind]) {
    let first = paper.blocks.partition_point(|block| {
        block.span.start < (paper.text.len() / 2).max(paper.text.len().saturating_sub(NOTICE_BYTES))
    });
    let begins = |text: &str| {
        let begins_with = |notice: &&str| {
            text.get(..notice.len()).is_some_and(|head| head.eq_ignore_ascii_case(notice))
                && matches!(text.as_bytes().get(notice.len()), None | Some(b':' | b'.'))
        };
        NOTICES.iter().any(begins_with)
    };
    let is_text = |block: &Block| matches!(block.kind, BlockKind::Paragraph | BlockKind::ListItem);
    let blocks = &paper.blocks[first..];
    let Some(notice) = blocks.iter().position(|block| is_text(block) && begins(block.span.of(&paper.text))) else {
        return;
    };
    let rest = blocks.iter().zip(&mut kinds[first..]).skip(notice);
    let rest = rest.take_while(|(block, _)| !matches!(block.kind, BlockKind::Heading(_)));
    rest.filter(|(block, _)| is_text(block)).for_each(|(_, kind)| *kind = Kind::BackMatter);
}

/// Marks the lines behind the last prose that name the authors, and what stands below them.
fn mark_authors(paper: &Paper, kinds: &mut [Kind]) {
    let mut first = None;
    for (i, block) in paper.blocks.iter().enumerate().rev() {
        let text = block.span.of(&paper.text);
        match block.kind {
            BlockKind::Paragraph if kinds[i] == Kind::Body => {
                let is_short = text.len() <= CREDIT_BYTES && !text.ends_with(['.', '!', '?', ':', '”', '"']);
                if is_short && is_role(text) {
                    first = Some(i);
                } else if !is_short || is_prose(text) {
                    break;
                }
            }
            BlockKind::ListItem | BlockKind::RunInHeading(_) if kinds[i] == Kind::Body => break,
            _ => {}
        }
    }
    let Some(first) = first else { return };
    kinds[first..].iter_mut().filter(|kind| **kind == Kind::Body).for_each(|kind| *kind = Kind::BackMatter);
}

/// Tells whether a block reads like a sentence: it ends like one, or is long.
fn is_prose(text: &str) -> bool {
    let ends = text.ends_with(['.', '!', '?', ':', '”', '"', ')', ']']);
    (text.len() > 250 || (text.len() > 60 && ends)) && !is_imprint(text)
}

/// Tells whether a line leads to a page: "Introduction ..... 3".
fn is_contents_line(text: &str) -> bool {
    let title = text.trim_end_matches(|c: char| c.is_ascii_digit());
    title.len() < text.len() && text.len() < 200 && title.trim_end().ends_with("...")
}

fn is_imprint(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    text.len() < 600 && IMPRINT.iter().any(|sign| text.contains(sign))
}

/// Returns where the blurb begins, as a block: a short last page, without a heading, that has no
/// number though the pages before it do. Without a blurb that is behind the last block.
pub fn blurb(paper: &Paper) -> usize {
    find_blurb(paper).unwrap_or(paper.blocks.len())
}

fn find_blurb(paper: &Paper) -> Option<usize> {
    let [.., before, last] = paper.pages.as_slice() else { return None };
    if last.printed.is_some() || before.printed.is_none() || paper.text.len() - last.start > BLURB_BYTES {
        return None;
    }
    let first = paper.blocks.iter().position(|block| block.span.start >= last.start)?;
    let begins_fresh = first == 0 || paper.blocks[first - 1].span.end <= last.start;
    let has_heading = paper.blocks[first..].iter().any(|block| matches!(block.kind, BlockKind::Heading(_)));
    (begins_fresh && !has_heading).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::super::tests::paper;
    use super::*;
    use crate::paper::Page;
    use BlockKind::{Heading, Paragraph, Reference};

    const PROSE: &str = "Both governments have argued about the border since the day it was drawn on a map.";

    fn check(blocks: &[(BlockKind, &str)], expected: &[Kind]) {
        let paper = paper(blocks);
        let (sections, of_block) = super::super::section::sections(&paper, blocks.len());
        assert_eq!(kinds(&paper, &sections, &of_block, blocks.len()), expected);
    }

    #[test]
    fn headings_tell_references() {
        use Kind::{Body, References};
        check(
            &[(Heading(1), "Trade"), (Paragraph, PROSE), (Heading(1), "7. REFERENCES"), (Paragraph, "Smith, J.")],
            &[Body, Body, References, References],
        );
        check(
            &[(Heading(1), "Sources of conflict"), (Paragraph, PROSE), (Reference, "1. Smith")],
            &[Body, Body, References],
        );
    }

    #[test]
    fn what_the_publisher_says_is_matter_of_the_front_or_the_back() {
        use Kind::{BackMatter, Body, HeadingMatter};
        check(
            &[(Heading(1), "About the Author"), (Paragraph, PROSE), (Heading(1), "Trade"), (Paragraph, PROSE)],
            &[HeadingMatter, HeadingMatter, Body, Body],
        );
        check(
            &[(Heading(1), "Trade"), (Paragraph, PROSE), (Heading(1), "About the Author"), (Paragraph, "He lives.")],
            &[Body, Body, BackMatter, BackMatter],
        );
    }

    #[test]
    fn a_section_about_money_is_body_and_a_statement_about_it_is_not() {
        use Kind::{BackMatter, Body};
        let long = PROSE.repeat(12);
        check(
            &[(Heading(1), "Funding"), (Paragraph, &long), (Heading(1), "Funding"), (Paragraph, "None.")],
            &[Body, Body, BackMatter, BackMatter],
        );
    }

    #[test]
    fn notices_and_authors_at_the_end_are_back_matter() {
        use Kind::{BackMatter, Body, HeadingMatter, References};
        let (heading, prose, notice) = ((Heading(1), "Trade"), (Paragraph, PROSE), (Paragraph, PROSE.repeat(12)));
        let notice = (notice.0, notice.1.as_str());
        check(
            &[heading, prose, notice, (Heading(1), "Disclaimer"), notice],
            &[Body, Body, Body, BackMatter, BackMatter],
        );
        let (run_in, author) = ((Paragraph, "Disclaimer:"), (Paragraph, "Jane Roe, Analyst in Trade Policy"));
        check(&[prose, prose, run_in, prose], &[Body, Body, BackMatter, BackMatter]);
        check(
            &[prose, prose, (Heading(1), "Notes"), (Paragraph, "1. Roe"), run_in, prose],
            &[Body, Body, References, References, BackMatter, BackMatter],
        );
        check(&[run_in, prose, prose, prose], &[Body, Body, Body, Body]);
        check(
            &[prose, author, (Paragraph, "AB123"), (Reference, "1. Roe")],
            &[Body, BackMatter, BackMatter, References],
        );
        check(&[author, prose, (Paragraph, "AB123")], &[Body, Body, Body]);
        check(&[(Paragraph, "May 5, 2021"), (Paragraph, "Subject: Trade"), prose], &[HeadingMatter, Body, Body]);
    }

    #[test]
    fn lines_before_the_prose_are_a_title_page() {
        use Kind::{Body, HeadingMatter};
        let (title, author, date) = ((Paragraph, "Borders"), (Paragraph, "Ann Smith"), (Paragraph, "May 2021"));
        check(&[title, author, date, (Paragraph, PROSE)], &[HeadingMatter, HeadingMatter, HeadingMatter, Body]);
        check(&[(Paragraph, "Mr. President,"), (Paragraph, PROSE)], &[Body, Body]);
        check(&[title, author, date], &[Body, Body, Body]);
        check(&[(Paragraph, PROSE), (Paragraph, "© 2021 by the press. All rights reserved.")], &[Body, HeadingMatter]);
        check(&[(Paragraph, PROSE), (Paragraph, "Introduction ........ 3")], &[Body, HeadingMatter]);
    }

    #[test]
    fn a_short_last_page_without_its_number_is_a_blurb() {
        let mut paper = paper(&[(Paragraph, PROSE), (Paragraph, PROSE)]);
        let page = |start, physical, printed: Option<&str>| Page { start, physical, printed: printed.map(Into::into) };
        paper.pages = vec![page(0, 1, Some("31")), page(PROSE.len() + 1, 2, None)];
        assert_eq!(blurb(&paper), 1);
        assert_eq!(kinds(&paper, &[], &[None, None], 1), [Kind::Body, Kind::BackMatter]);
        paper.pages[1].printed = Some("32".into());
        assert_eq!(blurb(&paper), 2);
    }
}
