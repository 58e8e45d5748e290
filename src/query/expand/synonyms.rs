//! Words of like meaning, for short queries: who asks for *aid* may find *assistance*.
//!
//! Weaker evidence than any form of the word itself: it ranks, but what holds only this still lacks
//! the word. A long query says the same in several words, and needs none of it. General vocabulary of
//! public affairs, not a list for any corpus; words with several meanings are left out.

use super::{Expander, Expansion, Node, Why};
use crate::analysis::fold;
use crate::query::{Atom, Form};

/// Queries that ask for more say enough themselves.
const FEW: usize = 3;

/// Words of like meaning for one word, at most.
const MOST: usize = 6;

impl Expander<'_> {
    /// Adds words of like meaning to a row of few words.
    pub(super) fn add_synonyms(&self, nodes: &mut [Node]) {
        let carries = |node: &Node| !matches!(node, Node::Atom(atom) if atom.weight == 0.0);
        if nodes.iter().filter(|node| carries(node)).count() > FEW {
            return;
        }
        for node in nodes {
            if let Node::Atom(atom) = node
                && !atom.as_written
                && atom.weight >= 1.0
                && let Form::Word(word) = &atom.form
                && atom.expansions.iter().all(|known| !matches!(known.why, Why::Topic | Why::Typo))
            {
                let word = fold(word);
                self.add_synonyms_of(atom, &word);
            }
        }
    }

    fn add_synonyms_of(&self, atom: &mut Atom, word: &str) {
        for other in self.known_synonyms(word) {
            self.add(atom, Expansion::new(Form::Word(other.to_owned()), Why::Synonym, 1.0));
        }
    }

    /// Returns the words of like meaning that the corpus holds.
    pub(super) fn known_synonyms(&self, word: &str) -> Vec<&'static str> {
        let others = synonyms(word, &|word| self.names.word(word, false).class);
        others.into_iter().filter(|other| self.vocabulary.knows(other)).take(MOST).collect()
    }
}

/// Returns the words of like meaning for an inflection of any word of the lists.
fn synonyms(word: &str, class_of: &dyn Fn(&str) -> String) -> Vec<&'static str> {
    // Inflections and spellings begin alike: only few words must be stemmed.
    const ALIKE: usize = 3;
    let Some(start) = word.get(..ALIKE) else { return Vec::new() };
    let class = class_of(word);
    let is_it = |other: &str| other.starts_with(start) && class_of(other) == class;
    let mut found = Vec::new();
    for words in SYNONYMS.iter().chain(CAPITALS) {
        if words.split(' ').any(is_it) {
            let others = words.split(' ').filter(|other| !is_it(other));
            others.for_each(|other| {
                if !found.contains(&other) {
                    found.push(other);
                }
            });
        }
    }
    found
}

/// Capitals stand for governments, and these for their countries.
const CAPITALS: &[&str] = &[
    "abuja nigeria",
    "accra ghana",
    "algiers algeria",
    "amman jordan",
    "ankara turkey",
    "ashgabat turkmenistan",
    "athens greece",
    "baghdad iraq",
    "baku azerbaijan",
    "bangkok thailand",
    "beijing china chinese",
    "beirut lebanon",
    "belgrade serbia",
    "berlin germany",
    "bogota colombia",
    "brasilia brazil",
    "bucharest romania",
    "budapest hungary",
    "cairo egypt",
    "canberra australia",
    "caracas venezuela",
    "colombo ceylon",
    "copenhagen denmark",
    "damascus syria",
    "delhi india indian",
    "dhaka bangladesh",
    "dublin ireland",
    "dushanbe tajikistan",
    "hanoi vietnam",
    "harare zimbabwe",
    "havana cuba",
    "helsinki finland",
    "islamabad pakistan pakistani",
    "jakarta indonesia",
    "kabul afghanistan afghan",
    "kampala uganda",
    "kathmandu nepal",
    "khartoum sudan",
    "kigali rwanda",
    "kyiv kiev ukraine",
    "lima peru",
    "lisbon portugal",
    "london britain british",
    "madrid spain",
    "manila philippines",
    "minsk belarus",
    "moscow russia russian soviet",
    "nairobi kenya",
    "oslo norway",
    "ottawa canada",
    "paris france french",
    "peking china chinese",
    "prague czechia czech",
    "pyongyang korea",
    "rabat morocco",
    "riyadh saudi",
    "rome italy",
    "seoul korea",
    "stockholm sweden",
    "taipei taiwan",
    "tashkent uzbekistan",
    "tbilisi georgia",
    "tehran iran iranian",
    "tokyo japan",
    "tripoli libya",
    "tunis tunisia",
    "vienna austria",
    "warsaw poland",
    "washington american",
    "yerevan armenia",
];

