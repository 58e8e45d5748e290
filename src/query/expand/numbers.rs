//! Numbers: in digits and in words.

const ORDINALS: [&str; 21] = [
    "zeroth",
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
    "twentieth",
];

const CARDINALS: [&str; 21] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
];

/// Decades of the last century that nobody needs to name: "the nineties".
const DECADES: [(&str, &str); 8] = [
    ("twenties", "1920s"),
    ("thirties", "1930s"),
    ("forties", "1940s"),
    ("fifties", "1950s"),
    ("sixties", "1960s"),
    ("seventies", "1970s"),
    ("eighties", "1980s"),
    ("nineties", "1990s"),
];

/// Returns the other ways to write the folded words of a number.
///
/// first ⇒ 1st; 21st ⇒ twenty first; nineties ⇒ 1990s, 90s; five year ⇒ 5 year. A number by itself
/// stays: `5` is the mark of a note, a page or a heading more often than a five.
pub(super) fn others(words: &[&str]) -> Vec<String> {
    if let Some(n) = ordinal(words) {
        return match words {
            [word] if word.starts_with(|c: char| c.is_ascii_digit()) => spelled(n).into_iter().collect(),
            _ => vec![with_ending(n)],
        };
    }
    let [word] = words else { return measure(words).into_iter().collect() };
    if let Some((_, digits)) = DECADES.iter().find(|(name, _)| name == word) {
        return vec![(*digits).to_owned(), digits[2..].to_owned()];
    }
    if let Some((name, digits)) = DECADES.iter().find(|(_, digits)| digits == word || &digits[2..] == *word) {
        let other = if digits == word { &digits[2..] } else { digits };
        return vec![(*name).to_owned(), other.to_owned()];
    }
    Vec::new()
}

/// Swaps digits and words of the number before a measure: five year ⇒ 5 year.
fn measure(words: &[&str]) -> Option<String> {
    let (first, rest) = words.split_first()?;
    let number = match CARDINALS.iter().position(|name| name == first) {
        Some(n) => n.to_string(),
        None => (*CARDINALS.get(first.parse::<usize>().ok()?)?).to_owned(),
    };
    let named = rest.iter().all(|word| word.bytes().all(|byte| byte.is_ascii_alphabetic()));
    named.then(|| format!("{number} {}", rest.join(" ")))
}

/// Reads "first", "21st", "twenty first".
fn ordinal(words: &[&str]) -> Option<usize> {
    match words {
        [word] => ORDINALS.iter().position(|name| name == word).filter(|&n| n > 0).or_else(|| {
            let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
            let n = digits.parse().ok().filter(|n| (1..=99).contains(n))?;
            (with_ending(n) == *word).then_some(n)
        }),
        [ten, unit] => {
            let ten = TENS.iter().position(|name| name == ten)? * 10 + 20;
            let unit = ORDINALS[..10].iter().position(|name| name == unit).filter(|&n| n > 0)?;
            Some(ten + unit)
        }
        _ => None,
    }
}

const TENS: [&str; 8] = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

fn with_ending(n: usize) -> String {
    let ending = match (n % 10, n % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{n}{ending}")
}

fn spelled(n: usize) -> Option<String> {
    match n {
        1..=20 => Some(ORDINALS[n].to_owned()),
        21..=99 if !n.is_multiple_of(10) => Some(format!("{} {}", TENS[n / 10 - 2], ORDINALS[n % 10])),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(number: &str, expected: &[&str]) {
        assert_eq!(others(&number.split(' ').collect::<Vec<_>>()), expected, "{number}");
    }

    #[test]
    fn ordinals() {
        check("first", &["1st"]);
        check("1st", &["first"]);
        check("twenty first", &["21st"]);
        check("21st", &["twenty first"]);
        check("12th", &["twelfth"]);
        check("21th", &[]);
        check("zeroth", &[]);
    }

    #[test]
    fn decades_and_small_numbers() {
        check("1990s", &["nineties", "90s"]);
        check("90s", &["nineties", "1990s"]);
        check("nineties", &["1990s", "90s"]);
        check("five year", &["5 year"]);
        check("5 year plan", &["five year plan"]);
        check("five", &[]);
        check("9 11", &[]);
    }
}
