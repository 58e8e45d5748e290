//! Paired tests: whether one run is better than another, or only luckier with these queries.

/// How likely a difference is where there is none.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Verdict {
    /// How many queries both runs have a figure for.
    pub n_pairs: usize,
    /// The mean of the differences, second less first.
    pub difference: f64,
    /// Two-sided; 1 when there is nothing to tell apart.
    pub p_value: f64,
}

/// A paired test between two runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Test {
    /// Student's paired t-test.
    T,
    /// Fisher's randomisation test: how often a difference as large comes from swapping the two
    /// runs at random, query by query. Smucker et al. (CIKM 2007) advise it for rankings.
    Randomisation { rounds: u32 },
}

impl Test {
    /// Tests pairs of figures, one pair for each query.
    ///
    /// Same pairs, same verdict: swaps are drawn from a fixed seed, or all tried when they are no
    /// more than the rounds.
    ///
    /// ```
    /// use polisearch::eval::Test;
    /// let pairs = [(0.2, 0.3), (0.5, 0.7), (0.4, 0.7), (0.1, 0.2)];
    /// let verdict = Test::Randomisation { rounds: 10_000 }.run(&pairs);
    /// assert_eq!(verdict.p_value, 2.0 / 16.0); // of 16 ways to swap, two are as far apart
    /// ```
    pub fn run(self, pairs: &[(f64, f64)]) -> Verdict {
        let differences: Vec<f64> = pairs.iter().map(|(first, second)| second - first).collect();
        let p_value = match self {
            _ if differences.iter().all(|&difference| difference == 0.0) => 1.0,
            Test::T => t_test(&differences),
            Test::Randomisation { rounds } => randomisation(&differences, rounds),
        };
        Verdict { n_pairs: pairs.len(), difference: mean(&differences), p_value }
    }
}

fn mean(values: &[f64]) -> f64 {
    if values.is_empty() { 0.0 } else { values.iter().sum::<f64>() / values.len() as f64 }
}

fn t_test(differences: &[f64]) -> f64 {
    let n = differences.len() as f64;
    if n < 2.0 {
        return 1.0;
    }
    let mean = mean(differences);
    let squares: f64 = differences.iter().map(|difference| (difference - mean).powi(2)).sum();
    let freedom = n - 1.0;
    let t_squared = n * mean * mean / (squares / freedom);
    // No spread at all: t is infinite, and the share below is 0.
    beta_share(freedom / (freedom + t_squared), freedom / 2.0, 0.5)
}

fn randomisation(differences: &[f64], rounds: u32) -> f64 {
    let observed: f64 = differences.iter().sum::<f64>().abs();
    // Sums of the same numbers in another order differ in the last digits.
    let threshold = observed * (1.0 - 1e-12);
    let n_ways = u32::try_from(differences.len()).ok().and_then(|n| 1_u32.checked_shl(n));
    if let Some(n_ways) = n_ways.filter(|&n_ways| n_ways <= rounds) {
        let as_far = (0..n_ways).filter(|way| swapped_sum(differences, |i| way >> i & 1 == 1).abs() >= threshold);
        return as_far.count() as f64 / f64::from(n_ways);
    }
    let mut coin = Coin::default();
    let as_far = (0..rounds).filter(|_| swapped_sum(differences, |_| coin.toss()).abs() >= threshold).count();
    // The observed order is one of the possible ones, so that p is never 0.
    (as_far + 1) as f64 / (f64::from(rounds) + 1.0)
}

/// Returns the sum of differences, those of swapped pairs the other way round.
fn swapped_sum(differences: &[f64], mut is_swapped: impl FnMut(usize) -> bool) -> f64 {
    differences.iter().enumerate().map(|(i, &difference)| if is_swapped(i) { -difference } else { difference }).sum()
}

/// Fair tosses, the same in every program run (SplitMix64; Steele, Lea and Flood, OOPSLA 2014).
#[derive(Default)]
struct Coin {
    state: u64,
    bits: u64,
    n_bits: u32,
}

impl Coin {
    fn toss(&mut self) -> bool {
        if self.n_bits == 0 {
            self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut mixed = self.state;
            mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            self.bits = mixed ^ (mixed >> 31);
            self.n_bits = 64;
        }
        self.n_bits -= 1;
        let heads = self.bits & 1 == 1;
        self.bits >>= 1;
        heads
    }
}

