//! A folder or list of papers, and what is known about them.

mod error;
pub mod library;

pub use error::Error;