const SYNONYMS: &[&str] = &[
    "abuse mistreatment maltreatment",
    "accord agreement treaty pact",
    "achievement success",
    "adversary enemy foe",
    "agriculture farming",
    "aid assistance",
    "airfield airport",
    "alliance coalition alignment",
    "allocation allotment",
    "army military",
    "arrest detention imprisonment",
    "assassination murder killing",
    "assault attack raid",
    "autonomy independence",
    "ban prohibition",
    "barrier obstacle hurdle impediment",
    "blast explosion bombing",
    "border frontier",
    "breach violation infringement",
    "bribe kickback",
    "bribery corruption graft",
    "budget appropriation",
    "casualty fatality death",
    "ceasefire truce armistice",
    "child children",
    "citizenship nationality",
    "clandestine covert secret",
    "clash skirmish",
    "cleric clergy",
    "closure shutdown",
    "collaboration cooperation",
    "commerce trade",
    "commitment pledge",
    "company firm corporation",
    "compliance adherence",
    "conflict war",
    "consequence effect impact",
    "consumer customer",
    "contamination pollution",
    "coup putsch overthrow",
    "court tribunal",
    "credit loan",
    "crime offence",
    "cut reduction decrease",
    "danger threat hazard",
    "deficit shortfall",
    "demonstration protest rally",
    "demonstrator protester",
    "deportation expulsion eviction",
    "detainee prisoner inmate",
    "devolution decentralisation",
    "dialogue negotiation talks",
    "dictatorship autocracy",
    "disagreement dispute quarrel",
    "discrimination prejudice",
    "disease illness",
    "disinformation propaganda misinformation",
    "disparity inequality",
    "displaced uprooted",
    "distrust mistrust suspicion",
    "doctor physician",
    "earnings income revenue",
    "education schooling",
    "election poll ballot",
    "embargo sanction",
    "employment jobs",
    "enforcement implementation",
    "epidemic pandemic outbreak",
    "espionage spying",
    "expenditure spending",
    "export shipment",
    "extremist militant insurgent",
    "famine hunger starvation",
    "farmer peasant grower",
    "female woman women",
    "fence barrier wall",
    "fighting combat hostilities",
    "financing funding finance",
    "flood inundation",
    "forecast projection prediction",
    "goal aim objective",
    "guerrilla rebel insurgent",
    "harbour shelter sanctuary haven",
    "harvest crop",
    "highway road",
    "hospital clinic",
    "housing accommodation",
    "illegal illicit unlawful",
    "immigrant migrant",
    "immigration migration",
    "immunisation vaccination vaccine",
    "inhabitant resident",
    "instability turmoil unrest",
    "interference meddling intervention",
    "invasion incursion",
    "jail prison",
    "jobless unemployed",
    "journalist reporter",
    "law legislation statute",
    "legislature parliament",
    "levy tax tariff",
    "liberalisation deregulation",
    "livestock cattle",
    "lorry truck",
    "madrassa seminary",
    "maritime naval",
    "mediation brokering facilitation",
    "mediate broker facilitate",
    "medication medicine",
    "merchant trader",
    "monitoring oversight supervision",
    "narcotics drug",
    "newspaper press media",
    "opium poppy",
    "outlaw ban prohibit",
    "oversight scrutiny",
    "partner ally",
    "peacekeeper peacekeeping",
    "people persons",
    "poor poverty impoverished",
    "proxy surrogate",
    "withdrawal pullout drawdown",
    "pupil student schoolchildren",
    "railway railroad rail",
    "rebuild reconstruct",
    "rebuilding reconstruction",
    "rebellion revolt uprising",
    "recommendation proposal",
    "reform overhaul",
    "regulator watchdog",
    "remedy solution",
    "repatriation return",
    "repatriate return",
    "restriction curb limitation",
    "rivalry competition",
    "salary wage",
    "scarcity shortage",
    "secession separatism",
    "secessionist separatist",
    "ship vessel",
    "smuggler trafficker",
    "smuggling trafficking contraband",
    "soldier troops",
    "subsidy grant",
    "terrorist extremist militant",
    "tourist visitor",
    "university college",
    "village hamlet",
    "weapon arms",
    "worker labourer employee",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::{Language, Stemmer};

    fn check(word: &str, expected: &[&str]) {
        let english = Stemmer::new(Language::English);
        assert_eq!(synonyms(word, &|word| english.class(word)), expected, "{word}");
    }

    #[test]
    fn words_are_found_by_any_inflection() {
        check("treaties", &["accord", "agreement", "pact"]);
        check("harboring", &["shelter", "sanctuary", "haven"]);
        check("beijing", &["china", "chinese"]);
        check("child", &["children"]);
        check("zeppelin", &[]);
        check("é", &[]);
    }
}
