//! What the look of rows tells over a whole document: running headers, headings, notes, tables.

use std::collections::{BTreeMap, HashMap};

use super::document::Entry;
use super::order::Row;
use crate::paper::Feature;

/// A page's rows in reading order.
pub struct PageRows {
    pub rows: Vec<Row>,
    pub height: f32,
}

/// What the look says of each row; `None` is running text. Pages, then rows.
pub type Looks = Vec<Vec<Option<Feature>>>;

/// The type that most of a document is set in, and how its lines follow each other.
#[derive(Clone, Copy, Debug)]
pub struct Body {
    pub size: f32,
    pub bold: bool,
    /// From baseline to baseline, in sizes of the type.
    pub leading: f32,
    /// The marks that notes begin with are raised, so that a plain number at a line's start is none.
    pub raised_notes: bool,
}

impl Body {
    /// Measures a document.
    pub fn of(pages: &[PageRows]) -> Body {
        let mut letters: BTreeMap<(u32, bool), usize> = BTreeMap::new();
        let mut steps = Vec::new();
        for page in pages {
            for row in &page.rows {
                // Running text fills its lines; the cells of a long table do not speak for a document.
                let len = row.first().text.len();
                let weight = if row.fragments.len() == 1 && len >= 30 { 10 * len } else { len };
                *letters.entry(face(row)).or_default() += weight;
            }
            steps.extend(page.rows.windows(2).filter_map(|pair| step(&pair[0], &pair[1])));
        }
        // Notes and small tables may fill more lines than the text they belong to.
        let most = letters.values().max().copied().unwrap_or(0);
        let body = letters.iter().rev().find(|(_, weight)| **weight * 2 >= most);
        let (size, bold) = body.map_or((20, false), |(face, _)| *face);
        steps.sort_by(f32::total_cmp);
        let leading = steps.get(steps.len() / 2).copied().unwrap_or(1.2);
        let size = size as f32 / 2.0;
        let rows = pages.iter().flat_map(|page| &page.rows);
        let n_raised = rows.filter(|row| row.first().size < SMALL * size && begins_raised(row)).count();
        Body { size, bold, leading, raised_notes: n_raised >= 3 }
    }
}

/// Notes are set smaller than the text, to this part of its size at most.
const SMALL: f32 = 0.93;

/// Size in half points, and weight: what makes two rows look alike.
fn face(row: &Row) -> (u32, bool) {
    ((row.first().size * 2.0).round() as u32, row.first().bold)
}

/// Returns how far below `last` the next row of the same column and type stands, in type sizes.
pub fn step(last: &Row, next: &Row) -> Option<f32> {
    let (a, b) = (last.first(), next.first());
    let step = (b.y - a.y) / a.size;
    let alike = (a.size - b.size).abs() < 0.08 * a.size;
    let below = last.x0() < next.x1() && next.x0() < last.x1();
    (alike && below && (0.5..4.0).contains(&step)).then_some(step)
}

/// Tells what each row of a document is, as far as its look and the outline tell.
pub fn looks(pages: &[PageRows], body: Body, outline: &[Entry]) -> Looks {
    let mut looks: Looks = pages.iter().map(|page| vec![None; page.rows.len()]).collect();
    mark_furniture(pages, &mut looks);
    let mut runs_on = false;
    for (page, looks) in pages.iter().zip(&mut looks) {
        mark_notes(page, body, runs_on, looks);
        mark_tables(page, looks);
        let last_note = (0..looks.len()).rev().find(|&i| looks[i] == Some(Feature::Footnote));
        runs_on = last_note.is_some_and(|i| !page.rows[i].text().ends_with(['.', '?', '!', '”', '"', ')']));
    }
    let outlined = mark_outlined(pages, outline, &mut looks);
    mark_headings(pages, body, &outlined, &mut looks);
    looks
}

/// Marks what stands at the same height of two pages or more with the same words, numbers aside,
/// and what the document itself calls a header or footer.
fn mark_furniture(pages: &[PageRows], looks: &mut Looks) {
    let mut places: HashMap<String, Vec<(usize, f32)>> = HashMap::new();
    let is_edge = |page: &PageRows, row: &Row| row.first().y < 0.15 * page.height || row.first().y > 0.85 * page.height;
    for (i, page) in pages.iter().enumerate() {
        for row in page.rows.iter().filter(|row| is_edge(page, row)) {
            places.entry(pattern(&row.text())).or_default().push((i, row.first().y));
        }
    }
    // Headers may alternate between left and right pages and change with the chapter.
    let n_needed = if pages.len() < 6 { 2 } else { 3 };
    for ((i, page), looks) in pages.iter().enumerate().zip(looks) {
        for (row, look) in page.rows.iter().zip(looks) {
            let repeated = || {
                let alike = places.get(&pattern(&row.text())).map_or(&[][..], Vec::as_slice);
                let mut others: Vec<usize> =
                    alike.iter().filter(|(_, y)| (y - row.first().y).abs() < 3.0).map(|(page, _)| *page).collect();
                others.push(i);
                others.sort_unstable();
                others.dedup();
                others.len() >= n_needed
            };
            // Short notes ("12 Ibid.") may well stand at the foot of three pages.
            let is_note = begins_raised(row);
            if row.fragments.iter().all(|f| f.artifact) || (is_edge(page, row) && !is_note && repeated()) {
                *look = Some(Feature::Furniture);
            }
        }
    }
}

