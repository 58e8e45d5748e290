//! A paper cut for search: sections and passages, as spans of its text.

use serde::{Deserialize, Serialize};

use super::Span;

/// What a passage is. The order is the one in which a reader would want them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    #[default]
    Body,
    /// A sentence of the body set large; it is folded into the passage that it repeats.
    #[serde(rename = "pull quote")]
    PullQuote,
    /// A picture or table caption that says something.
    Caption,
    Table,
    /// Title pages, tables of contents, imprints.
    #[serde(rename = "heading matter")]
    HeadingMatter,
    /// Notes and bibliographies.
    References,
    /// Blurbs, lists of other publications, boards.
    #[serde(rename = "back matter")]
    BackMatter,
}

impl Kind {
    /// All kinds, each at the place of its number.
    pub const ALL: [Kind; 7] = [
        Kind::Body,
        Kind::PullQuote,
        Kind::Caption,
        Kind::Table,
        Kind::HeadingMatter,
        Kind::References,
        Kind::BackMatter,
    ];
}

/// A section: a heading and the text it governs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    pub title: String,
    /// 1 is the highest.
    pub level: u8,
    /// From the heading's first byte to the end of the last subsection.
    pub span: Span,
    /// Index of the section that holds this one.
    pub parent: Option<usize>,
}

/// The unit of search: a paragraph or a few sentences of one section.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passage {
    pub span: Span,
    /// Index of the innermost section it stands in.
    pub section: Option<usize>,
    pub kind: Kind,
}

/// A paper's sections (in order of start, parents before children) and passages (in order, not
/// overlapping).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outline {
    pub sections: Vec<Section>,
    pub passages: Vec<Passage>,
}

impl Outline {
    /// Returns the titles that lead to a section, outermost first.
    pub fn path(&self, section: Option<usize>) -> Vec<&str> {
        let mut titles = Vec::new();
        let mut next = section;
        while let Some(i) = next {
            titles.push(self.sections[i].title.as_str());
            next = self.sections[i].parent;
        }
        titles.reverse();
        titles
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_leads_from_the_outermost_section() {
        let section = |title: &str, parent| Section { title: title.into(), level: 1, span: Span::default(), parent };
        let outline =
            Outline { sections: vec![section("Analysis", None), section("Trade", Some(0))], passages: vec![] };
        assert_eq!(outline.path(Some(1)), ["Analysis", "Trade"]);
        assert!(outline.path(None).is_empty());
    }
}
