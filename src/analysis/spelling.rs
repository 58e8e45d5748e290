//! British and American spelling, brought together before stemming.
//!
//! The stemmer sends *organization* to *organ* and *organisation* to *organis*: the two must meet
//! before it sees them. Rules over endings with the words that they must leave alone: the one crate
//! with a full table (varcon) weighs 12 MB of source for a few hundred words that matter here.

use std::borrow::Cow;

/// Words in *-ise* (as stems before *-ise, -ised, -ising, ...*) that are no *-ize* words, in order.
const ISE: &[&str] = &[
    "adv",
    "appra",
    "ar",
    "ari",
    "br",
    "bru",
    "cer",
    "chast",
    "circumc",
    "clockw",
    "compr",
    "comprom",
    "conc",
    "cru",
    "dem",
    "desp",
    "dev",
    "disenfranch",
    "disgu",
    "enfranch",
    "enterpr",
    "exc",
    "exerc",
    "expert",
    "foreadv",
    "franch",
    "gu",
    "improv",
    "inc",
    "lengthw",
    "lik",
    "likew",
    "marqu",
    "mayonna",
    "merchand",
    "misadv",
    "no",
    "otherw",
    "para",
    "parad",
    "po",
    "porpo",
    "pra",
    "pract",
    "prec",
    "prem",
    "prom",
    "r",
    "ra",
    "readv",
    "repr",
    "rev",
    "sunr",
    "superv",
    "surm",
    "surpr",
    "telev",
    "tort",
    "treat",
    "turquo",
    "unw",
    "up",
    "upr",
    "v",
    "w",
];

/// Stems in *-our* that are *-or* in American spelling.
const OUR: &[&str] = &[
    "ard",
    "arm",
    "behavi",
    "cand",
    "clam",
    "clang",
    "col",
    "demean",
    "discol",
    "endeav",
    "fav",
    "ferv",
    "flav",
    "harb",
    "hon",
    "hum",
    "lab",
    "misbehavi",
    "neighb",
    "od",
    "parl",
    "ranc",
    "rig",
    "rum",
    "sav",
    "savi",
    "splend",
    "succ",
    "tum",
    "val",
    "vap",
    "vig",
    "watercol",
    "disfav",
    "dishon",
    "enam",
];

/// Whole words and stems: British beginning, American beginning; in order of their first letters. An inflection
/// keeps its ending.
const STEMS: &[(&str, &str)] = &[
    ("acknowledgement", "acknowledgment"),
    ("aeroplane", "airplane"),
    ("ageing", "aging"),
    ("aluminium", "aluminum"),
    ("anaesth", "anesth"),
    ("analogue", "analog"),
    ("artefact", "artifact"),
    ("amongst", "among"),
    ("calibre", "caliber"),
    ("catalogue", "catalog"),
    ("centre", "center"),
    ("cheque", "check"),
    ("counsell", "counsel"),
    ("cosy", "cozy"),
    ("centimetre", "centimeter"),
    ("defence", "defense"),
    ("dialogue", "dialog"),
    ("diarrhoea", "diarrhea"),
    ("draught", "draft"),
    ("enrolment", "enrollment"),
    ("encyclopaed", "encycloped"),
    ("fibre", "fiber"),
    ("foetus", "fetus"),
    ("fulfil", "fulfill"),
    ("grey", "gray"),
    ("gynaeco", "gyneco"),
    ("haemo", "hemo"),
    ("instalment", "installment"),
    ("jewellery", "jewelry"),
    ("judgement", "judgment"),
    ("kerb", "curb"),
    ("kilometre", "kilometer"),
    ("licence", "license"),
    ("litre", "liter"),
    ("manoeuvr", "maneuver"),
    ("meagre", "meager"),
    ("metre", "meter"),
    ("millimetre", "millimeter"),
    ("monologue", "monolog"),
    ("mould", "mold"),
    ("moustache", "mustache"),
    ("offence", "offense"),
    ("oestrogen", "estrogen"),
    ("orthopaed", "orthoped"),
    ("paedia", "pedia"),
    ("plough", "plow"),
    ("practis", "practic"),
    ("pretence", "pretense"),
    ("programme", "program"),
    ("sabre", "saber"),
    ("sceptic", "skeptic"),
    ("sceptre", "scepter"),
    ("skilful", "skillful"),
    ("smoulder", "smolder"),
    ("sombre", "somber"),
    ("spectre", "specter"),
    ("speciality", "specialty"),
    ("storey", "story"),
    ("sulphur", "sulfur"),
    ("theatre", "theater"),
    ("tonne", "ton"),
    ("traveller", "traveler"),
    ("towards", "toward"),
    ("whilst", "while"),
    ("wilful", "willful"),
    ("woollen", "woolen"),
];

/// Verbs in *-el, -al, -il* whose last letter British spelling doubles before an ending.
const DOUBLED: &[&str] = &[
    "cancel", "channel", "counsel", "dial", "dishevel", "equal", "fuel", "funnel", "grovel", "label", "level", "libel",
    "marshal", "model", "panel", "pedal", "pencil", "quarrel", "refuel", "revel", "rival", "shovel", "shrivel",
    "signal", "snivel", "spiral", "stencil", "swivel", "total", "travel", "trial", "tunnel", "unravel", "yodel",
];