/// A row's words with all numbers alike, Arabic and Roman: `Page 12` ⇒ `page #`.
fn pattern(text: &str) -> String {
    let is_number = |word: &str| {
        word.chars().all(|c| c.is_ascii_digit()) || (word.len() < 8 && word.chars().all(|c| "ivxlcIVXLC".contains(c)))
    };
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(|word| if is_number(word) { "#".to_owned() } else { word.to_lowercase() }).collect::<Vec<_>>().join(" ")
}

/// Marks notes: rows in small type that go down to the end of a column, from one that begins with a
/// number or sign, or from what goes on with a note that `runs_on` from the page before.
fn mark_notes(page: &PageRows, body: Body, runs_on: bool, looks: &mut [Option<Feature>]) {
    let rows = &page.rows;
    let is_small = |row: &Row| row.first().size < SMALL * body.size;
    let mut end = rows.len();
    while end > 0 {
        let mut start = end;
        while start > 0 && (looks[start - 1].is_some() || is_small(&rows[start - 1])) {
            start -= 1;
        }
        let is_low = |i: usize| rows[i].first().y > 0.35 * page.height;
        let first = (start..end).find(|&i| looks[i].is_none() && is_low(i) && begins_note(&rows[i], body));
        if let Some(first) = first {
            let above = (start..first).rev().take_while(|&i| {
                runs_on
                    && looks[i].is_none()
                    && step(&rows[i], &rows[i + 1]).is_some_and(|step| step < 1.5 * body.leading)
            });
            let first = above.last().unwrap_or(first);
            for look in looks[first..end].iter_mut().filter(|look| look.is_none()) {
                *look = Some(Feature::Footnote);
            }
        }
        // On to the foot of the column before: the row that the next one stands higher than.
        let foot = (1..start).rev().find(|&i| rows[i].first().y < rows[i - 1].first().y);
        end = foot.unwrap_or(0);
    }
}

/// Tells a row that begins with the number or sign of a note.
pub fn begins_note(row: &Row, body: Body) -> bool {
    let first = row.first();
    let n_digits = first.text.bytes().take_while(u8::is_ascii_digit).count();
    let mut after = first.text[n_digits..].chars();
    // "50 states", "140.147.15.67" and "3D printing" begin no notes; "1The text" does.
    let parts = match (after.next(), after.next()) {
        (Some('.' | ')'), next) => !next.is_some_and(|c| c.is_ascii_digit()),
        (Some(' '), next) => !next.is_some_and(char::is_lowercase),
        (Some(c), next) => c.is_uppercase() && next.is_some_and(char::is_lowercase),
        _ => false,
    };
    begins_raised(row)
        || first.text.starts_with(['*', '†', '‡'])
        || ((1..=3).contains(&n_digits) && parts && !body.raised_notes)
}

/// Tells a row that begins with a raised number or sign.
fn begins_raised(row: &Row) -> bool {
    row.first().raised.first().is_some_and(|mark| mark.start == 0)
}

/// Marks rows of a table: three or more in a run with cells that stand below each other.
fn mark_tables(page: &PageRows, looks: &mut [Option<Feature>]) {
    let aligned = |a: &Row, b: &Row| {
        let tolerance = 0.6 * a.first().size;
        let same = |x: &f32, y: &f32| (x - y).abs() < tolerance;
        let n_same = a.fragments.iter().filter(|f| {
            b.fragments.iter().any(|g| same(&f.x0, &g.x0) || same(&f.x1, &g.x1) || same(&(f.x0 + f.x1), &(g.x0 + g.x1)))
        });
        n_same.count() >= 2
    };
    let is_cells = |i: usize| page.rows[i].fragments.len() >= 2 && looks[i].is_none();
    let mut runs = Vec::new();
    let mut start = 0;
    for i in 0..page.rows.len() {
        let goes_on = i > start && is_cells(i) && is_cells(i - 1) && aligned(&page.rows[i - 1], &page.rows[i]);
        if !goes_on {
            runs.push(start..i);
            start = i;
        }
    }
    runs.push(start..page.rows.len());
    for run in runs.into_iter().filter(|run| run.len() >= 3) {
        looks[run].fill(Some(Feature::Table));
    }
}

/// A face, and the level of the headings set in it.
type Faces = BTreeMap<(u32, bool), u8>;

