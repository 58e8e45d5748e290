//! Strays: takes numbers out that a page left inside a sentence.
//!
//! | before | after | because |
//! |---|---|---|
//! | `of troops from 17` / `Afghanistan, adds` | `of troops from Afghanistan, adds` | see below |
//! | `a force from 17` / `countries` | unchanged | the number counts |
//!
//! A page number that slid into a line stands alone at its end, and can't count what follows: the
//! next word is a name with its clause at an end behind it. That is not enough to lose a number; the
//! paper must also join the words on both sides elsewhere ("from Afghanistan").

use memchr::memmem;

use super::{
    edits::Edit,
    paragraphs::{Drafts, Join},
};
use crate::paper::{RemovedKind, Span};

/// A page number has so many digits at most.
const MAX_DIGITS: usize = 3;
/// Each suspect costs a look through the paper; one with more of them has a habit, not strays.
const MAX_SUSPECTS: usize = 64;

/// Finds stray numbers at the ends of lines.
pub(super) fn find(text: &str, drafts: &Drafts, edits: &mut Vec<Edit>) {
    let mut n_suspects = 0;
    for pair in drafts.pieces.windows(2).filter(|pair| pair[1].join == Join::Space) {
        if !matches!(text.as_bytes()[..pair[0].span.end], [.., b'0'..=b'9']) {
            continue;
        }
        let line = pair[0].span.of(text);
        let bare = line.trim_end_matches(|c: char| c.is_ascii_digit());
        let digits = line.len() - bare.len();
        if digits == 0 || digits > MAX_DIGITS {
            continue;
        }
        let Some(before) = bare.strip_suffix(' ') else { continue };
        let word = before.rsplit(' ').next().unwrap_or_default();
        let next = pair[1].span.of(text);
        let name_len = next.find(|c: char| !c.is_alphabetic()).unwrap_or(next.len());
        let (name, behind) = next.split_at(name_len);
        let is_name =
            name.starts_with(char::is_uppercase) && !name.ends_with('s') && behind.starts_with([',', '.', ';', ')']);
        let is_small = !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase());
        n_suspects += usize::from(is_name && is_small);
        if n_suspects > MAX_SUSPECTS {
            return;
        }
        if is_name && is_small && memmem::find(text.as_bytes(), [" ", word, " ", name].concat().as_bytes()).is_some() {
            let number = Span::new(pair[0].span.end - digits, pair[0].span.end);
            let raw = Span::new(number.start - 1, number.end);
            edits.push(Edit { raw, with: "", removed: Some((number, RemovedKind::Stray)), pass: "strays" });
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::repair::tests::check;

    #[test]
    fn takes_a_page_number_out_of_a_sentence() {
        check(
            "Troops came from Kabul. The withdrawal of troops from 17\nKabul, adds to it.",
            &["Troops came from Kabul. The withdrawal of troops from Kabul, adds to it."],
        );
    }

    #[test]
    fn leaves_numbers_that_count() {
        check(
            "Troops from Kabul and from 17\ncountries, and more.",
            &["Troops from Kabul and from 17 countries, and more."],
        );
        check("They came from Kabul on May 17\nKabul, fell.", &["They came from Kabul on May 17 Kabul, fell."]);
    }
}