/// Returns a folded English word in American spelling.
///
/// ```
/// use polisearch::analysis::american;
/// assert_eq!(american("organisation"), "organization");
/// assert_eq!(american("neighbouring"), "neighboring");
/// assert_eq!(american("promised"), "promised");
/// ```
pub fn american(word: &str) -> Cow<'_, str> {
    if word.len() < 4 || !word.is_ascii() {
        return Cow::Borrowed(word);
    }
    let may = Signs::of(word.as_bytes());
    (if may.ise { ise(word) } else { None })
        .or_else(|| if may.our { our(word) } else { None })
        .or_else(|| if may.doubled { doubled(word) } else { None })
        .or_else(|| {
            let first = word.as_bytes()[0];
            let start = STEMS.partition_point(|(british, _)| british.as_bytes()[0] < first);
            let alike = STEMS[start..].iter().take_while(|(british, _)| british.as_bytes()[0] == first);
            let &(british, american) = alike.into_iter().find(|(british, _)| word.starts_with(british))?;
            replaced(word, british, american)
        })
        .map_or(Cow::Borrowed(word), Cow::Owned)
}

/// Letters side by side without which rules don't hold: most words have none of them.
#[derive(Default)]
struct Signs {
    ise: bool,
    our: bool,
    doubled: bool,
}

impl Signs {
    fn of(word: &[u8]) -> Self {
        let mut signs = Signs::default();
        for pair in word.windows(2) {
            signs.ise |= matches!(pair, b"is" | b"ys");
            signs.our |= pair == b"ou";
            signs.doubled |= pair == b"ll";
        }
        signs
    }
}

/// Replaces the beginning of a word; an *e* that the American stem has lost or kept is evened out.
fn replaced(word: &str, british: &str, american: &str) -> Option<String> {
    let rest = &word[british.len()..];
    match (british, rest) {
        // "fulfilled" is spelled alike on both sides; "tonner" and "metres" are not "ton", "meters".
        ("fulfil", rest) if rest.starts_with('l') => None,
        ("tonne", "" | "s") | ("cheque", "" | "s") | ("storey", "" | "s" | "ed") => Some(format!("{american}{rest}")),
        ("tonne" | "cheque" | "storey", _) => None,
        ("centre" | "fibre" | "metre" | "theatre", "d") => Some(format!("{american}ed")),
        ("manoeuvr", rest) => Some(format!("{american}{}", rest.strip_prefix('e').unwrap_or(rest))),
        _ => Some(format!("{american}{rest}")),
    }
}

/// organise ⇒ organize, paralysed ⇒ paralyzed; promise stays.
fn ise(word: &str) -> Option<String> {
    const ENDINGS: &[&str] =
        &["ise", "ised", "ises", "iser", "isers", "ising", "isable", "isation", "isations", "isational", "isationally"];
    for ending in ENDINGS {
        if let Some(stem) = word.strip_suffix(ending) {
            if stem.len() < 2 || ISE.binary_search(&stem).is_ok() {
                continue;
            }
            return Some(format!("{stem}iz{}", &ending[2..]));
        }
    }
    for ending in ["yse", "ysed", "yses", "yser", "ysers", "ysing"] {
        if let Some(stem) = word.strip_suffix(ending)
            && ["anal", "paral", "catal", "electrol", "hydrol", "dial", "psychoanal", "breathal"].contains(&stem)
            && word != "analyses"
        {
            return Some(format!("{stem}yz{}", &ending[2..]));
        }
    }
    None
}

/// harbouring ⇒ harboring; detour stays.
fn our(word: &str) -> Option<String> {
    let at = word.find("our")?;
    OUR.contains(&&word[..at]).then(|| format!("{}or{}", &word[..at], &word[at + 3..]))
}

/// travelled ⇒ traveled, signalling ⇒ signaling.
fn doubled(word: &str) -> Option<String> {
    for ending in ["led", "ling", "ler", "lers", "lor", "lors"] {
        if let Some(stem) = word.strip_suffix(ending)
            && DOUBLED.contains(&stem)
        {
            return Some(format!("{stem}{}", &ending[1..]));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn british_words_become_american() {
        for (british, us) in [
            ("organise", "organize"),
            ("organisations", "organizations"),
            ("deradicalisation", "deradicalization"),
            ("securitised", "securitized"),
            ("analysing", "analyzing"),
            ("harbouring", "harboring"),
            ("neighbours", "neighbors"),
            ("defence", "defense"),
            ("centres", "centers"),
            ("centred", "centered"),
            ("travelled", "traveled"),
            ("labelling", "labeling"),
            ("programmes", "programs"),
            ("fulfil", "fulfill"),
            ("manoeuvres", "maneuvers"),
            ("practise", "practice"),
        ] {
            assert_eq!(american(british), us);
        }
    }

    #[test]
    fn lists_are_in_order() {
        assert!(ISE.is_sorted());
        assert!(STEMS.is_sorted_by_key(|(british, _)| british.as_bytes()[0]));
    }

    #[test]
    fn other_words_stay() {
        for word in [
            "promise",
            "promised",
            "advise",
            "revised",
            "supervising",
            "enterprise",
            "rise",
            "wise",
            "hour",
            "four",
            "contour",
            "detour",
            "tour",
            "analyses",
            "called",
            "fulfilled",
            "controlled",
            "raising",
            "noise",
            "series",
            "tourism",
            "precise",
            "exercise",
            "premises",
            "compromise",
            "surprise",
            "bruised",
            "improvisation",
        ] {
            assert_eq!(american(word), word);
        }
    }
}
