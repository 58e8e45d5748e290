//! Kin: words of one root that the stemmer keeps apart, such as an act and who does it.
//!
//! Weaker evidence than inflection, and only what the corpus confirms: that it has *smugglers* says
//! that *smuggling* has an agent, that it lacks *formers* that *forming* has none.

use super::{Expander, Expansion, Why};
use crate::query::{Atom, Form};

/// Weight of a word of the same root beside 1 for an inflection.
const KIN: f32 = 0.7;

/// A shorter root is another word too often: *mast* and *master*.
const SHORTEST_ROOT: usize = 4;

/// A root before *-ment* is a verb when it is long enough: not *base*, *state* and *pave*.
const SHORTEST_VERB: usize = 6;

impl Expander<'_> {
    /// smuggler ⇒ smuggling, extremist ⇒ extremism, suspend ⇒ suspension, settle ⇒ settlement.
    pub(super) fn add_kin(&self, atom: &mut Atom, word: &str) {
        for kin in self.kin(word) {
            self.add(atom, Expansion::new(Form::Word(kin), Why::Stem, KIN));
        }
    }

    fn kin(&self, word: &str) -> Vec<String> {
        if !word.bytes().all(|byte| byte.is_ascii_lowercase()) {
            return Vec::new();
        }
        let known = |word: &str| self.vocabulary.count(word) > 0;
        let root = |endings: &[&str]| endings.iter().find_map(|ending| word.strip_suffix(ending));
        let mut kin = Vec::new();
        if let Some(root) = root(&["ers", "ors", "er", "or", "ing"]).filter(|root| is_root(root)) {
            let act = format!("{root}ing");
            for agent in [format!("{root}er"), format!("{root}or")] {
                if self.is_agent(&agent, &act) {
                    kin.extend([agent, act.clone()]);
                }
            }
        }
        if let Some(root) = root(&["ists", "ist", "ism"]).filter(|root| root.len() >= SHORTEST_ROOT) {
            let (one, idea) = (format!("{root}ist"), format!("{root}ism"));
            if known(&idea) && (known(&one) || known(&format!("{one}s"))) {
                kin.extend([one, idea]);
            }
        }
        for (noun, verb) in [("nsion", "nd"), ("sion", "de"), ("ment", ""), ("ment", "e")] {
            let plural = format!("{noun}s");
            let stem = root(&[&plural, noun, &format!("{verb}s"), &format!("{verb}ed"), verb]);
            let Some(stem) = stem.filter(|stem| noun.len() + stem.len() > SHORTEST_VERB + 3) else { continue };
            let (noun, act) = (format!("{stem}{noun}"), format!("{stem}{}ing", verb.trim_end_matches('e')));
            if known(&noun) && known(&act) {
                kin.extend([noun, act]);
            }
        }
        kin
    }

    /// Tells whether one word names who does what the other says.
    ///
    /// Agents come in the plural (*corners* and *charters* are rare beside *corner* and *charter*),
    /// and are spoken of about as often as what they do (*growing* has growers only now and then).
    fn is_agent(&self, agent: &str, act: &str) -> bool {
        const PLURALS: u32 = 8;
        const ALIKE: u32 = 16;
        let (one, many) = (self.vocabulary.count(agent), self.vocabulary.count(&format!("{agent}s")));
        let (agents, acts) = (one.saturating_add(many), self.vocabulary.count(act));
        let alike = |a: u32, b: u32| a.saturating_mul(ALIKE) >= b;
        many > 0 && acts > 0 && many.saturating_mul(PLURALS) >= one && alike(agents, acts) && alike(acts, agents)
    }
}

/// Tells whether what is left of a word is a verb's root: long enough, and not one whose last
/// letter was doubled for the ending (*letter*, *planner*).
fn is_root(root: &str) -> bool {
    let bytes = root.as_bytes();
    let doubled = bytes.len() >= 2 && bytes[bytes.len() - 1] == bytes[bytes.len() - 2];
    bytes.len() >= SHORTEST_ROOT && !(doubled && bytes.len() <= SHORTEST_ROOT + 1)
}
