//! How many words of one text come in order in another: the longest common subsequence.

use std::collections::HashMap;

/// Returns how many items of two sequences are common to both, in order.
///
/// Myers' greedy algorithm: fast where the two are much alike, as a text and its reading are.
///
/// ```
/// use polisearch::eval::common_in_order;
/// let words = |text: &'static str| text.split(' ').collect::<Vec<_>>();
/// assert_eq!(common_in_order(&words("both sides closed the border"), &words("the sides closed border 12")), 3);
/// ```
pub fn common_in_order(a: &[&str], b: &[&str]) -> usize {
    let mut ids: HashMap<&str, u32> = HashMap::new();
    let mut number = |word| {
        let n = ids.len() as u32;
        *ids.entry(word).or_insert(n)
    };
    let a: Vec<u32> = a.iter().map(|&word| number(word)).collect();
    let b: Vec<u32> = b.iter().map(|&word| number(word)).collect();
    (a.len() + b.len() - distance(&a, &b)) / 2
}

/// Returns how many items must be taken out or put in to make one sequence of the other.
fn distance(a: &[u32], b: &[u32]) -> usize {
    let (n, m) = (a.len() as isize, b.len() as isize);
    let most = n + m;
    // For each diagonal, offset by `most`, how far along `a` it is reached.
    let mut reach = vec![0isize; 2 * most as usize + 2];
    for d in 0..=most {
        for k in (-d..=d).step_by(2) {
            let at = (k + most) as usize;
            let down = k == -d || (k != d && reach[at.saturating_sub(1)] < reach[at + 1]);
            let mut x = if down { reach[at + 1] } else { reach[at - 1] + 1 };
            let mut y = x - k;
            while x < n && y < m && a[x as usize] == b[y as usize] {
                (x, y) = (x + 1, y + 1);
            }
            reach[at] = x;
            if x >= n && y >= m {
                return d as usize;
            }
        }
    }
    most as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_what_is_common_in_order() {
        let check = |a: &str, b: &str, expected| {
            let words = |text| -> Vec<&str> { str::split_whitespace(text).collect() };
            assert_eq!(common_in_order(&words(a), &words(b)), expected, "{a} / {b}");
        };
        check("a b c d", "a b c d", 4);
        check("a b c d", "c d a b", 2);
        check("a b c", "", 0);
        check("", "", 0);
        check("x a b y", "a q b", 2);
    }
}
