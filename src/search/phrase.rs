//! Words in a row: where the slots of a phrase stand together, and in which passages.

use std::cmp::Ordering;
use std::sync::Arc;

use super::cursor::Cursor;
use super::error::Result;
use super::phrases::{Found, Passages};
use super::ways::Way;
use crate::index::{END, Index};
use crate::query::Field;

/// Positions `first..=last` of matches in one passage.
pub(super) type Occurrences = Vec<(u32, u32)>;

/// Calls `found` with the passages that hold `way` in a field, ascending; those of a single word list by list.
pub(super) fn for_each_passage(index: &Index, field: Field, way: &Way, found: &mut dyn FnMut(&[u32])) -> Result<()> {
    if let [slot] = &way.slots[..] {
        for mut blocks in index.blocks_of_any(field, slot)? {
            while !blocks.passages().is_empty() {
                found(blocks.passages());
                blocks.advance();
            }
        }
        return Ok(());
    }
    match Cursor::open(index, field, way)? {
        Some(mut cursor) => cursor.for_each_match(way.slop, |passage| found(&[passage])),
        None => Ok(()),
    }
}

/// Looks for a phrase in a field, and with `near` for its words with so many others between: they are read once.
pub(super) fn find_all(index: &Index, field: Field, way: &Way, near: Option<u32>) -> Result<(Found, Option<Found>)> {
    let slops: Vec<u32> = std::iter::once(way.slop).chain(near).collect();
    let mut found: Vec<Option<Found>> = slops.iter().map(|_| None).collect();
    let mut opened = Cursor::open_wide(index, field, way, slops.iter().copied().max())?;
    if let Some(cursor) = opened.as_mut().filter(|cursor| is_long(field, cursor)) {
        found = sampled(index, cursor, &slops)?;
        // The fewer words may stand between, the less is read.
        let widest = slops.iter().zip(&found).filter(|(_, found)| found.is_none()).map(|(&slop, _)| slop).max();
        opened = if widest.is_some() { Cursor::open_wide(index, field, way, widest)? } else { None };
    }
    if let Some(mut cursor) = opened {
        let mut passages: Vec<Passages> = slops.iter().map(|_| Passages::default()).collect();
        let mut places = Occurrences::new();
        cursor.for_each_passage(0..END, |cursor, passage| {
            for ((&slop, passages), _) in
                slops.iter().zip(&mut passages).zip(&found).filter(|(_, found)| found.is_none())
            {
                places.clear();
                cursor.find(slop, &mut places);
                passages.add(passage, places.len() as u32);
            }
        })?;
        for (found, passages) in found.iter_mut().zip(passages) {
            found.get_or_insert(Found::All(Arc::new(passages)));
        }
    }
    let mut found = found.into_iter().map(|found| found.unwrap_or_default());
    Ok((found.next().unwrap_or_default(), found.next()))
}

/// Entries of the leading slot in all slices that are [`sampled`], about; one that has few times as many is read
/// whole.
const SAMPLED: u64 = 2048;

/// Tells whether looking for a phrase everywhere takes long. In other fields than bodies, positions are at hand.
fn is_long(field: Field, cursor: &Cursor<'_>) -> bool {
    const FEW_TIMES: u64 = 4;
    field == Field::Body && cursor.cost() >= FEW_TIMES * SAMPLED
}

/// Tells for each slop whether the phrase is common, and then in about how many passages it is; by slices of
/// passages at even distances.
fn sampled(index: &Index, cursor: &mut Cursor<'_>, slops: &[u32]) -> Result<Vec<Option<Found>>> {
    const SLICES: u32 = 64;
    /// A phrase that so many passages of the slices hold is common: that tells their number within an eighth, mostly.
    const MANY: u32 = 64;
    let cost = cursor.cost();
    let n = index.n_passages();
    let width = (u64::from(n / SLICES) * SAMPLED / cost).max(1) as u32;
    let mut counts = vec![0; slops.len()];
    let mut places = Occurrences::new();
    for slice in 0..SLICES {
        let start = (u64::from(n) * u64::from(slice) / u64::from(SLICES)) as u32;
        cursor.for_each_passage(start..start + width, |cursor, _| {
            for (&slop, count) in slops.iter().zip(&mut counts) {
                places.clear();
                cursor.find(slop, &mut places);
                *count += u32::from(!places.is_empty());
            }
        })?;
    }
    let common = |count: u32| {
        let about = u64::from(count) * u64::from(n) / u64::from(SLICES * width);
        (count >= MANY).then(|| Found::Common(about.min(cost) as u32))
    };
    Ok(counts.into_iter().map(common).collect())
}

/// Appends where slots that stand at `positions` match: in a row, or near each other with a slop.
pub(super) fn find<P: AsRef<[u32]>>(positions: &[P], slop: u32, found: &mut Occurrences) {
    match (positions, slop) {
        ([positions], _) => found.extend(positions.as_ref().iter().map(|&at| (at, at))),
        (_, 0) => in_a_row(positions, found),
        (_, slop) => near(positions, slop, found),
    }
}

fn in_a_row<P: AsRef<[u32]>>(positions: &[P], found: &mut Occurrences) {
    let Some((first, others)) = positions.split_first() else { return };
    for &start in first.as_ref() {
        let follows = |(i, positions): (usize, &P)| positions.as_ref().binary_search(&(start + 1 + i as u32)).is_ok();
        if others.iter().enumerate().all(follows) {
            found.push((start, start + others.len() as u32));
        }
    }
}

/// Finds the smallest stretches that hold a word of every slot with at most `slop` others.
fn near<P: AsRef<[u32]>>(positions: &[P], slop: u32, found: &mut Occurrences) {
    let n = positions.len();
    let n_before = found.len();
    let widest = n as u32 + slop;
    let mut take = |low: u32, high: u32| {
        if high - low < widest && found[n_before..].last().is_none_or(|&(_, end)| end < low) {
            found.push((low, high));
        }
    };
    // Most names have two words.
    if let [a, b] = positions {
        let (a, b) = (a.as_ref(), b.as_ref());
        let (mut i, mut j) = (0, 0);
        while let (Some(&first), Some(&second)) = (a.get(i), b.get(j)) {
            match first.cmp(&second) {
                Ordering::Less => take(first, second),
                Ordering::Greater => take(second, first),
                Ordering::Equal => {}
            }
            // Where both slots hold one word, the first goes on.
            if first <= second { i += 1 } else { j += 1 }
        }
        return;
    }
    let mut next = vec![0; n];
    let (mut heads, mut sorted) = (vec![0; n], vec![0; n]);
    loop {
        for ((head, positions), &next) in heads.iter_mut().zip(positions).zip(&next) {
            let Some(&at) = positions.as_ref().get(next) else { return };
            *head = at;
        }
        sorted.copy_from_slice(&heads);
        sorted.sort_unstable();
        let (low, high) = (sorted[0], sorted[n - 1]);
        if sorted.windows(2).all(|pair| pair[0] < pair[1]) {
            take(low, high);
        }
        let lowest = heads.iter().position(|&at| at == low).unwrap_or(0);
        next[lowest] += 1;
    }
}
