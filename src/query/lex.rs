//! The marks of the query language: from text to tokens, each with its place.

use winnow::LocatingSlice;
use winnow::ascii::digit1;
use winnow::combinator::{alt, delimited, eof, opt, peek, preceded, terminated};
use winnow::error::EmptyError;
use winnow::prelude::*;
use winnow::stream::{Location, Stream};
use winnow::token::{any, one_of, take_while};

use crate::paper::Span;

use super::Field;

type Input<'t> = LocatingSlice<&'t str>;
type Lexed<T> = Result<T, EmptyError>;

/// A mark or a piece of text of a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token<'t> {
    pub mark: Mark<'t>,
    pub span: Span,
    /// `+` or `-` directly before it.
    pub sign: Option<Sign>,
    /// `title:` directly before it.
    pub field: Option<Field>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    Must,
    Not,
}

/// A condition on papers, by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FilterName {
    Paper,
    Author,
    Year,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Mark<'t> {
    Open,
    Close,
    And,
    Or,
    Not,
    /// Text between quotation marks, and the digits after `~`.
    Quoted {
        text: Text<'t>,
        slop: Option<&'t str>,
    },
    /// `paper:`, `author:`, `year:` and what follows.
    Filter {
        name: FilterName,
        value: Text<'t>,
    },
    /// `@key`.
    Topic(&'t str),
    /// `=word`.
    Exact(Text<'t>),
    /// Text without blanks, quotation marks and parentheses.
    Chunk(Text<'t>),
    /// A quotation mark without its partner.
    StrayQuote,
}

/// A piece of the query and where it begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Text<'t> {
    pub text: &'t str,
    pub start: usize,
}

/// Returns the tokens of a query. Every byte but blanks belongs to one; it takes linear time, since
/// only the last quotation mark of a query can lack its partner.
pub(super) fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut input = LocatingSlice::new(text);
    let mut tokens = Vec::new();
    loop {
        let blank: Lexed<&str> = take_while(0.., char::is_whitespace).parse_next(&mut input);
        if let Some(token) = word(&mut input) {
            tokens.push(token);
            continue;
        }
        match (blank, token(&mut input)) {
            (Ok(_), Ok(token)) => tokens.push(token),
            // Only the end is no token: `Chunk` and `StrayQuote` take whatever is left.
            _ => return tokens,
        }
    }
}

/// Takes a chunk that can be nothing else: most are.
fn word<'t>(input: &mut Input<'t>) -> Option<Token<'t>> {
    let rest: &'t str = input;
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b',' | b'.' | b'\'' | b'?' | b'-');
    let n = rest.bytes().position(|byte| !is_plain(&byte)).unwrap_or(rest.len());
    let (text, behind) = rest.split_at_checked(n)?;
    let ends = behind.bytes().next().is_none_or(|byte| byte.is_ascii_whitespace());
    let begins = text.bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric());
    if !ends || !begins || matches!(text, "AND" | "OR" | "NOT") {
        return None;
    }
    let start = input.current_token_start();
    let mark = Mark::Chunk(Text { text: input.next_slice(n), start });
    Some(Token { mark, span: Span::new(start, start + n), sign: None, field: None })
}

fn token<'t>(input: &mut Input<'t>) -> Lexed<Token<'t>> {
    let bare = alt((operator, one_of(')').value(Mark::Close))).map(|mark| (None, None, mark));
    let signed = (opt(sign), opt(field), operand);
    // A sign or a field before a quotation mark without its partner is text.
    let text = chunk.map(|text| (None, None, Mark::Chunk(text)));
    let stray = any.value((None, None, Mark::StrayQuote));
    alt((bare, signed, text, stray))
        .with_span()
        .map(|((sign, field, mark), span)| Token { mark, span: Span::from(span), sign, field })
        .parse_next(input)
}

/// `AND`, `OR` and `NOT` stand alone.
fn operator<'t>(input: &mut Input<'t>) -> Lexed<Mark<'t>> {
    let word = alt(("AND".value(Mark::And), "OR".value(Mark::Or), "NOT".value(Mark::Not)));
    terminated(word, peek(alt((eof.void(), one_of(ends_operator).void())))).parse_next(input)
}

fn ends_operator(c: char) -> bool {
    c.is_whitespace() || matches!(c, '(' | ')') || is_quote(c)
}

fn sign(input: &mut Input<'_>) -> Lexed<Sign> {
    let sign = alt(('+'.value(Sign::Must), '-'.value(Sign::Not)));
    terminated(sign, peek(one_of(|c: char| c.is_alphanumeric() || "(@=".contains(c) || is_quote(c)))).parse_next(input)
}

fn field(input: &mut Input<'_>) -> Lexed<Field> {
    let name = alt((name("title", Field::Title), name("section", Field::Section), name("body", Field::Body)));
    terminated(name, peek(one_of(|c: char| c.is_alphanumeric() || "(@=".contains(c) || is_quote(c)))).parse_next(input)
}

/// A name with its colon, in any case.
fn name<'t, T: Clone>(word: &'static str, value: T) -> impl Parser<Input<'t>, T, EmptyError> {
    (winnow::ascii::Caseless(word), ':').value(value)
}

fn operand<'t>(input: &mut Input<'t>) -> Lexed<Mark<'t>> {
    let topic_key = take_while(1.., |c: char| c.is_alphanumeric() || matches!(c, '-' | '_'));
    alt((
        '('.value(Mark::Open),
        (quoted, opt(preceded('~', digit1))).map(|(text, slop)| Mark::Quoted { text, slop }),
        filter,
        preceded('@', topic_key).map(Mark::Topic),
        preceded('=', chunk).map(Mark::Exact),
        chunk.map(Mark::Chunk),
    ))
    .parse_next(input)
}

fn filter<'t>(input: &mut Input<'t>) -> Lexed<Mark<'t>> {
    let name =
        alt((name("paper", FilterName::Paper), name("author", FilterName::Author), name("year", FilterName::Year)));
    (name, alt((quoted, chunk))).map(|(name, value)| Mark::Filter { name, value }).parse_next(input)
}

/// Text between two quotation marks of whatever kind: who pastes rarely types matching ones.
fn quoted<'t>(input: &mut Input<'t>) -> Lexed<Text<'t>> {
    delimited(one_of(is_quote), placed(take_while(0.., |c| !is_quote(c))), one_of(is_quote)).parse_next(input)
}

fn chunk<'t>(input: &mut Input<'t>) -> Lexed<Text<'t>> {
    let inside = |c: char| !c.is_whitespace() && !matches!(c, '(' | ')') && !is_quote(c);
    placed(take_while(1.., inside)).parse_next(input)
}

/// Runs a parser and says where its text begins.
fn placed<'t>(
    mut parser: impl Parser<Input<'t>, &'t str, EmptyError>,
) -> impl FnMut(&mut Input<'t>) -> Lexed<Text<'t>> {
    move |input| {
        let start = input.current_token_start();
        parser.parse_next(input).map(|text| Text { text, start })
    }
}

pub(super) fn is_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '‟' | '«' | '»' | '″' | '＂')
}
