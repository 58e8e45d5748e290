//! Measures over judged documents, each as trec_eval computes it.

use std::fmt;
use std::num::NonZeroUsize;
use std::str::FromStr;

use super::error::Error;
use super::qrels::Grades;
use super::run::Scored;

/// How many documents from the top of a ranking a measure looks at.
pub type Depth = NonZeroUsize;

/// A measure of one ranking against the judgements of its query.
///
/// Names are those of `ir_measures`; trec_eval's are understood as well.
///
/// ```
/// use polisearch::eval::Measure;
/// let measure: Measure = "ndcg_cut_10".parse().unwrap();
/// assert_eq!(measure.to_string(), "nDCG@10");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// Discounted cumulative gain by grade, divided by the best one possible.
    Ndcg(Option<Depth>),
    /// Average precision; its mean is MAP.
    Ap(Option<Depth>),
    /// One divided by the rank of the first relevant document; its mean is MRR.
    Rr(Option<Depth>),
    /// The share of the documents looked at that is relevant.
    Precision(Depth),
    /// The share of the relevant documents that was found.
    Recall(Depth),
    /// 1 when a relevant document was found.
    Success(Depth),
    /// Precision at the rank that equals the number of relevant documents.
    Rprec,
    /// Preference of relevant documents to those judged irrelevant: blind to unjudged ones.
    Bpref,
    /// The share of the documents looked at that was judged at all.
    Judged(Depth),
    NumRet,
    NumRel,
    NumRelRet,
}

/// The names that [`Measure::from_str`] understands, for messages and help.
pub const KNOWN: &str = "nDCG, nDCG@k, AP (MAP), AP@k, RR (MRR), RR@k, P@k, R@k, Success@k, Rprec, Bpref, \
                         Judged@k, NumRet, NumRel, NumRelRet";

impl Measure {
    /// Tells whether a report sums the measure over queries, as counts are, or takes its mean.
    pub fn is_count(self) -> bool {
        matches!(self, Measure::NumRet | Measure::NumRel | Measure::NumRelRet)
    }

    /// Returns how deep the measure looks, when there is an end to it.
    pub fn depth(self) -> Option<usize> {
        match self {
            Measure::Ndcg(depth) | Measure::Ap(depth) | Measure::Rr(depth) => depth.map(Depth::get),
            Measure::Precision(depth) | Measure::Recall(depth) | Measure::Success(depth) | Measure::Judged(depth) => {
                Some(depth.get())
            }
            Measure::Rprec | Measure::Bpref | Measure::NumRet | Measure::NumRel | Measure::NumRelRet => None,
        }
    }
}

impl FromStr for Measure {
    type Err = Error;

    fn from_str(name: &str) -> Result<Measure, Error> {
        let lower = name.trim().to_ascii_lowercase();
        let (stem, depth) = match lower.rsplit_once(['@', '_']) {
            Some((stem, digits)) if digits.starts_with(|c: char| c.is_ascii_digit()) => (stem, Some(digits.parse())),
            _ => (lower.as_str(), None),
        };
        let unknown = || Error::Measure { name: name.to_string(), known: KNOWN };
        let depth: Option<Depth> = depth.transpose().map_err(|_| unknown())?;
        match (stem, depth) {
            ("ndcg" | "ndcg_cut", _) => Ok(Measure::Ndcg(depth)),
            ("ap" | "map" | "map_cut", _) => Ok(Measure::Ap(depth)),
            ("rr" | "mrr" | "recip_rank", _) => Ok(Measure::Rr(depth)),
            ("p" | "precision", Some(depth)) => Ok(Measure::Precision(depth)),
            ("r" | "recall", Some(depth)) => Ok(Measure::Recall(depth)),
            ("success", Some(depth)) => Ok(Measure::Success(depth)),
            ("rprec", None) => Ok(Measure::Rprec),
            ("bpref", None) => Ok(Measure::Bpref),
            ("judged", Some(depth)) => Ok(Measure::Judged(depth)),
            ("numret" | "num_ret", None) => Ok(Measure::NumRet),
            ("numrel" | "num_rel", None) => Ok(Measure::NumRel),
            ("numrelret" | "num_rel_ret", None) => Ok(Measure::NumRelRet),
            _ => Err(unknown()),
        }
    }
}

