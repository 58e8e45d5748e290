//! A corpus: which papers there are, what is known about them, and what a reader makes of them.
//!
//! Drives extract → repair → segment, in parallel, and hands the papers on in an order that does
//! not depend on threads. A paper that can't be read is a [`Failure`](Item::Failed); the rest goes on.

mod error;
mod find;
pub mod library;
mod read;

pub use error::Error;
pub use find::{Source, TOPICS, find, find_library};
pub use read::{Item, Known, Options, Unit, is_current, read};

/// Raised when the same file gives other passages though its reader has not changed: when repair,
/// segmentation or identifiers have. An update then reads all papers again.
pub const VERSION: u32 = 1;
