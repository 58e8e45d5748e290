//! Acronyms mined from a corpus: which short form stands for which words, as papers themselves say.
//!
//! Each short form is read out of the words beside it. Words that share a bracket or an "or" with it
//! ("Ground Lines of Communication (GLOC) or Northern Distribution Network (NDN)") are never equated,
//! so a paper that takes two things for one doesn't make them one for others.

mod align;
mod mine;
mod senses;

pub use mine::{Pair, mine};
pub use senses::{Acronyms, Sense, long_key, short_keys};

#[cfg(test)]
mod tests;