impl fmt::Display for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, depth) = match *self {
            Measure::Ndcg(depth) => ("nDCG", depth),
            Measure::Ap(depth) => ("AP", depth),
            Measure::Rr(depth) => ("RR", depth),
            Measure::Precision(depth) => ("P", Some(depth)),
            Measure::Recall(depth) => ("R", Some(depth)),
            Measure::Success(depth) => ("Success", Some(depth)),
            Measure::Rprec => ("Rprec", None),
            Measure::Bpref => ("Bpref", None),
            Measure::Judged(depth) => ("Judged", Some(depth)),
            Measure::NumRet => ("NumRet", None),
            Measure::NumRel => ("NumRel", None),
            Measure::NumRelRet => ("NumRelRet", None),
        };
        match depth {
            Some(depth) => write!(f, "{name}@{depth}"),
            None => f.write_str(name),
        }
    }
}

/// A ranking with its judgements looked up, ready for any measure.
pub(super) struct Judged {
    /// The grade of each document of the ranking, best first; `None` was not judged.
    grades: Vec<Option<i64>>,
    /// The grades above 0 of all judged documents, highest first.
    ideal: Vec<i64>,
    /// From which grade on a document counts as relevant where grades make no difference.
    relevant_from: i64,
    n_relevant: usize,
    n_irrelevant: usize,
}

impl Judged {
    pub(super) fn new(ranking: &[Scored], judgements: &Grades, relevant_from: i64) -> Judged {
        let grades = ranking.iter().map(|scored| judgements.get(&scored.document).copied()).collect();
        Judged::of_gains(grades, judgements.values().copied().collect(), relevant_from)
    }

    /// Returns a ranking whose `gains` are known, against the grades of all there is to find.
    pub(super) fn of_gains(gains: Vec<Option<i64>>, mut all: Vec<i64>, relevant_from: i64) -> Judged {
        let n_relevant = all.iter().filter(|&&grade| grade >= relevant_from).count();
        let n_irrelevant = all.iter().filter(|&&grade| (0..relevant_from).contains(&grade)).count();
        all.retain(|&grade| grade > 0);
        all.sort_unstable_by(|a, b| b.cmp(a));
        Judged { grades: gains, ideal: all, relevant_from, n_relevant, n_irrelevant }
    }

    pub(super) fn measure(&self, measure: Measure) -> f64 {
        let (retrieved, relevant) = (self.grades.len(), self.n_relevant);
        match measure {
            Measure::Ndcg(depth) => self.ndcg(limit(depth)),
            Measure::Ap(depth) => self.average_precision(limit(depth)),
            Measure::Rr(depth) => self.first_relevant(limit(depth)).map_or(0.0, |rank| 1.0 / rank as f64),
            Measure::Precision(depth) => share(self.n_found(depth.get()), depth.get()),
            Measure::Recall(depth) => share(self.n_found(depth.get()), relevant),
            Measure::Success(depth) => f64::from(self.n_found(depth.get()) > 0),
            Measure::Rprec => share(self.n_found(relevant), relevant),
            Measure::Bpref => self.bpref(),
            Measure::Judged(depth) => {
                let seen = self.top(depth.get());
                share(seen.iter().flatten().count(), seen.len())
            }
            Measure::NumRet => retrieved as f64,
            Measure::NumRel => relevant as f64,
            Measure::NumRelRet => self.n_found(retrieved) as f64,
        }
    }

    fn top(&self, depth: usize) -> &[Option<i64>] {
        &self.grades[..depth.min(self.grades.len())]
    }

    fn is_relevant(&self, grade: Option<i64>) -> bool {
        grade.is_some_and(|grade| grade >= self.relevant_from)
    }

    fn n_found(&self, depth: usize) -> usize {
        self.top(depth).iter().filter(|&&grade| self.is_relevant(grade)).count()
    }

    fn first_relevant(&self, depth: usize) -> Option<usize> {
        self.top(depth).iter().position(|&grade| self.is_relevant(grade)).map(|i| i + 1)
    }

    fn ndcg(&self, depth: usize) -> f64 {
        let ideal = gain(self.ideal.iter().copied().take(depth));
        let gained = gain(self.top(depth).iter().map(|grade| grade.unwrap_or(0)));
        if ideal > 0.0 { gained / ideal } else { 0.0 }
    }

    fn average_precision(&self, depth: usize) -> f64 {
        let relevant_ranks = self.top(depth).iter().zip(1_u32..).filter(|&(&grade, _)| self.is_relevant(grade));
        let sum: f64 = relevant_ranks.zip(1_u32..).map(|((_, rank), found)| f64::from(found) / f64::from(rank)).sum();
        if self.n_relevant > 0 { sum / self.n_relevant as f64 } else { 0.0 }
    }

