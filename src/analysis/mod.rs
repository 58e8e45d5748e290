//! Text to terms, and what a corpus says about its own words.

pub mod acronyms;
pub mod similar;
