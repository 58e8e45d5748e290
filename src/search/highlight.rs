//! Highlights: exactly what made a passage match, also in phrases and over hyphens.

use rustc_hash::FxHashSet;

use super::group::Group;
use super::ways::Way;
use crate::analysis::{TermKind, terms};
use crate::paper::Span;

/// A stretch of a passage's text that answers part of the query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Highlight {
    pub span: Span,
    /// The part of the query, as typed.
    pub term: String,
}

/// A word of a text that is asked for.
struct Word<'w> {
    position: u32,
    span: Span,
    /// The terms that it is found under.
    terms: Vec<&'w str>,
}

/// What of a text is asked for: most words are not.
#[derive(Default)]
struct Asked<'w> {
    words: Vec<Word<'w>>,
    /// Hyphenated words, by their joined forms.
    compounds: Vec<(Span, &'w str)>,
}

/// Returns the places of each group in a text, in order; a stretch is told once.
pub(super) fn highlights(text: &str, groups: &[&Group]) -> Vec<Highlight> {
    if text.is_empty() {
        return Vec::new();
    }
    let ways = groups.iter().flat_map(|group| group.ways.iter().chain(&group.not));
    let wanted: FxHashSet<&str> = ways.flat_map(|way| way.slots.iter().flatten()).map(String::as_str).collect();
    let asked = asked(text, &wanted);
    let mut found = Vec::new();
    for group in groups {
        let not: Vec<Span> = group.not.iter().flat_map(|way| matches(&asked, way)).collect();
        for way in &group.ways {
            for span in matches(&asked, way) {
                if !not.iter().any(|other| other.start <= span.start && span.end <= other.end) {
                    found.push(Highlight { span, term: group.label.clone() });
                }
            }
        }
    }
    // Longer ones first where they begin together, so that what lies inside is dropped.
    found.sort_by_key(|highlight| (highlight.span.start, std::cmp::Reverse(highlight.span.end)));
    let mut end = 0;
    found.retain(|highlight| {
        let fresh = highlight.span.start >= end;
        end = end.max(highlight.span.end);
        fresh
    });
    found
}

/// Returns what of a text is wanted.
fn asked<'w>(text: &str, wanted: &FxHashSet<&'w str>) -> Asked<'w> {
    let mut asked = Asked::default();
    terms(text, &mut |term| {
        let Some(&text) = wanted.get(term.text) else { return };
        let span = Span::new(term.start, term.end);
        match (term.kind, asked.words.last_mut()) {
            (TermKind::Compound, _) => asked.compounds.push((span, text)),
            (_, Some(word)) if word.position == term.position => word.terms.push(text),
            _ => asked.words.push(Word { position: term.position, span, terms: vec![text] }),
        }
    });
    asked
}

/// Returns where a way stands among what is asked for.
fn matches(asked: &Asked<'_>, way: &Way) -> Vec<Span> {
    let words = &asked.words[..];
    let contains = |slot: &[String], term: &str| slot.iter().any(|other| other == term);
    let fills = |word: &Word<'_>, slot: &[String]| word.terms.iter().any(|term| contains(slot, term));
    let n = way.slots.len();
    if let [slot] = &way.slots[..] {
        let joined = asked.compounds.iter().filter(|(_, term)| contains(slot, term)).map(|&(span, _)| span);
        return words.iter().filter(|word| fills(word, slot)).map(|word| word.span).chain(joined).collect();
    }
    if way.slop == 0 {
        let in_a_row = |run: &[Word<'_>]| run[n - 1].position - run[0].position == n as u32 - 1;
        let run = |run: &&[Word<'_>]| in_a_row(run) && run.iter().zip(&way.slots).all(|(word, slot)| fills(word, slot));
        return words.windows(n).filter(run).map(|run| Span::new(run[0].span.start, run[n - 1].span.end)).collect();
    }
    let widest = n as u32 + way.slop;
    let mut found: Vec<Span> = Vec::new();
    for (i, first) in words.iter().enumerate() {
        if !way.slots.iter().any(|slot| fills(first, slot)) {
            continue;
        }
        let near: Vec<&Word<'_>> =
            words[i..].iter().take_while(|word| word.position - first.position < widest).collect();
        let mut last = 0;
        let whole = way.slots.iter().all(|slot| match near.iter().position(|word| fills(word, slot)) {
            Some(at) => {
                last = last.max(at);
                true
            }
            None => false,
        });
        if whole && found.last().is_none_or(|span| span.end <= first.span.start) {
            found.push(Span::new(first.span.start, near[last].span.end));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::group::{Evidence, Sought};
    use super::*;

    fn check(text: &str, slots: &[&[&str]], slop: u32, expected: &[&str]) {
        let slots = slots.iter().map(|slot| slot.iter().map(|&term| term.to_owned()).collect()).collect();
        let ways = vec![Way { slots, slop, weight: 1.0 }];
        let sought = Arc::new(Sought { label: "q".into(), ways, ..Sought::default() });
        let group = Group { sought, weight: 1.0, evidence: Evidence::Full };
        let found: Vec<&str> = highlights(text, &[&group]).iter().map(|highlight| highlight.span.of(text)).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn words_in_all_their_forms() {
        check("Refugees: a refugee’s camp", &[&["refugee", "refugees"]], 0, &["Refugees", "refugee’s"]);
    }

    #[test]
    fn phrases_only_where_they_stand() {
        check("line of Durand; the Durand Line", &[&["durand"], &["line", "lines"]], 0, &["Durand Line"]);
    }

    #[test]
    fn compounds_whole() {
        check("cross-border and cross border", &[&["crossborder"]], 0, &["cross-border"]);
    }

    #[test]
    fn capitals_are_not_words() {
        check("IT is it", &[&["IT"]], 0, &["IT"]);
    }

    #[test]
    fn near_words() {
        check("trade across the border, trade", &[&["border"], &["trade"]], 2, &["trade across the border"]);
    }
}
