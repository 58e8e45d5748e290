//! The pairs of a corpus, merged: every sense of a short form with its count and its papers.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

/// One meaning of a short form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sense {
    /// The short form as first printed, in the singular: "CBM" for "CBMs".
    pub short: String,
    /// The long form as first printed.
    pub long: String,
    /// How often papers say so.
    pub count: u32,
    /// The papers that say so, ascending.
    pub papers: BTreeSet<u32>,
}

/// What the short forms of a corpus stand for.
///
/// Forms that differ in capitals, hyphens or a plural only are one. Papers must be added in their
/// order for the same forms to be kept as first printed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acronyms {
    senses: Vec<Sense>,
    by_short: BTreeMap<String, Vec<u32>>,
    by_long: BTreeMap<String, Vec<u32>>,
}

impl Acronyms {
    /// Adds a definition found in a paper.
    ///
    /// ```
    /// # use polisearch::analysis::acronyms::Acronyms;
    /// let mut acronyms = Acronyms::default();
    /// acronyms.add(0, "CBMs", "confidence-building measures");
    /// acronyms.add(1, "CBM", "Confidence Building Measure");
    /// acronyms.add(1, "CBM", "coal bed methane");
    /// let told: Vec<_> = acronyms.senses_of("cbm").map(|sense| (sense.long.as_str(), sense.count)).collect();
    /// assert_eq!(told, [("confidence-building measures", 2), ("coal bed methane", 1)]);
    /// assert_eq!(acronyms.shorts_of("Confidence-Building Measures").next().unwrap().short, "CBM");
    /// ```
    pub fn add(&mut self, paper: u32, short: &str, long: &str) {
        let (short_key, long_key) = (short_key(short), long_key(long));
        let known = self.by_short.get(&short_key).into_iter().flatten();
        let same = known.copied().find(|&i| self::long_key(&self.senses[i as usize].long) == long_key);
        if let Some(sense) = same.and_then(|i| self.senses.get_mut(i as usize)) {
            sense.count += 1;
            sense.papers.insert(paper);
            return;
        }
        let i = u32::try_from(self.senses.len()).expect("senses are counted in 32 bits");
        let (short, long) = (singular(short).to_string(), long.to_string());
        self.senses.push(Sense { short, long, count: 1, papers: BTreeSet::from([paper]) });
        self.by_short.entry(short_key).or_default().push(i);
        self.by_long.entry(long_key).or_default().push(i);
    }

    /// Returns what a short form stands for, the sense of most papers first.
    pub fn senses_of(&self, short: &str) -> impl Iterator<Item = &Sense> {
        self.ranked(short_keys(short).find_map(|key| self.by_short.get(&key)))
    }

    /// Returns the senses that a long form is written out for, that of most papers first.
    pub fn shorts_of(&self, long: &str) -> impl Iterator<Item = &Sense> {
        self.ranked(self.by_long.get(&long_key(long)))
    }

    /// Returns the senses of each short form, by its key ([`short_keys`]), that of most papers first.
    pub fn by_short(&self) -> impl Iterator<Item = (&str, Vec<&Sense>)> {
        self.by_short.iter().map(|(key, senses)| (key.as_str(), self.ranked(Some(senses)).collect()))
    }

    /// Returns the senses of each long form, by its key ([`long_key`]), that of most papers first.
    pub fn by_long(&self) -> impl Iterator<Item = (&str, Vec<&Sense>)> {
        self.by_long.iter().map(|(key, senses)| (key.as_str(), self.ranked(Some(senses)).collect()))
    }

    /// Returns all senses, in order of their short forms.
    pub fn iter(&self) -> impl Iterator<Item = &Sense> {
        self.by_short.values().flat_map(|senses| self.ranked(Some(senses)))
    }

    fn ranked(&self, found: Option<&Vec<u32>>) -> impl Iterator<Item = &Sense> + use<'_> {
        let mut senses: Vec<&Sense> = found.into_iter().flatten().map(|&i| &self.senses[i as usize]).collect();
        senses.sort_by_key(|sense| std::cmp::Reverse((sense.papers.len(), sense.count)));
        senses.into_iter()
    }
}

/// Returns a short form without the s of a plural: "CBMs", but not "GPS".
fn singular(short: &str) -> &str {
    let bare = short.trim_end_matches("'s").trim_end_matches("’s");
    match bare.strip_suffix('s') {
        Some(rest) if rest.len() > 1 && rest.ends_with(|c: char| c.is_uppercase() || c.is_numeric()) => rest,
        _ => bare,
    }
}

/// Returns what all spellings of a short form share: "T.T.P.", "TTPs", "ttp" are one.
fn short_key(short: &str) -> String {
    singular(short).chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Returns the keys to look a short form up by, the best first.
pub fn short_keys(short: &str) -> impl Iterator<Item = String> {
    let exact = short_key(short);
    // "cbms", typed in lower case
    let singular = exact.strip_suffix('s').map(str::to_owned);
    std::iter::once(exact).chain(singular)
}

/// Returns what all spellings of a long form share: lower case, single spaces for hyphens, no
/// plural's s at the end of a word.
pub fn long_key(long: &str) -> String {
    let words = long.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let bare = words.map(|word| {
        let word = word.to_lowercase();
        let is_plural = word.len() > 3 && word.ends_with('s') && !word.ends_with("ss");
        word[..word.len() - usize::from(is_plural)].to_string()
    });
    bare.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_a_short_form_are_one() {
        let mut acronyms = Acronyms::default();
        acronyms.add(3, "T.T.P.", "Tehrik-i-Taliban Pakistan");
        acronyms.add(5, "TTP’s", "Tehrik-i-Taliban Pakistan");
        let senses: Vec<&Sense> = acronyms.senses_of("ttp").collect();
        assert_eq!((senses.len(), senses[0].count), (1, 2));
        assert_eq!(senses[0].papers, BTreeSet::from([3, 5]));
        assert_eq!(acronyms.senses_of("ttps").count(), 1);
        assert_eq!(acronyms.senses_of("ttx").count(), 0);
    }

    #[test]
    fn the_sense_of_most_papers_comes_first() {
        let mut acronyms = Acronyms::default();
        acronyms.add(0, "ISI", "Islamic State of Iraq");
        acronyms.add(0, "ISI", "Islamic State of Iraq");
        acronyms.add(1, "ISI", "Inter-Services Intelligence");
        acronyms.add(2, "ISI", "Inter-Services Intelligence");
        assert_eq!(
            acronyms.senses_of("ISI").next().map(|sense| sense.long.as_str()),
            Some("Inter-Services Intelligence")
        );
    }

    #[test]
    fn a_wrong_equation_stays_in_its_paper() {
        let mut acronyms = Acronyms::default();
        acronyms.add(0, "GLOC", "Ground Lines of Communication");
        acronyms.add(0, "NDN", "Northern Distribution Network");
        assert_eq!(acronyms.shorts_of("ground lines of communication").count(), 1);
        assert_eq!(acronyms.senses_of("NDN").count(), 1);
    }

    #[test]
    fn survives_being_stored() {
        let mut acronyms = Acronyms::default();
        acronyms.add(7, "PTM", "Pashtun Tahafuz Movement");
        let stored = postcard::to_stdvec(&acronyms).expect("plain data is stored");
        assert_eq!(postcard::from_bytes::<Acronyms>(&stored).expect("stored data is read"), acronyms);
    }
}
