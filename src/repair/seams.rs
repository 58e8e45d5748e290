//! Seams: where two lines of a block meet without a space between them.
//!
//! | before | after |
//! |---|---|
//! | `Saudi governments—` / `to largely` | `governments—to` |
//! | `and/` / `or` | `and/or` |
//! | `https://a.org/` / `report` | `https://a.org/report` |
//! | `日本` / `語` | `日本語` |
//! | `the end` / `. Then` | `the end. Then` |

use super::{
    cues,
    paragraphs::{Drafts, Join},
};

/// Glues pieces that belong together without a space.
pub(super) fn glue(text: &str, drafts: &mut Drafts) {
    for i in 1..drafts.pieces.len() {
        if drafts.pieces[i].join == Join::Space
            && meet(drafts.pieces[i - 1].span.of(text), drafts.pieces[i].span.of(text))
        {
            drafts.pieces[i].join = Join::Glue;
        }
    }
}

fn meet(before: &str, behind: &str) -> bool {
    // Most lines meet so.
    if before.ends_with(|c: char| c.is_ascii() && c != '/') && behind.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        return false;
    }
    let (Some(last), Some(first)) = (before.chars().next_back(), behind.chars().next()) else { return false };
    let tight_before = !before[..before.len() - last.len_utf8()].ends_with(char::is_whitespace);
    let tight_behind = !behind[first.len_utf8()..].starts_with(char::is_whitespace);
    match (last, first) {
        ('—' | '–' | '/', _) if tight_before && before.len() > last.len_utf8() => true,
        (_, '—') if tight_behind => true,
        _ => (is_unspaced(last) && is_unspaced(first)) || cues::stops_word(before, behind),
    }
}

/// Tells whether a character is of a script that sets no spaces between words.
fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{303f}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
        | '\u{ff00}'..='\u{ffef}' | '\u{20000}'..='\u{2ffff}' | '\u{0e00}'..='\u{0eff}' | '\u{1000}'..='\u{109f}'
        | '\u{1780}'..='\u{17ff}')
}

#[cfg(test)]
mod tests {
    use crate::repair::tests::check;

    #[test]
    fn joins_without_a_space() {
        for (raw, repaired) in [
            ("Saudi governments—\nto largely", "Saudi governments—to largely"),
            ("in stability— \namong them", "in stability—among them"),
            ("the two\n—or three", "the two—or three"),
            ("and/\nor", "and/or"),
            ("日本\n語です", "日本語です"),
        ] {
            check(raw, &[repaired]);
        }
    }

    #[test]
    fn keeps_the_space_of_a_spaced_dash() {
        check("the two –\nor three", &["the two – or three"]);
        check("the two\n– or three", &["the two – or three"]);
    }
}
