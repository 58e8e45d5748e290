//! The order in which a page is read.
//!
//! Most documents draw their text in reading order, and no geometry knows that order better. Only
//! where the drawing jumps about is the order found from where things stand.

use super::lines::Fragment;

/// No page of text has more; a map or a plot is not worth the time that ordering takes.
const MAX_FRAGMENTS: usize = 4_000;

/// A line across a column: fragments side by side, from left to right.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    pub fragments: Vec<Fragment>,
}

impl Row {
    pub fn x0(&self) -> f32 {
        self.fragments.iter().map(|f| f.x0).fold(f32::MAX, f32::min)
    }

    pub fn x1(&self) -> f32 {
        self.fragments.iter().map(|f| f.x1).fold(f32::MIN, f32::max)
    }

    /// The first fragment speaks for the row: rows are never empty.
    pub fn first(&self) -> &Fragment {
        &self.fragments[0]
    }

    pub fn text(&self) -> String {
        self.fragments.iter().map(|f| f.text.as_str()).collect::<Vec<_>>().join("  ")
    }
}

/// Brings a page's fragments into reading order.
pub fn rows(fragments: Vec<Fragment>) -> Vec<Row> {
    let ordered =
        if fragments.len() > MAX_FRAGMENTS || is_monotone(&fragments) { fragments } else { by_geometry(fragments) };
    let mut rows: Vec<Row> = Vec::new();
    for fragment in ordered {
        match rows.last_mut() {
            Some(row) if same_line(&row.fragments[row.fragments.len() - 1], &fragment) => row.fragments.push(fragment),
            _ => rows.push(Row { fragments: vec![fragment] }),
        }
    }
    rows
}

/// Tells whether `next` stands to the right of `last`, on the same line.
fn same_line(last: &Fragment, next: &Fragment) -> bool {
    let size = last.size.min(next.size);
    (last.y - next.y).abs() < 0.3 * size && next.x0 >= last.x1 - 0.3 * size
}

/// Tells whether the drawing order can be a reading order.
///
/// Reading goes down a column and up only to the top of another. Text that leaps up beside itself,
/// or that swings between two columns line by line, was drawn in another order.
fn is_monotone(fragments: &[Fragment]) -> bool {
    let n_leaps = fragments
        .windows(2)
        .filter(|pair| {
            let (last, next) = (&pair[0], &pair[1]);
            let rises = last.y - next.y > 1.5 * last.size.max(next.size);
            // Up and to the right is the next column.
            rises && next.x0 < last.x1
        })
        .count();
    n_leaps * 10 <= fragments.len().max(20) && !swings(fragments)
}

/// Tells whether the drawing goes to and fro between two columns of running text, line by line.
///
/// The cells of a table swing too, but go down as far as they are long before they do.
fn swings(fragments: &[Fragment]) -> bool {
    let long: Vec<&Fragment> = fragments.iter().filter(|f| f.text.len() >= 20).collect();
    let Some(edge) = right_column(&long) else { return false };
    let beside: Vec<&&Fragment> = long.iter().filter(|f| f.x1 <= edge || f.x0 >= edge).collect();
    let n_right = beside.iter().filter(|f| f.x0 >= edge).count();
    let n_fewer = n_right.min(beside.len() - n_right);
    let crosses = |pair: &&[&&Fragment]| {
        let level = (pair[0].y - pair[1].y).abs() < 0.3 * pair[0].size;
        level && (pair[0].x0 >= edge) != (pair[1].x0 >= edge)
    };
    beside.len() >= 12 && beside.windows(2).filter(crosses).count() * 10 >= n_fewer * 7
}

/// Returns where a second column begins: where many lines start, many end before, and few cross.
fn right_column(lines: &[&Fragment]) -> Option<f32> {
    let mut edges: Vec<f32> = lines.iter().map(|f| f.x0.floor()).collect();
    edges.sort_by(f32::total_cmp);
    edges.dedup();
    let enough = (lines.len() / 4).max(1);
    edges.into_iter().find(|&edge| {
        let n_left = lines.iter().filter(|f| f.x1 <= edge).count();
        let n_right = lines.iter().filter(|f| f.x0 >= edge).count();
        n_left >= enough && n_right >= enough && (lines.len() - n_left - n_right) * 5 <= lines.len()
    })
}

/// Orders fragments by where they stand: from top to bottom, columns one after the other.
fn by_geometry(mut fragments: Vec<Fragment>) -> Vec<Fragment> {
    fragments.sort_by(|a, b| a.y.total_cmp(&b.y).then(a.x0.total_cmp(&b.x0)));
    let mut ordered = Vec::with_capacity(fragments.len());
    let mut block: Vec<Vec<Fragment>> = Vec::new();
    for row in level_rows(fragments) {
        block.push(row);
        if column_gap(&block).is_none() {
            let last = block.pop();
            flush(&mut block, &mut ordered);
            block.extend(last);
        }
    }
    flush(&mut block, &mut ordered);
    ordered
}

