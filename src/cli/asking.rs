//! What a search is asked for: shared by `search`, `batch`, `why-not` and `eval`.

use std::path::{Path, PathBuf};

use polisearch::index::Index;
use polisearch::query::{ExpandOptions, Topics};
use polisearch::search::{self, ByField, Detail, Options, PerPaper};

use super::failure::Failure;

/// Hits where nothing else is asked for.
const LIMIT: usize = 10;

/// What to return.
#[derive(Clone, Debug, clap::Args)]
pub struct Asking {
    /// Show at most N passages [default: 10]
    #[arg(long, short = 'n', value_name = "N")]
    pub limit: Option<usize>,
    /// Only passages that hold every word
    #[arg(long)]
    pub all: bool,
    /// At most N passages of one paper; 0 for any number [default: 3 of each ten, where others are
    /// nearly as good]
    #[arg(long, value_name = "N")]
    pub per_paper: Option<usize>,
    /// Show passages that repeat another one, too
    #[arg(long)]
    pub no_fold: bool,
    /// Search only for what was typed: no topics, acronyms, variants
    #[arg(long)]
    pub no_expand: bool,
    /// Topics to use in place of those of the index
    #[arg(long, value_name = "FILE")]
    pub topics: Option<PathBuf>,
    #[command(flatten)]
    pub ranking: Ranking,
}

/// Ranking settings; the defaults are measured. Each names its heading: one for all of them would go on
/// over the options behind them.
#[derive(Clone, Debug, clap::Args)]
pub struct Ranking {
    /// How soon more occurrences of a word stop to count [default: 1.2]
    #[arg(long, value_name = "X", allow_negative_numbers = true, help_heading = "Ranking")]
    pub k1: Option<f32>,
    /// How much long passages are held back, 0 to 1 [default: 0.7]
    #[arg(long, value_name = "X", allow_negative_numbers = true, help_heading = "Ranking")]
    pub b: Option<f32>,
    /// Weight of words in titles [default: 2]
    #[arg(long, value_name = "X", allow_negative_numbers = true, help_heading = "Ranking")]
    pub title_weight: Option<f32>,
    /// Weight of words in section headings [default: 2]
    #[arg(long, value_name = "X", allow_negative_numbers = true, help_heading = "Ranking")]
    pub section_weight: Option<f32>,
    /// What words standing close together add [default: 0.65]
    #[arg(long, value_name = "X", allow_negative_numbers = true, help_heading = "Ranking")]
    pub proximity: Option<f32>,
    /// What a word exactly as typed adds [default: 0.3]
    #[arg(long, value_name = "X", allow_negative_numbers = true, help_heading = "Ranking")]
    pub as_typed: Option<f32>,
    /// What words that the best passages share add; 0 for none [default: 3]
    #[arg(long, value_name = "X", allow_negative_numbers = true, help_heading = "Ranking")]
    pub feedback: Option<f32>,
    /// Weight of the words of a name near each other [default: 0.5]
    #[arg(long, value_name = "X", allow_negative_numbers = true, help_heading = "Ranking")]
    pub near: Option<f32>,
    /// Weight of each word of a name by itself [default: 0.3]
    #[arg(long, value_name = "X", allow_negative_numbers = true, help_heading = "Ranking")]
    pub parts: Option<f32>,
    /// Weight of words of like meaning [default: 0.3]
    #[arg(long, value_name = "X", allow_negative_numbers = true, help_heading = "Ranking")]
    pub synonyms: Option<f32>,
    /// What a number near by adds where one is asked for, as a share of the best score [default: 1]
    #[arg(long, value_name = "X", allow_negative_numbers = true, help_heading = "Ranking")]
    pub numbers: Option<f32>,
}

impl Asking {
    /// Returns what to ask of a searcher.
    pub fn options(&self) -> Options {
        Options {
            limit: self.limit.unwrap_or(LIMIT),
            all: self.all,
            per_paper: match self.per_paper {
                None => PerPaper::InTurns,
                Some(0) => PerPaper::Any,
                Some(most) => PerPaper::Most(most),
            },
            fold: !self.no_fold,
            detail: Detail::Full,
            count: true,
            explain: false,
            ranking: self.ranking.over(search::Ranking::default()),
        }
    }

    /// Returns what to add to queries.
    pub fn expansion(&self) -> ExpandOptions {
        if self.no_expand { ExpandOptions::none() } else { ExpandOptions::default() }
    }
}

/// Returns the topics of a file, or of an index when there is none.
pub fn topics<'i>(file: Option<&Path>, index: &'i Index) -> Result<Topics<'i>, Failure> {
    let Some(path) = file else { return Ok(index.topics()?) };
    let name = path.display().to_string();
    let text = std::fs::read_to_string(path).map_err(|error| Failure::usage(format!("{name}: {error}")))?;
    Ok(Topics::from_toml(&name, &text)?)
}

impl Ranking {
    /// Returns a ranking with what was asked for in the place of its own settings.
    fn over(&self, ranking: search::Ranking) -> search::Ranking {
        let b = |field: f32| self.b.unwrap_or(field);
        search::Ranking {
            k1: self.k1.unwrap_or(ranking.k1),
            b: ByField { body: b(ranking.b.body), section: b(ranking.b.section), title: b(ranking.b.title) },
            weight: ByField {
                body: ranking.weight.body,
                section: self.section_weight.unwrap_or(ranking.weight.section),
                title: self.title_weight.unwrap_or(ranking.weight.title),
            },
            proximity: self.proximity.unwrap_or(ranking.proximity),
            as_typed: self.as_typed.unwrap_or(ranking.as_typed),
            feedback: self.feedback.unwrap_or(ranking.feedback),
            near: self.near.unwrap_or(ranking.near),
            parts: self.parts.unwrap_or(ranking.parts),
            synonyms: self.synonyms.unwrap_or(ranking.synonyms),
            numbers: self.numbers.unwrap_or(ranking.numbers),
            ..ranking
        }
    }
}
