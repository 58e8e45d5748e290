//! From glyphs to the fragments of lines they were set as, in the order they are drawn.

use unicode_normalization::UnicodeNormalization;

use super::glyphs::Glyph;
use crate::paper::Span;

/// A piece of a line without a wide gap: a line of a column, a cell of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Fragment {
    pub text: String,
    pub x0: f32,
    pub x1: f32,
    pub y: f32,
    pub size: f32,
    pub bold: bool,
    pub artifact: bool,
    /// Small raised numbers and signs, as spans of `text`.
    pub raised: Vec<Span>,
}

/// A gap of this many times the type's size is more than a space.
const WIDE_GAP: f32 = 1.2;

/// A gap of this many times the type's size is a space when none is drawn; kerning is a tenth at
/// most, and spaces in tight lines a fifth.
const SPACE: f32 = 0.15;

/// Cuts glyphs, in the order they are drawn, into fragments of lines.
pub fn fragments(glyphs: &[Glyph]) -> Vec<Fragment> {
    let mut fragments: Vec<Builder> = Vec::new();
    for glyph in glyphs {
        match fragments.last_mut() {
            Some(last) if last.takes(glyph) => last.push(glyph),
            _ => fragments.push(Builder::new(glyph)),
        }
    }
    fragments.into_iter().map(Builder::finish).filter(|fragment| !fragment.text.is_empty()).collect()
}

/// A fragment that still grows, and the glyphs it has.
struct Builder {
    text: String,
    x0: f32,
    x1: f32,
    /// Baseline and size of its full-size letters.
    y: f32,
    size: f32,
    n_bold: usize,
    n_letters: usize,
    n_artifact: usize,
    raised: Vec<Span>,
    /// A space is due before the next letter.
    gap: bool,
    last: Option<Glyph>,
}

impl Builder {
    fn new(glyph: &Glyph) -> Self {
        let mut builder = Builder {
            text: String::new(),
            x0: glyph.x0,
            x1: glyph.x0,
            y: glyph.y,
            size: glyph.size,
            n_bold: 0,
            n_letters: 0,
            n_artifact: 0,
            raised: Vec::new(),
            gap: false,
            last: None,
        };
        builder.push(glyph);
        builder
    }

    /// Tells whether a glyph stands on this line, right behind what is there.
    fn takes(&self, glyph: &Glyph) -> bool {
        let size = self.size.max(glyph.size);
        let (rise, step) = ((glyph.y - self.y).abs(), glyph.x0 - self.x1);
        let one_is_small = glyph.size.min(self.size) < 0.85 * size;
        let on_line = rise < 0.2 * size || (one_is_small && rise < 0.6 * size);
        let is_accent = self.last.as_ref().is_some_and(|last| compose(last, glyph).is_some());
        on_line && (is_accent || (-0.6 * size..WIDE_GAP * size).contains(&step))
    }

    fn push(&mut self, glyph: &Glyph) {
        if let Some(whole) = self.last.as_ref().and_then(|last| compose(last, glyph)) {
            let old = self.last.take().map_or(0, |last| last.text.len());
            self.text.truncate(self.text.len().saturating_sub(old));
            self.text.push_str(&whole);
            self.x1 = self.x1.max(glyph.x1);
            self.last = Some(Glyph { text: whole, x1: self.x1, ..glyph.clone() });
            return;
        }
        if glyph.text.trim().is_empty() {
            self.gap = true;
            self.x1 = self.x1.max(glyph.x1);
            return;
        }
        let is_first = self.text.is_empty();
        if !is_first && (self.gap || glyph.x0 - self.x1 > SPACE * self.size.min(glyph.size)) {
            self.text.push(' ');
        }
        self.gap = false;
        if is_first {
            self.x0 = glyph.x0;
        }
        // A line may begin with the small raised number of a note: its first full-size letter tells.
        if glyph.size > 1.15 * self.size && self.n_letters <= 4 {
            if glyph.y > self.y + 0.1 * glyph.size && !is_first {
                self.raised.push(Span::new(0, self.text.trim_end().len()));
                if !self.text.ends_with(' ') {
                    self.text.push(' ');
                }
            }
            (self.y, self.size) = (glyph.y, glyph.size);
        } else if glyph.size < 0.85 * self.size && glyph.y < self.y - 0.1 * self.size && is_note_sign(&glyph.text) {
            let (start, end) = (self.text.len(), self.text.len() + glyph.text.len());
            match self.raised.last_mut() {
                Some(last) if last.end == start => last.end = end,
                _ => self.raised.push(Span::new(start, end)),
            }
        }
        self.text.push_str(&glyph.text);
        self.x1 = glyph.x1.max(glyph.x0);
        self.n_letters += 1;
        self.n_bold += usize::from(glyph.bold);
        self.n_artifact += usize::from(glyph.artifact);
        self.last = Some(glyph.clone());
    }

