//! What each part of the ranking brings: each is switched off in turn.

use polisearch::query::ExpandOptions;
use polisearch::search::{Options, PerPaper};

use crate::cli::args::Asking;

/// How queries are run for one line of the table.
pub struct Setup {
    pub name: String,
    pub expansion: ExpandOptions,
    pub options: Options,
}

/// Switches something off.
type Switch = fn(&mut ExpandOptions, &mut Options);

const PARTS: [(&str, Switch); 21] = [
    ("topics", |expansion, _| expansion.topics = false),
    ("related names", |expansion, _| expansion.related = false),
    ("acronyms", |expansion, _| expansion.acronyms = false),
    ("variants", |expansion, _| expansion.variants = false),
    ("words of one root", |expansion, _| expansion.kin = false),
    ("demonyms", |expansion, _| expansion.demonyms = false),
    ("words of like meaning", |expansion, _| expansion.synonyms = false),
    ("typing mistakes", |expansion, _| expansion.typos = false),
    ("any of these", |expansion, _| *expansion = ExpandOptions::none()),
    ("words of names near each other", |_, options| options.ranking.near = 0.0),
    ("words of names by themselves", |_, options| options.ranking.parts = 0.0),
    ("section headings", |_, options| options.ranking.weight.section = 0.0),
    ("titles", |_, options| options.ranking.weight.title = 0.0),
    ("closeness", |_, options| options.ranking.proximity = 0.0),
    ("words as typed", |_, options| options.ranking.as_typed = 0.0),
    ("feedback", |_, options| options.ranking.feedback = 0.0),
    ("coverage", |_, options| (options.ranking.coverage, options.ranking.whole_first) = (0.0, 0)),
    ("kinds of passages", |_, options| options.ranking.kinds = 0.0),
    ("numbers asked for", |_, options| options.ranking.numbers = 0.0),
    ("folding", |_, options| options.fold = false),
    ("turns of papers", |_, options| options.per_paper = PerPaper::Any),
];

/// Returns the setup that was asked for.
pub fn whole(asking: &Asking, name: &str) -> Setup {
    Setup { name: name.to_owned(), expansion: asking.expansion(), options: asking.options() }
}

/// Returns the setup that was asked for, then one without each part.
pub fn each_part(asking: &Asking) -> Vec<Setup> {
    let without = |(name, switch): &(&str, Switch)| {
        let mut setup = whole(asking, &format!("without {name}"));
        switch(&mut setup.expansion, &mut setup.options);
        setup
    };
    std::iter::once(whole(asking, "everything")).chain(PARTS.iter().map(without)).collect()
}
