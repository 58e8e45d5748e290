//! Which blocks of a page are its text.
//!
//! The page may say so (`main`, `article`); else the element whose paragraphs hold the most text,
//! links aside, is it: the idea of Arc90's Readability, without its long lists.

use std::collections::BTreeSet;

use super::blocks::{Block, Page};
use crate::paper::Feature;

/// Returns the nodes whose blocks are the page's text.
pub fn choose(page: &Page) -> BTreeSet<usize> {
    let out = left_out(page);
    let kept = |block: &&Block| !out[block.node] && !is_links(block);
    let weight = |node: usize| -> usize {
        page.blocks
            .iter()
            .filter(kept)
            .filter(|block| is_under(page, block.node, node))
            .map(|block| block.n_letters)
            .sum()
    };
    let total: usize = page.blocks.iter().filter(kept).map(|block| block.n_letters).sum();
    // A box that holds the smaller part of the text (a teaser, a comment) is not the main one.
    let said = ["main", "article"].iter().find_map(|name| {
        let nodes = (0..page.nodes.len()).filter(|&node| page.nodes[node].name == *name && !out[node]);
        nodes.map(|node| (weight(node), std::cmp::Reverse(node))).max().filter(|(weight, _)| weight * 5 > total * 2)
    });
    let root = said.map_or_else(|| densest(page, &out), |(_, node)| node.0);
    let root = if weight(root) * 4 < total { 0 } else { root };
    let inside = page.blocks.iter().filter(|block| !out[block.node] && is_under(page, block.node, root));
    inside.filter(|block| !is_links(block)).map(|block| block.node).collect()
}

/// Tells for each node whether it, or one that holds it, is no part of the text.
fn left_out(page: &Page) -> Vec<bool> {
    let total: usize = page.blocks.iter().map(|block| block.n_letters).sum();
    let mut letters = vec![0; page.nodes.len()];
    for block in &page.blocks {
        for node in ancestors(page, block.node) {
            letters[node] += block.n_letters;
        }
    }
    let mut out = vec![false; page.nodes.len()];
    for (i, node) in page.nodes.iter().enumerate() {
        // A page may well call the box of its text "header-and-content".
        let suspect = node.is_suspect && letters[i] * 2 < total;
        out[i] = node.is_furniture || suspect || node.parent.is_some_and(|parent| out[parent]);
    }
    out
}

/// Returns the node that holds the most running text close to it.
fn densest(page: &Page, out: &[bool]) -> usize {
    let mut scores = vec![0usize; page.nodes.len()];
    for block in page.blocks.iter().filter(|block| !out[block.node] && !is_links(block) && block.n_letters > 25) {
        // A paragraph speaks for what holds it, and half as much for what holds that.
        for (generation, node) in ancestors(page, block.node).skip(1).take(3).enumerate() {
            scores[node] += block.n_letters >> generation;
        }
    }
    (0..scores.len()).max_by_key(|&node| (scores[node], std::cmp::Reverse(node))).unwrap_or(0)
}

/// Tells a list of links from text that has links; a heading may be one link.
fn is_links(block: &Block) -> bool {
    block.n_link_letters * 2 > block.n_letters
        && !matches!(block.feature, Some(Feature::Heading(_) | Feature::Footnote))
}

fn is_under(page: &Page, node: usize, root: usize) -> bool {
    ancestors(page, node).any(|one| one == root)
}

fn ancestors(page: &Page, node: usize) -> impl Iterator<Item = usize> {
    std::iter::successors(Some(node), |&node| page.nodes[node].parent)
}