/// Marks the rows that say what an entry of the outline says, in the outline's order.
fn mark_outlined(pages: &[PageRows], outline: &[Entry], looks: &mut Looks) -> Faces {
    let mut faces = Faces::new();
    let places: Vec<(usize, usize)> =
        pages.iter().enumerate().flat_map(|(i, page)| (0..page.rows.len()).map(move |j| (i, j))).collect();
    let words =
        |text: &str| text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>();
    let said: Vec<String> = places.iter().map(|&(i, j)| words(&pages[i].rows[j].text())).collect();
    let mut from = 0;
    for entry in outline {
        let title = words(&entry.title);
        // A heading takes up to four rows; each must go on with what is left of the title.
        let rows_of = |at: usize| {
            let mut left = title.as_str();
            (1..=4).take_while(|n| at + n <= said.len()).find(|n| {
                let row = &said[at + n - 1];
                match left.strip_prefix(row.as_str()).filter(|_| !row.is_empty()) {
                    Some(rest) => left = rest,
                    None => left = "\u{0}",
                }
                left.is_empty()
            })
        };
        let found = (from..places.len()).filter(|_| !title.is_empty()).find_map(|at| rows_of(at).map(|n| (at, n)));
        if let Some((at, n)) = found {
            for &(i, j) in &places[at..at + n] {
                if looks[i][j] != Some(Feature::Furniture) {
                    looks[i][j] = Some(Feature::Heading(entry.level));
                    faces.entry(face(&pages[i].rows[j])).or_insert(entry.level);
                }
            }
            from = at + n;
        }
    }
    faces
}

/// Marks rows in large or bold type that stand out: short, and few of their kind.
///
/// Where the outline names headings, only rows in the same types as those are headings too.
fn mark_headings(pages: &[PageRows], body: Body, outlined: &Faces, looks: &mut Looks) {
    let stands_out = |row: &Row| {
        let (size, bold) = (row.first().size, row.first().bold && !body.bold);
        (size > 1.1 * body.size || (bold && size > 0.93 * body.size)) && row.fragments.len() == 1
    };
    let mut letters: BTreeMap<(u32, bool), usize> = BTreeMap::new();
    let mut n_letters = 0;
    for row in pages.iter().flat_map(|page| &page.rows) {
        *letters.entry(face(row)).or_default() += row.text().len();
        n_letters += row.text().len();
    }
    let is_rare = |face: &(u32, bool)| letters.get(face).is_some_and(|n| n * 6 < n_letters);
    let mut faces = outlined.clone();
    if outlined.len() < 2 {
        let candidates = pages.iter().flat_map(|page| &page.rows).filter(|row| stands_out(row)).map(face);
        let mut sizes: Vec<(u32, bool)> = candidates.filter(is_rare).collect();
        sizes.sort_unstable_by(|a, b| b.cmp(a));
        sizes.dedup();
        faces.extend(sizes.into_iter().zip(1..).map(|(face, level)| (face, u8::min(level, 6))));
    }
    for (page, looks) in pages.iter().zip(looks) {
        let mut i = 0;
        while i < page.rows.len() {
            let same = |j: usize| {
                face(&page.rows[j]) == face(&page.rows[i]) && looks[j].is_none() && stands_out(&page.rows[j])
            };
            let n = (i..page.rows.len()).take_while(|&j| same(j)).count();
            let level = faces.get(&face(&page.rows[i])).copied();
            let text: String = page.rows[i..i + n].iter().map(Row::text).collect::<Vec<_>>().join(" ");
            // A heading has letters, few lines, and does not end as a sentence in the middle does;
            // dots that lead to a page number make it an entry of the contents.
            let leads = text.contains(". . .") || text.contains("....");
            let reads_so =
                text.chars().any(char::is_alphabetic) && !text.ends_with([',', ';']) && text.len() < 200 && !leads;
            if let Some(level) = level.filter(|_| (1..=4).contains(&n) && reads_so) {
                let look = if begins_caption(&text) { Feature::Caption } else { Feature::Heading(level) };
                looks[i..i + n].fill(Some(look));
            }
            i += n.max(1);
        }
    }
}

/// Tells a caption by its label: `Table A-3.`, `Figure 12:`, `Box 1.1 `.
fn begins_caption(text: &str) -> bool {
    let mut words = text.split_whitespace();
    let label = words.next().map(|word| word.trim_end_matches('.').to_lowercase()).unwrap_or_default();
    let number = words.next().unwrap_or_default();
    matches!(label.as_str(), "figure" | "fig" | "table" | "box" | "map" | "chart" | "graph" | "exhibit" | "panel")
        && number.len() < 8
        && number.chars().any(|c| c.is_ascii_digit() || c.is_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_captions_by_their_labels() {
        assert!(["Table A-3. Differences", "Figure 12: Posts", "FIG. 2"].iter().all(|text| begins_caption(text)));
        assert!(!["Table of contents", "Figures", "Box office receipts"].iter().any(|text| begins_caption(text)));
    }

    #[test]
    fn numbers_of_pages_are_alike() {
        assert_eq!(pattern("Border Regimes | 12"), pattern("BORDER REGIMES | xiv"));
        assert_ne!(pattern("Border Regimes"), pattern("Transit Regimes"));
    }
}
