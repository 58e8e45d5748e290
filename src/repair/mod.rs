//! placeholder until the repair branch is merged
use crate::paper::*;
pub fn repair(raw: &RawPaper) -> Paper {
    let mut text = String::new();
    let mut blocks = Vec::new();
    let mut raw_map = SourceMap::default();
    let mut at = 0;
    for para in raw.text.split("\n\n") {
        let lead = para.len() - para.trim_start().len();
        let p = para.trim();
        if !p.is_empty() {
            if !text.is_empty() {
                text.push('\n');
            }
            let s = text.len();
            text.push_str(&p.replace(['\n', '\r'], " "));
            raw_map.push(Span::new(s, text.len()), Span::new(at + lead, at + lead + p.len()));
            blocks.push(Block { span: Span::new(s, text.len()), kind: BlockKind::Paragraph });
        }
        at += para.len() + 2;
    }
    let source_map = raw.map.as_ref().map(|m| raw_map.through(m));
    Paper {
        text,
        raw_map,
        source_map,
        blocks,
        pages: vec![],
        removed: vec![],
        biblio: raw.biblio.clone(),
        warnings: vec![],
    }
}
