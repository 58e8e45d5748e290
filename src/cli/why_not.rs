//! `why-not`: why a passage is not among the hits of a query.

use std::io::Write;

use polisearch::query::{self, Filter};
use polisearch::search::{Error, Searcher, WhyNot};

use super::args::{self, Common};
use super::failure::{Exit, Failure};
use super::opened;
use super::search::{tell_notes, thesaurus};

pub fn run(common: &Common, asked: &args::WhyNot) -> Result<Exit, Failure> {
    let opened = opened::open(common)?;
    let index = &opened.index;
    let passage = index.find_passage(&asked.id)?.ok_or_else(|| Error::NoPassage { id: asked.id.clone() })?;
    let query = thesaurus(index, &asked.asking)?.expand(query::parse(&asked.words.join(" ")));
    tell_notes(common, &query, false)?;
    let why = Searcher::new(index).why_not(&query, &asked.asking.options(), passage)?;
    writeln!(std::io::stdout().lock(), "{}: {}", asked.id, told(&why))?;
    Ok(Exit::Found)
}

fn told(why: &WhyNot) -> String {
    match why {
        WhyNot::Shown { rank, score } => format!("it is shown, at rank {rank} with a score of {score:.4}"),
        WhyNot::HoldsNothing { lacks } => format!("it holds nothing of the query: no {}", any_of(lacks)),
        WhyNot::LacksRequired { lacks } => format!("it lacks what is required: {}", lacks.join(", ")),
        WhyNot::Excluded { holds } => format!("it holds what is excluded: {}", holds.join(", ")),
        WhyNot::Filtered { filter } => format!("its paper does not meet {}", condition(filter)),
        WhyNot::LacksSome { lacks } => format!("it lacks {}, and --all asks for everything", any_of(lacks)),
        WhyNot::Folded { into, rank } => {
            format!("it repeats {into}, shown at rank {rank}, and is folded into it (--no-fold shows it)")
        }
        WhyNot::HeldBack { score, most: Some(most) } => {
            format!("{most} better passages of its paper are shown (--per-paper {most}); its score is {score:.4}")
        }
        WhyNot::HeldBack { score, most: None } => format!(
            "other papers have passages nearly as good as its {score:.4}, and its own is shown already (--per-paper 0 \
             shows all)"
        ),
        WhyNot::Beyond { rank, score, limit, last, lacks } => {
            let lacking = if lacks.is_empty() { String::new() } else { format!("; it lacks {}", any_of(lacks)) };
            format!("it answers at rank {rank} with {score:.4}; {limit} are shown, the last with {last:.4}{lacking}")
        }
    }
}

fn any_of(words: &[String]) -> String {
    words.join(", ")
}

fn condition(filter: &Filter) -> String {
    let year = |year: &Option<i32>| year.map_or_else(String::new, |year| year.to_string());
    match filter {
        Filter::Paper(wanted) => format!("paper:{wanted}"),
        Filter::Author(wanted) => format!("author:{wanted}"),
        Filter::Year { from, to } => format!("year:{}..{}", year(from), year(to)),
    }
}
