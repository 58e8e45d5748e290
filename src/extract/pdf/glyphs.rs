//! A page's glyphs, in the order they are drawn: what they say and where they stand.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use hayro_interpret::font::{Glyph as Outline, GlyphRun};
use hayro_interpret::hayro_cmap::BfString;
use hayro_interpret::hayro_syntax::object::{Dict, Name};
use hayro_interpret::kurbo::{Affine, BezPath, Point};
use hayro_interpret::{BlendMode, ClipPath, Device, DrawMode, DrawProps, Image, ImageDrawProps, SoftMask};

/// More glyphs than any page of text has; drawings made of letters stop here.
const MAX_GLYPHS: usize = 200_000;

/// A glyph on a page. Lengths are in points, from the top left, the page turned upright.
#[derive(Clone, Debug, PartialEq)]
pub struct Glyph {
    pub text: String,
    pub x0: f32,
    pub x1: f32,
    /// The baseline.
    pub y: f32,
    pub size: f32,
    pub bold: bool,
    /// Inside a header, footer or the like, so the document says.
    pub artifact: bool,
    /// Drawn invisibly: a text layer under a scan.
    pub invisible: bool,
    /// The font does not say which letter it is; its code does, if codes mean anything here.
    pub guessed: bool,
}

/// Receives what a page draws, and keeps its letters.
pub struct Collector {
    pub glyphs: Vec<Glyph>,
    /// Letters that run up or down the page, in their own upright frame.
    pub turned: Vec<Glyph>,
    /// Letters the page draws without saying which they are.
    pub n_unknown: usize,
    pub n_images: usize,
    width: f32,
    height: f32,
    /// Marked content that is open: whether each is a header, footer or the like.
    marked: Vec<bool>,
    /// What stands where, at half a point: bold type is often the same letter drawn twice.
    seen: HashSet<(char, i32, i32)>,
    cancelled: Arc<AtomicBool>,
}

impl Collector {
    /// Returns a collector for a page of the given size that stops drawing once `cancelled`.
    pub fn new(width: f32, height: f32, cancelled: Arc<AtomicBool>) -> Self {
        Collector {
            glyphs: Vec::new(),
            turned: Vec::new(),
            n_unknown: 0,
            n_images: 0,
            width,
            height,
            marked: Vec::new(),
            seen: HashSet::new(),
            cancelled,
        }
    }

    /// Leaves the page when the reader's time is over: unwinding is the only way out of a page that
    /// never ends, and the guard of the reader catches it.
    fn stop_if_cancelled(&self) {
        if self.cancelled.load(Ordering::Relaxed) {
            std::panic::resume_unwind(Box::new("cancelled"));
        }
    }

    fn add(&mut self, outline: &Outline<'_>, frame: Affine, bold: bool, invisible: bool) {
        let mut text = String::new();
        match outline.as_unicode() {
            Some(BfString::Char(c)) => push_letter(&mut text, c),
            Some(BfString::String(letters)) => letters.chars().for_each(|c| push_letter(&mut text, c)),
            None => {}
        }
        let mut guessed = false;
        if let Outline::Type3(glyph) = outline
            && (text.is_empty() || text == "\u{fffd}")
            && let Some(letters) = by_code(glyph.char_code())
        {
            (text, guessed) = (letters, true);
        }
        let advance = match outline {
            Outline::Outline(glyph) => glyph.advance_width(),
            Outline::Type3(glyph) => glyph.advance_width(),
        };
        let advance = f64::from(advance.unwrap_or(500.0));
        let (origin, end) = (frame * Point::ZERO, frame * Point::new(advance, 0.0));
        let up = frame * Point::new(0.0, 1000.0) - origin;
        let along = frame * Point::new(1000.0, 0.0) - origin;
        let size = up.hypot() as f32;
        let in_sight = (-1.0..=self.width + 1.0).contains(&(origin.x as f32))
            && (-1.0..=self.height + 1.0).contains(&(origin.y as f32));
        if !(1.0..1000.0).contains(&size) || !in_sight || !end.x.is_finite() || !end.y.is_finite() {
            return;
        }
        if text.is_empty() || text == "\u{fffd}" {
            self.n_unknown += 1;
            return;
        }
        let spot = ((origin.x * 2.0).round() as i32, (origin.y * 2.0).round() as i32);
        let first = text.chars().next().unwrap_or(' ');
        if first != ' ' && !self.seen.insert((first, spot.0, spot.1)) {
            return;
        }
        let artifact = self.marked.contains(&true);
        let glyph = |x0: f64, x1: f64, y: f64| Glyph {
            text,
            x0: x0.min(x1) as f32,
            x1: x0.max(x1) as f32,
            y: y as f32,
            size,
            bold,
            artifact,
            invisible,
            guessed,
        };
        // A slant of up to a quarter is italics or a crooked scan.
        if along.y.abs() <= along.x.abs() * 0.25 {
            self.glyphs.push(glyph(origin.x, end.x, origin.y));
        } else if along.y < 0.0 {
            self.turned.push(glyph(-origin.y, -end.y, origin.x));
        } else {
            self.turned.push(glyph(origin.y, end.y, -origin.x));
        }
    }
}