    fn bpref(&self) -> f64 {
        let worst = self.n_relevant.min(self.n_irrelevant);
        let mut n_before = 0;
        let mut sum = 0.0;
        for &grade in &self.grades {
            if self.is_relevant(grade) {
                sum += 1.0 - share(n_before.min(self.n_relevant), worst);
            } else if grade.is_some_and(|grade| grade >= 0) {
                n_before += 1;
            }
        }
        if self.n_relevant > 0 { sum / self.n_relevant as f64 } else { 0.0 }
    }
}

/// Sums gains, each discounted by the logarithm of its rank; a grade below 0 takes nothing away.
fn gain(grades: impl Iterator<Item = i64>) -> f64 {
    grades.zip(2_u32..).map(|(grade, after)| grade.max(0) as f64 / f64::from(after).log2()).sum()
}

fn limit(depth: Option<Depth>) -> usize {
    depth.map_or(usize::MAX, Depth::get)
}

/// Returns `part / whole`, and 0 of nothing.
fn share(part: usize, whole: usize) -> f64 {
    if whole > 0 { part as f64 / whole as f64 } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_name(name: &str, expected: &str) {
        assert_eq!(name.parse::<Measure>().unwrap().to_string(), expected);
    }

    /// Grades of a ranking as digits, `.` for not judged, against all the grades of the query.
    fn check(measure: &str, ranking: &str, judged: &[i64], expected: f64) {
        let mut left: Vec<(usize, i64)> = judged.iter().copied().enumerate().collect();
        let mut document = |grade: char| match grade.to_digit(10) {
            None => "unjudged".to_string(),
            Some(grade) => {
                let at = left.iter().position(|&(_, other)| other == i64::from(grade)).expect("a grade of the query");
                left.remove(at).0.to_string()
            }
        };
        let ranking: Vec<Scored> = ranking.chars().map(|c| Scored { document: document(c), score: 0.0 }).collect();
        let grades = judged.iter().enumerate().map(|(i, &grade)| (i.to_string(), grade)).collect();
        let value = Judged::new(&ranking, &grades, 1).measure(measure.parse().unwrap());
        assert!((value - expected).abs() < 1e-9, "{measure} is {value}, not {expected}");
    }

    #[test]
    fn knows_the_names_of_both_tools() {
        check_name("MAP", "AP");
        check_name("map_cut_100", "AP@100");
        check_name("ndcg@10", "nDCG@10");
        check_name("recip_rank", "RR");
        check_name("P_5", "P@5");
        check_name("recall_1000", "R@1000");
        check_name("success@1", "Success@1");
        check_name("num_rel_ret", "NumRelRet");
        assert!("P".parse::<Measure>().is_err());
        assert!("P@0".parse::<Measure>().is_err());
        let unknown = "nDGC@10".parse::<Measure>().expect_err("a slip").to_string();
        assert!(unknown.starts_with("no measure is called `nDGC@10`; there are nDCG,"), "{unknown}");
    }

    #[test]
    fn gains_are_graded() {
        check("nDCG", "20", &[2, 0], 1.0);
        check("nDCG@2", "12", &[1, 2], (1.0 + 2.0 / 3_f64.log2()) / (2.0 + 1.0 / 3_f64.log2()));
    }

    #[test]
    fn precision_counts_places_left_empty() {
        check("P@5", "1", &[1], 0.2);
    }

    #[test]
    fn recall_of_no_relevant_document_is_0() {
        check("R@5", "0", &[0], 0.0);
        check("nDCG", "0", &[0], 0.0);
        check("Bpref", "0", &[0], 0.0);
    }

    #[test]
    fn average_precision_divides_by_all_relevant() {
        check("AP", "1.1", &[1, 1, 1], (1.0 + 2.0 / 3.0) / 3.0);
        check("AP@1", "1.1", &[1, 1, 1], 1.0 / 3.0);
    }

    #[test]
    fn reciprocal_rank_looks_no_deeper_than_asked() {
        check("RR", "..1", &[1], 1.0 / 3.0);
        check("RR@2", "..1", &[1], 0.0);
    }

    #[test]
    fn bpref_is_blind_to_the_unjudged() {
        check("Bpref", "..1", &[1, 0], 1.0);
        check("Bpref", "01", &[1, 0], 0.0);
    }

    #[test]
    fn judged_is_a_share_of_what_was_returned() {
        check("Judged@10", "1.", &[1], 0.5);
    }
}
