//! Highlights: exactly what made a passage match, also in phrases and over hyphens.

use std::collections::{HashMap, HashSet};

use super::plan::{Group, Way};
use crate::analysis::{TermKind, terms};
use crate::paper::Span;

/// A stretch of a passage's text that answers part of the query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Highlight {
    pub span: Span,
    /// The part of the query, as typed.
    pub term: String,
}

/// A word of a text with the terms it is found under.
struct Word {
    position: u32,
    span: Span,
    terms: Vec<String>,
    /// Where a hyphenated word that begins here ends, and its joined form.
    compound: Option<(usize, String)>,
}

/// Returns the places of each group in a text, in order; a stretch is told once.
pub(super) fn highlights(text: &str, groups: &[&Group]) -> Vec<Highlight> {
    if text.is_empty() {
        return Vec::new();
    }
    // Most words of a text are not asked for: those are told by place alone.
    let ways = groups.iter().flat_map(|group| group.ways.iter().chain(&group.not));
    let wanted: HashSet<&str> = ways.flat_map(|way| way.slots.iter().flatten()).map(String::as_str).collect();
    let words = words(text, &wanted);
    let mut found = Vec::new();
    for group in groups {
        let not: Vec<Span> = group.not.iter().flat_map(|way| matches(&words, way)).collect();
        for way in &group.ways {
            for span in matches(&words, way) {
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

/// Returns the words of a text, with their terms as far as these are wanted.
fn words(text: &str, wanted: &HashSet<&str>) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut by_position: HashMap<u32, usize> = HashMap::new();
    terms(text, &mut |term| {
        let span = Span::new(term.start, term.end);
        let text = wanted.get(term.text).map(|&text| text.to_owned());
        match (term.kind, by_position.get(&term.position)) {
            (TermKind::Compound, Some(&i)) => words[i].compound = text.map(|text| (term.end, text)),
            (_, Some(&i)) => words[i].terms.extend(text),
            (_, None) => {
                by_position.insert(term.position, words.len());
                let terms = text.into_iter().collect();
                words.push(Word { position: term.position, span, terms, compound: None });
            }
        }
    });
    words
}

/// Returns where a way stands among words.
fn matches(words: &[Word], way: &Way) -> Vec<Span> {
    let fills = |word: &Word, slot: &[String]| word.terms.iter().any(|term| slot.contains(term));
    if let [slot] = &way.slots[..] {
        let compound = |word: &Word| {
            let (end, joined) = word.compound.as_ref()?;
            slot.contains(joined).then(|| Span::new(word.span.start, *end))
        };
        return words
            .iter()
            .filter_map(|word| compound(word).or_else(|| fills(word, slot).then_some(word.span)))
            .collect();
    }
    if way.slop == 0 {
        let n = way.slots.len();
        let run = |run: &&[Word]| run.iter().zip(&way.slots).all(|(word, slot)| fills(word, slot));
        return words.windows(n).filter(run).map(|run| Span::new(run[0].span.start, run[n - 1].span.end)).collect();
    }
    let widest = way.slots.len() as u32 + way.slop;
    let mut found: Vec<Span> = Vec::new();
    for (i, first) in words.iter().enumerate() {
        if first.terms.is_empty() || !way.slots.iter().any(|slot| fills(first, slot)) {
            continue;
        }
        let near: Vec<&Word> = words[i..].iter().take_while(|word| word.position - first.position < widest).collect();
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
    use super::super::plan::Evidence;
    use super::*;

    fn check(text: &str, slots: &[&[&str]], slop: u32, expected: &[&str]) {
        let slots = slots.iter().map(|slot| slot.iter().map(|&term| term.to_owned()).collect()).collect();
        let group = Group {
            label: "q".into(),
            ways: vec![Way { slots, slop, weight: 1.0 }],
            not: Vec::new(),
            field: None,
            weight: 1.0,
            n_passages: 1,
            evidence: Evidence::Full,
            guessed: false,
            typed: None,
            phrases: Vec::new(),
        };
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