/// Returns what TeX's old bitmap fonts mean by a code; they name no letters.
fn by_code(code: u32) -> Option<String> {
    let known = match code {
        11 | 27 => "ff",
        12 | 28 => "fi",
        13 | 29 => "fl",
        14 | 30 => "ffi",
        15 | 31 => "ffl",
        16 | 92 => "“",
        17 | 34 => "”",
        21 | 123 => "–",
        22 | 124 => "—",
        39 => "’",
        96 => "‘",
        33..=126 => return char::from_u32(code).map(String::from),
        _ => return None,
    };
    Some(known.to_owned())
}

/// Tells whether letters guessed by their codes make text: small letters, and vowels as often as
/// languages have them.
pub fn reads_as_text<'g>(guessed: impl Iterator<Item = &'g Glyph>) -> bool {
    let (mut n, mut n_small, mut n_vowels) = (0, 0, 0);
    for c in guessed.flat_map(|glyph| glyph.text.chars()) {
        n += 1;
        n_small += usize::from(c.is_ascii_lowercase());
        n_vowels += usize::from(matches!(c, 'a' | 'e' | 'i' | 'o' | 'u'));
    }
    n_small * 5 >= n * 3 && n_vowels * 4 >= n_small && n_vowels * 20 <= n_small * 11
}

/// Writes a letter as a person would type it: ligatures taken apart, odd spaces plain, and the
/// letters of symbol fonts that stand for a bullet as one.
fn push_letter(text: &mut String, c: char) {
    match c {
        '\u{fb00}' => text.push_str("ff"),
        '\u{fb01}' => text.push_str("fi"),
        '\u{fb02}' => text.push_str("fl"),
        '\u{fb03}' => text.push_str("ffi"),
        '\u{fb04}' => text.push_str("ffl"),
        '\u{fb05}' | '\u{fb06}' => text.push_str("st"),
        '\u{a0}' | '\t' | '\r' | '\n' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{3000}' => text.push(' '),
        '\u{ad}' => text.push('-'),
        '\u{f0b7}' | '\u{f0a7}' | '\u{f076}' | '\u{f0d8}' => text.push('•'),
        '\u{200b}'..='\u{200f}' | '\u{feff}' => {}
        c if c.is_control() => {}
        c => text.push(c),
    }
}

/// The weight of the font that a run is set in; unknown for Type 1 fonts.
fn is_bold(outline: &Outline<'_>) -> bool {
    let Outline::Outline(glyph) = outline else { return false };
    glyph.font_data().is_some_and(|font| {
        let name = font.postscript_name.as_deref().unwrap_or_default();
        font.weight.is_some_and(|weight| weight >= 600) || name.contains("Bold") || name.contains("Black")
    })
}

impl<'a> Device<'a> for Collector {
    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, mode: &DrawMode) {
        self.stop_if_cancelled();
        if self.glyphs.len() + self.turned.len() + self.n_unknown > MAX_GLYPHS {
            return;
        }
        let Some(first) = run.glyphs().first() else { return };
        let (bold, invisible) = (is_bold(first), matches!(mode, DrawMode::Invisible));
        for glyph in run.glyphs() {
            self.add(glyph, props.transform * glyph.transform(), bold, invisible);
        }
    }

    fn draw_image(&mut self, _: Image<'a, '_>, _: ImageDrawProps<'a>) {
        self.n_images += 1;
    }

    fn begin_marked_content(&mut self, tag: &[u8], properties: Option<&Dict<'_>>) {
        // Word marks headers as `Pagination`; a bare `Artifact` may be a figure's text.
        let kind = properties.and_then(|dict| dict.get::<Name<'_>>(b"Type".as_slice()));
        self.marked.push(tag == b"Artifact" && kind.is_some_and(|kind| &*kind == b"Pagination"));
    }

    fn end_marked_content(&mut self) {
        self.marked.pop();
    }

    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'a>, _: &DrawMode) {
        self.stop_if_cancelled();
    }

    fn push_clip_path(&mut self, _: &ClipPath) {
        self.stop_if_cancelled();
    }

    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}
    fn pop_clip(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}
