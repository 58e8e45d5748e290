//! Results for people and programs: citations, and the formats of the command line.

pub mod cite;
