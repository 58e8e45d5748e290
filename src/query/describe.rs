//! What a query came to, told to people.

use serde::{Deserialize, Serialize};

use super::{Query, Why};
use crate::analysis::fold;

/// One thing that was searched for though nobody typed it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expanded {
    /// The part of the query, as typed.
    pub from: String,
    pub to: String,
    pub why: Why,
}

/// Lists what was added to a query, in the order typed; another case is no addition.
pub fn describe(query: &Query) -> Vec<Expanded> {
    let mut all: Vec<Expanded> = Vec::new();
    query.for_each_atom(&mut |atom| {
        let own = fold(&atom.form.to_string());
        for expansion in &atom.expansions {
            let from = query.text.get(atom.span.start..atom.span.end).unwrap_or_default().to_owned();
            let expanded = Expanded { from, to: expansion.text.clone(), why: expansion.why };
            let to = fold(&expanded.to);
            if to != own && to != fold(&expanded.from) && !all.contains(&expanded) {
                all.push(expanded);
            }
        }
    });
    all
}