    fn finish(self) -> Fragment {
        Fragment {
            bold: self.n_bold * 4 > self.n_letters * 3,
            artifact: self.n_artifact * 2 > self.n_letters,
            text: self.text,
            x0: self.x0,
            x1: self.x1,
            y: self.y,
            size: self.size,
            raised: self.raised,
        }
    }
}

fn is_note_sign(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_digit() || matches!(c, '*' | '†' | '‡' | '§' | ','))
}

/// Puts a letter and the accent drawn over it together, whichever is drawn first.
///
/// TeX's old fonts draw `¨` and then `u` on the same spot ⇒ `ü`.
fn compose(first: &Glyph, second: &Glyph) -> Option<String> {
    let overlap = first.x1.min(second.x1) - first.x0.max(second.x0);
    if overlap <= 0.4 * (first.x1 - first.x0).min(second.x1 - second.x0) {
        return None;
    }
    let (accent, letter) = match (combining(&first.text), combining(&second.text)) {
        (Some(accent), None) => (accent, &second.text),
        (None, Some(accent)) => (accent, &first.text),
        _ => return None,
    };
    let mut chars = letter.chars();
    let base = chars.next().map(|c| match c {
        'ı' => 'i',
        'ȷ' => 'j',
        c => c,
    })?;
    let whole: String = [base, accent].iter().collect::<String>().nfc().collect();
    // What does not melt into one letter was no accent (an apostrophe, a math sign).
    (whole.chars().count() == 1).then(|| whole + chars.as_str())
}

/// The combining form of an accent that stands alone.
fn combining(text: &str) -> Option<char> {
    let mut chars = text.chars();
    let (first, None) = (chars.next()?, chars.next()) else { return None };
    Some(match first {
        '`' | 'ˋ' => '\u{300}',
        '´' | 'ˊ' => '\u{301}',
        'ˆ' | '^' => '\u{302}',
        '˜' | '~' => '\u{303}',
        '¯' | 'ˉ' => '\u{304}',
        '˘' => '\u{306}',
        '˙' => '\u{307}',
        '¨' => '\u{308}',
        '˚' => '\u{30a}',
        '˝' => '\u{30b}',
        'ˇ' => '\u{30c}',
        '¸' => '\u{327}',
        '˛' => '\u{328}',
        c @ '\u{300}'..='\u{36f}' => c,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sets each character half as wide as the type is large.
    fn set(text: &str, x: f32, y: f32, size: f32) -> Vec<Glyph> {
        let width = size / 2.0;
        text.chars()
            .enumerate()
            .map(|(i, c)| Glyph {
                text: c.to_string(),
                x0: x + i as f32 * width,
                x1: x + (i + 1) as f32 * width,
                y,
                size,
                bold: false,
                artifact: false,
                invisible: false,
                guessed: false,
            })
            .collect()
    }

    fn check(glyphs: &[Vec<Glyph>], expected: &[&str]) -> Vec<Fragment> {
        let fragments = fragments(&glyphs.concat());
        assert_eq!(fragments.iter().map(|f| f.text.as_str()).collect::<Vec<_>>(), expected);
        fragments
    }

    #[test]
    fn finds_words_by_gaps_and_by_spaces() {
        check(&[set("the border", 0.0, 0.0, 10.0)], &["the border"]);
        check(&[set("the", 0.0, 0.0, 10.0), set("border", 17.5, 0.0, 10.0)], &["the border"]);
        check(&[set("bor", 0.0, 0.0, 10.0), set("der", 15.5, 0.0, 10.0)], &["border"]);
    }

    #[test]
    fn cuts_at_line_ends_and_wide_gaps() {
        check(
            &[set("left", 0.0, 0.0, 10.0), set("right", 100.0, 0.0, 10.0), set("next", 0.0, 12.0, 10.0)],
            &["left", "right", "next"],
        );
    }

    #[test]
    fn knows_raised_numbers() {
        let fragments = check(&[set("policy.", 0.0, 10.0, 10.0), set("12", 35.0, 6.0, 6.0)], &["policy.12"]);
        assert_eq!(fragments[0].raised, [Span::new(7, 9)]);
        let fragments =
            check(&[set("3", 0.0, 6.0, 6.0), set("See the report", 4.0, 10.0, 10.0)], &["3 See the report"]);
        assert_eq!((fragments[0].raised.as_slice(), fragments[0].size), (&[Span::new(0, 1)][..], 10.0));
    }

    #[test]
    fn composes_accents() {
        check(&[set("Z", 0.0, 0.0, 10.0), set("¨", 5.0, 0.0, 10.0), set("urich", 5.0, 0.0, 10.0)], &["Zürich"]);
        check(&[set("Elys", 0.0, 0.0, 10.0), set("e", 20.0, 0.0, 10.0), set("´", 20.0, 0.0, 10.0)], &["Elysé"]);
    }
}
