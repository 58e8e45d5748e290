//! Text to terms, and what a corpus says about its own words.

pub mod similar;