/// Groups fragments, sorted from the top, that stand on one level.
fn level_rows(fragments: Vec<Fragment>) -> Vec<Vec<Fragment>> {
    let mut rows: Vec<Vec<Fragment>> = Vec::new();
    for fragment in fragments {
        match rows.last_mut() {
            Some(row) if (fragment.y - row[0].y).abs() < 0.5 * fragment.size.min(row[0].size) => row.push(fragment),
            _ => rows.push(vec![fragment]),
        }
    }
    for row in &mut rows {
        row.sort_by(|a, b| a.x0.total_cmp(&b.x0));
    }
    rows
}

/// Returns where a strip without text begins and ends that runs down all rows; a block of one-sided
/// rows has one at its edge.
fn column_gap(block: &[Vec<Fragment>]) -> Option<(f32, f32)> {
    let mut spans: Vec<(f32, f32)> = block.iter().flatten().map(|f| (f.x0, f.x1)).collect();
    spans.sort_by(|a, b| a.0.total_cmp(&b.0));
    let size = block.iter().flatten().map(|f| f.size).fold(0.0, f32::max);
    let mut reach = spans.first()?.1;
    for &(x0, x1) in &spans[1..] {
        if x0 - reach > 0.8 * size {
            return Some((reach, x0));
        }
        reach = reach.max(x1);
    }
    None
}

/// Writes a block out: column by column when it has columns of running text, else row by row.
fn flush(block: &mut Vec<Vec<Fragment>>, ordered: &mut Vec<Fragment>) {
    let rows = std::mem::take(block);
    let columns = column_gap(&rows)
        .filter(|_| rows.len() >= 3)
        .map(|(_, right)| rows.iter().flatten().cloned().partition::<Vec<_>, _>(|f| f.x0 < right));
    match columns {
        // Short cells on both sides are a table, read row by row.
        Some((left, right)) if is_running(&left) && is_running(&right) => {
            ordered.extend(by_geometry(left));
            ordered.extend(by_geometry(right));
        }
        _ => ordered.extend(rows.into_iter().flatten()),
    }
}

fn is_running(column: &[Fragment]) -> bool {
    let n_letters: usize = column.iter().map(|f| f.text.len()).sum();
    column.len() >= 3 && n_letters > 20 * column.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEFT: &[&str] = &["the first line of the left", "the next line of the left", "and then the last of left"];
    const RIGHT: &[&str] = &["the first line of the right", "the next line of the right", "and the last of the right"];

    fn fragment(text: &str, x0: f32, y: f32) -> Fragment {
        Fragment {
            text: text.to_owned(),
            x0,
            x1: x0 + 5.0 * text.len() as f32,
            y,
            size: 10.0,
            bold: false,
            artifact: false,
            raised: vec![],
        }
    }

    /// Two columns of six lines below a title.
    fn page() -> (Fragment, Vec<Fragment>, Vec<Fragment>) {
        let column =
            |lines: &[&str], x| (0..6).map(|i| fragment(lines[i % 3], x, 40.0 + 12.0 * i as f32)).collect::<Vec<_>>();
        (
            fragment("A title that spans both of the columns, from left to right", 20.0, 10.0),
            column(LEFT, 0.0),
            column(RIGHT, 200.0),
        )
    }

    fn check(drawn: Vec<Fragment>, expected: &[&Fragment]) {
        let read: Vec<Fragment> = rows(drawn).into_iter().flat_map(|row| row.fragments).collect();
        assert_eq!(read.iter().collect::<Vec<_>>(), expected);
    }

    #[test]
    fn keeps_the_order_of_drawing_when_it_reads_well() {
        let (title, left, right) = page();
        let drawn = [vec![title], left, right].concat();
        check(drawn.clone(), &drawn.iter().collect::<Vec<_>>());
    }

    #[test]
    fn reads_columns_that_were_drawn_row_by_row() {
        let (title, left, right) = page();
        let by_rows = left.iter().zip(&right).flat_map(|(l, r)| [l.clone(), r.clone()]);
        let drawn: Vec<Fragment> = std::iter::once(title.clone()).chain(by_rows).collect();
        check(drawn, &[vec![&title], left.iter().collect(), right.iter().collect()].concat());
    }

    #[test]
    fn reads_a_table_row_by_row() {
        let cells: Vec<Fragment> = (0..8)
            .flat_map(|i| [fragment("Country", 0.0, 12.0 * i as f32), fragment("12.5", 100.0, 12.0 * i as f32)])
            .collect();
        let rows = rows(cells);
        assert_eq!((rows.len(), rows[0].text().as_str()), (8, "Country  12.5"));
    }
}
