//! Countries and their people: *Canada* and *Canadian*.
//!
//! The stemmer keeps them apart, and a passage speaks of the Canadian government where a question
//! asks for Canada. General knowledge, not a list for any corpus.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::{Expander, Expansion, Why};
use crate::query::{Atom, Form};

/// Weight of a country beside 1 for its people, and the other way round.
const DEMONYM: f32 = 0.7;

impl Expander<'_> {
    /// Canada ⇒ Canadian, Indians ⇒ India.
    pub(super) fn add_demonyms(&self, atom: &mut Atom, word: &str) {
        let singular = word.strip_suffix('s').unwrap_or(word);
        let mut rows: Vec<usize> = [word, singular].iter().flat_map(|&word| rows_with(word)).copied().collect();
        rows.sort_unstable();
        rows.dedup();
        for row in rows {
            let others = DEMONYMS[row].split(' ').filter(|&name| name != word && name != singular);
            for name in others.filter(|name| self.vocabulary.knows(name)) {
                self.add(atom, Expansion::new(Form::Word(name.to_owned()), Why::Stem, DEMONYM));
            }
        }
    }
}

/// Returns the rows with a name.
fn rows_with(name: &str) -> &'static [usize] {
    static ROWS: LazyLock<HashMap<&str, Vec<usize>>> = LazyLock::new(|| {
        let mut rows: HashMap<&str, Vec<usize>> = HashMap::new();
        let names = DEMONYMS.iter().enumerate().flat_map(|(row, names)| names.split(' ').map(move |name| (name, row)));
        names.for_each(|(name, row)| rows.entry(name).or_default().push(row));
        rows
    });
    ROWS.get(name).map_or(&[], |rows| rows)
}

/// A country and what its people and things are called, folded; countries of two words are topics.
const DEMONYMS: &[&str] = &[
    "afghanistan afghan",
    "albania albanian",
    "algeria algerian",
    "america american",
    "angola angolan",
    "argentina argentine argentinian",
    "armenia armenian",
    "australia australian",
    "austria austrian",
    "azerbaijan azerbaijani azeri",
    "bahrain bahraini",
    "bangladesh bangladeshi",
    "belarus belarusian",
    "belgium belgian",
    "bolivia bolivian",
    "bosnia bosnian",
    "botswana motswana",
    "brazil brazilian",
    "britain british briton",
    "bulgaria bulgarian",
    "burma burmese",
    "burundi burundian",
    "cambodia cambodian",
    "cameroon cameroonian",
    "canada canadian",
    "chile chilean",
    "china chinese",
    "colombia colombian",
    "congo congolese",
    "croatia croatian",
    "cuba cuban",
    "cyprus cypriot",
    "czechia czech",
    "denmark danish dane",
    "ecuador ecuadorian",
    "egypt egyptian",
    "england english",
    "eritrea eritrean",
    "estonia estonian",
    "ethiopia ethiopian",
    "europe european",
    "finland finnish finn",
    "france french",
    "gambia gambian",
    "georgia georgian",
    "germany german",
    "ghana ghanaian",
    "greece greek",
    "guatemala guatemalan",
    "guinea guinean",
    "haiti haitian",
    "honduras honduran",
    "hungary hungarian",
    "iceland icelandic",
    "india indian",
    "indonesia indonesian",
    "iran iranian",
    "iraq iraqi",
    "ireland irish",
    "israel israeli",
    "italy italian",
    "jamaica jamaican",
    "japan japanese",
    "jordan jordanian",
    "kashmir kashmiri",
    "kazakhstan kazakh kazakhstani",
    "kenya kenyan",
    "korea korean",
    "kosovo kosovar",
    "kuwait kuwaiti",
    "kyrgyzstan kyrgyz kyrgyzstani",
    "laos laotian",
    "latvia latvian",
    "lebanon lebanese",
    "liberia liberian",
    "libya libyan",
    "lithuania lithuanian",
    "macedonia macedonian",
    "malawi malawian",
    "malaysia malaysian",
    "mali malian",
    "malta maltese",
    "mauritania mauritanian",
    "mexico mexican",
    "moldova moldovan",
    "mongolia mongolian",
    "montenegro montenegrin",
    "morocco moroccan",
    "mozambique mozambican",
    "myanmar burmese",
    "namibia namibian",
    "nepal nepali nepalese",
    "netherlands dutch",
    "nicaragua nicaraguan",
    "nigeria nigerian",
    "niger nigerien",
    "norway norwegian",
    "oman omani",
    "pakistan pakistani",
    "palestine palestinian",
    "panama panamanian",
    "paraguay paraguayan",
    "peru peruvian",
    "philippines philippine filipino",
    "poland polish",
    "portugal portuguese",
    "qatar qatari",
    "romania romanian",
    "russia russian",
    "rwanda rwandan",
    "scotland scottish scot",
    "senegal senegalese",
    "serbia serbian serb",
    "singapore singaporean",
    "slovakia slovak",
    "slovenia slovenian slovene",
    "somalia somali",
    "spain spanish spaniard",
    "sudan sudanese",
    "sweden swedish swede",
    "switzerland swiss",
    "syria syrian",
    "taiwan taiwanese",
    "tajikistan tajik tajikistani",
    "tanzania tanzanian",
    "thailand thai",
    "tibet tibetan",
    "tunisia tunisian",
    "turkey turkish",
    "turkmenistan turkmen",
    "uganda ugandan",
    "ukraine ukrainian",
    "uruguay uruguayan",
    "uzbekistan uzbek",
    "venezuela venezuelan",
    "vietnam vietnamese",
    "wales welsh",
    "yemen yemeni",
    "yugoslavia yugoslav",
    "zambia zambian",
    "zimbabwe zimbabwean",
];