/// Returns the share of the beta distribution with parameters `a` and `b` that lies below `x`.
fn beta_share(x: f64, a: f64, b: f64) -> f64 {
    if x <= 0.0 || x >= 1.0 {
        return x.clamp(0.0, 1.0);
    }
    // The fraction converges quickly on this side of the mean only.
    if x > (a + 1.0) / (a + b + 2.0) {
        return 1.0 - beta_share(1.0 - x, b, a);
    }
    let log_front = a * x.ln() + b * (1.0 - x).ln() + ln_gamma(a + b) - ln_gamma(a) - ln_gamma(b);
    log_front.exp() / (a * beta_fraction(x, a, b))
}

/// Returns the continued fraction of the incomplete beta function (Abramowitz and Stegun 26.5.8),
/// from the front by Lentz's method.
fn beta_fraction(x: f64, a: f64, b: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let away_from_0 = |value: f64| if value.abs() < TINY { TINY } else { value };
    let (mut value, mut c, mut d) = (1.0, 1.0, 0.0);
    for step in 1..=1_000_u32 {
        let m = f64::from(step / 2);
        let numerator = if step % 2 == 0 {
            m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m))
        } else {
            -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0))
        };
        d = 1.0 / away_from_0(1.0 + numerator * d);
        c = away_from_0(1.0 + numerator / c);
        value *= c * d;
        if (c * d - 1.0).abs() < 1e-15 {
            break;
        }
    }
    value
}

/// Returns the logarithm of the gamma function of a positive number: Stirling's series, with the
/// argument moved to where seven terms give every digit.
fn ln_gamma(x: f64) -> f64 {
    const SERIES: [f64; 7] =
        [1.0 / 12.0, -1.0 / 360.0, 1.0 / 1_260.0, -1.0 / 1_680.0, 1.0 / 1_188.0, -691.0 / 360_360.0, 1.0 / 156.0];
    let (mut x, mut below) = (x, 1.0);
    while x < 15.0 {
        below *= x;
        x += 1.0;
    }
    let tail = SERIES.iter().rev().fold(0.0, |sum, term| sum / (x * x) + term) / x;
    (x - 0.5) * x.ln() - x + 0.5 * std::f64::consts::TAU.ln() + tail - below.ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Figures that differ by a pattern; expected values are scipy 1.17's `ttest_rel` and
    /// `permutation_test(permutation_type="samples")` of their mean difference.
    fn pairs(n: u32) -> Vec<(f64, f64)> {
        let figure = |i: u32, factor: u32| f64::from(i * factor % 101) / 101.0;
        (1..=n).map(|i| (figure(i, 37), 0.8 * figure(i, 37) + 0.3 * figure(i, 53))).collect()
    }

    fn check(test: Test, n: u32, expected: f64, tolerance: f64) {
        let p_value = test.run(&pairs(n)).p_value;
        assert!((p_value - expected).abs() < tolerance, "p of {n} pairs is {p_value}, not {expected}");
    }

    #[test]
    fn t_test_equals_that_of_scipy() {
        check(Test::T, 2, 0.862_028_380_110_263_1, 1e-12);
        check(Test::T, 3, 0.722_480_756_407_553_7, 1e-12);
        check(Test::T, 12, 0.378_198_883_637_632_54, 1e-12);
        check(Test::T, 50, 0.003_111_230_900_057_637_3, 1e-14);
        check(Test::T, 200, 2.283_252_715_654_707e-11, 1e-21);
        check(Test::T, 3_000, 2.140_733_294_255_926_8e-147, 1e-156);
    }

    #[test]
    fn few_pairs_are_swapped_in_every_way() {
        let test = Test::Randomisation { rounds: 10_000 };
        check(test, 2, 1.0, 1e-15);
        check(test, 3, 0.75, 1e-15);
        check(test, 8, 0.929_687_5, 1e-15);
        check(test, 12, 0.378_417_968_75, 1e-15);
    }

    #[test]
    fn many_pairs_are_swapped_at_random() {
        let test = Test::Randomisation { rounds: 10_000 };
        check(test, 50, 0.002_94, 0.001);
        check(test, 200, 1.0 / 10_001.0, 1e-15);
    }

    #[test]
    fn runs_that_are_the_same_cannot_be_told_apart() {
        for test in [Test::T, Test::Randomisation { rounds: 1_000 }] {
            assert_eq!(test.run(&[(0.5, 0.5), (0.1, 0.1)]), Verdict { n_pairs: 2, difference: 0.0, p_value: 1.0 });
            assert_eq!(test.run(&[]).p_value, 1.0);
            assert_eq!(test.run(&[(0.1, 0.2)]).p_value, 1.0);
        }
    }

    #[test]
    fn same_pairs_same_verdict() {
        let test = Test::Randomisation { rounds: 1_000 };
        assert_eq!(test.run(&pairs(50)), test.run(&pairs(50)));
    }
}
