//! The quotations of a memo: a Markdown text as `--format md` and people write it, read back.

/// Something that a memo quotes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quotation {
    /// The memo's line it begins on, counted from 1.
    pub line: usize,
    /// The words, without the marks of Markdown.
    pub text: String,
    /// The passage that a comment behind a block quote names.
    pub passage: Option<String>,
}

/// Returns the quotations of a memo in order: block quotes, and what stands in quotation marks in
/// running text. Code is passed over, and so is a block quote's last paragraph when it names the source
/// behind a dash.
pub fn quotations(memo: &str) -> Vec<Quotation> {
    let mut found: Vec<Quotation> = Vec::new();
    let mut block = Lines::default();
    let mut prose = Lines::default();
    let mut fence: Option<&str> = None;
    // The block quote read last may still be named by a comment.
    let mut unnamed = false;
    for (i, line) in memo.lines().enumerate() {
        let trimmed = line.trim();
        if let Some(open) = fence {
            if trimmed.starts_with(open) && trimmed.trim_start_matches(&open[..1]).is_empty() {
                fence = None;
            }
            continue;
        }
        if let Some(inside) = trimmed.strip_prefix('>') {
            prose.end_prose(&mut found);
            block.push(i + 1, inside.trim_start_matches(['>', ' ']));
            continue;
        }
        if !block.is_empty() {
            unnamed = block.end_block(&mut found);
        }
        if let Some(comment) = trimmed.strip_prefix("<!--") {
            prose.end_prose(&mut found);
            let id = comment.split("-->").next().unwrap_or_default().trim();
            if let Some(last) = found.last_mut().filter(|_| unnamed && is_id(id)) {
                last.passage = Some(id.to_owned());
            }
            unnamed = false;
            continue;
        }
        if trimmed.is_empty() {
            prose.end_prose(&mut found);
            continue;
        }
        if let Some(open) = ["```", "~~~"].into_iter().find(|open| trimmed.starts_with(open)) {
            prose.end_prose(&mut found);
            fence = Some(open);
            continue;
        }
        unnamed = false;
        // A list item or heading is no end of the sentence before it.
        if trimmed.starts_with(['#', '|']) || is_item(trimmed) {
            prose.end_prose(&mut found);
        }
        prose.push(i + 1, trimmed);
    }
    block.end_block(&mut found);
    prose.end_prose(&mut found);
    found
}

/// Tells an id of a passage from what else may stand in a comment.
fn is_id(comment: &str) -> bool {
    !comment.is_empty() && !comment.contains(char::is_whitespace)
}

fn is_item(line: &str) -> bool {
    let digits = line.trim_start_matches(|c: char| c.is_ascii_digit());
    line.starts_with("- ")
        || line.starts_with("* ")
        || line.starts_with("+ ")
        || (digits.len() < line.len() && (digits.starts_with(". ") || digits.starts_with(") ")))
}

/// Lines that belong together, with where each begins.
#[derive(Default)]
struct Lines {
    text: String,
    starts: Vec<(usize, usize)>,
}

impl Lines {
    fn push(&mut self, number: usize, line: &str) {
        self.starts.push((self.text.len(), number));
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn is_empty(&self) -> bool {
        self.starts.is_empty()
    }

    fn line_at(&self, at: usize) -> usize {
        let after = self.starts.partition_point(|&(start, _)| start <= at);
        after.checked_sub(1).map_or(1, |i| self.starts[i].1)
    }

    /// Takes the lines for a block quote; tells whether it quotes something.
    fn end_block(&mut self, found: &mut Vec<Quotation>) -> bool {
        let lines = std::mem::take(self);
        let mut paragraphs: Vec<&str> = lines.text.split("\n\n").map(str::trim).filter(|p| !p.is_empty()).collect();
        let is_source = |paragraph: &&str| paragraph.starts_with(['—', '–', '―']) || paragraph.starts_with("--");
        if paragraphs.last().is_some_and(is_source) {
            paragraphs.pop();
        }
        let text = paragraphs.iter().map(|paragraph| without_source(paragraph)).collect::<Vec<_>>().join("\n");
        let text = plain(&text);
        // A note or warning in a box is no quotation of anybody.
        if text.trim().is_empty() || text.starts_with("[!") {
            return false;
        }
        let line = lines.starts.iter().find(|&&(start, _)| !lines.text[start..].starts_with('\n'));
        found.push(Quotation { line: line.map_or(1, |&(_, number)| number), text: unquoted(&text), passage: None });
        true
    }

    /// Takes the lines for running text, and what it has in quotation marks for quotations.
    fn end_prose(&mut self, found: &mut Vec<Quotation>) {
        let lines = std::mem::take(self);
        let text = blanked(&lines.text);
        let mut at = 0;
        while let Some((start, inside, end)) = next_quoted(&text, at) {
            at = end;
            // What was blanked out leaves gaps.
            let text = plain(inside.trim()).split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
            if !text.is_empty() {
                found.push(Quotation { line: lines.line_at(start), text, passage: None });
            }
        }
    }
}

/// Cuts a line off that names the source of a block quote.
fn without_source(paragraph: &str) -> String {
    let mut lines: Vec<&str> = paragraph.lines().collect();
    if lines.len() > 1 && lines.last().is_some_and(|line| line.starts_with(['—', '―']) || line.starts_with("-- ")) {
        lines.pop();
    }
    lines.join("\n")
}

/// Takes quotation marks away that enclose the whole.
fn unquoted(text: &str) -> String {
    let text = text.trim();
    let pairs = [('“', '”'), ('"', '"'), ('«', '»'), ('„', '“')];
    let inside = pairs.iter().find_map(|&(open, close)| text.strip_prefix(open)?.strip_suffix(close));
    inside.filter(|inside| !inside.contains(['“', '”', '"', '«', '»'])).unwrap_or(text).to_owned()
}

/// Blanks out what is no prose: code, HTML tags, targets of links. Lengths stay as they are.
fn blanked(text: &str) -> String {
    let mut bytes = text.as_bytes().to_vec();
    let mut at = 0;
    while at < bytes.len() {
        let rest = &text.as_bytes()[at..];
        let end = match rest[0] {
            b'`' => {
                let n = rest.iter().take_while(|&&b| b == b'`').count();
                let ticks = "`".repeat(n);
                text[at + n..].find(&ticks).map(|close| at + n + close + n)
            }
            b'<' if rest.get(1).is_some_and(|&b| b.is_ascii_alphabetic() || b == b'/' || b == b'!') => {
                text[at..].find('>').map(|close| at + close + 1)
            }
            b']' if rest.get(1) == Some(&b'(') => text[at + 1..].find(')').map(|close| at + 1 + close + 1),
            _ => None,
        };
        match end.filter(|&end| end <= bytes.len()) {
            Some(end) => {
                // Of a link the words stay, its brackets go.
                if rest[0] == b']'
                    && let Some(open) = text[..at].rfind('[')
                {
                    bytes[open] = b' ';
                }
                bytes[at..end].iter_mut().for_each(|b| *b = if *b == b'\n' { b'\n' } else { b' ' });
                at = end;
            }
            None => at += 1,
        }
    }
    // Whole characters were blanked: tags, code and targets begin and end with ASCII.
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

/// Finds the next stretch in quotation marks at or behind `from`: where it begins, what is inside, where
/// it ends.
fn next_quoted(text: &str, from: usize) -> Option<(usize, &str, usize)> {
    let opens = |(at, c): &(usize, char)| {
        let (before, after) = (text[..*at].chars().next_back(), text[at + c.len_utf8()..].chars().next());
        match c {
            '“' | '«' | '„' => true,
            // A straight mark opens where a word begins, as ‘5"’ does not.
            '"' => {
                before.is_none_or(|c| !c.is_alphanumeric() && !matches!(c, '.' | ',' | '\\'))
                    && after.is_some_and(|c| !c.is_whitespace())
            }
            _ => false,
        }
    };
    let (start, open) = text[from..].char_indices().map(|(at, c)| (from + at, c)).find(opens)?;
    let inside = start + open.len_utf8();
    let mut depth = 1;
    for (at, c) in text[inside..].char_indices() {
        let at = inside + at;
        match (open, c) {
            ('“', '“') | ('«', '«') => depth += 1,
            ('“', '”') | ('«', '»') | ('„', '“' | '”') => depth -= 1,
            ('"', '"') => {
                let before = text[..at].chars().next_back();
                let after = text[at + 1..].chars().next();
                let closes = before.is_some_and(|c| !c.is_whitespace()) && after.is_none_or(|c| !c.is_alphanumeric());
                depth -= i32::from(closes);
            }
            _ => {}
        }
        if depth == 0 {
            return Some((start, &text[inside..at], at + c.len_utf8()));
        }
    }
    // What is opened and not closed goes on in the next paragraph, which opens it again.
    if open == '"' { next_quoted(text, inside) } else { Some((start, &text[inside..], text.len())) }
}

/// Takes the marks of Markdown away: emphasis, links, footnotes, escapes.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' if chars.peek().is_some_and(|(_, next)| next.is_ascii_punctuation()) => {
                out.extend(chars.next().map(|(_, next)| next));
            }
            '*' | '`' => {}
            // Within a word it is a letter: snake_case.
            '_' if !(out.ends_with(char::is_alphanumeric)
                && chars.peek().is_some_and(|(_, next)| next.is_alphanumeric())) => {}
            '[' if text[at..].starts_with("[^") => while chars.next().is_some_and(|(_, c)| c != ']') {},
            '[' => {
                // `[words](target)` ⇒ `words`; brackets alone stay.
                let inside = &text[at + 1..];
                match inside.find(']').filter(|&close| inside[close + 1..].starts_with('(')) {
                    Some(close) if inside[close..].contains(')') => {
                        out.push_str(&plain(&inside[..close]));
                        let end = close + inside[close..].find(')').unwrap_or(0);
                        while chars.peek().is_some_and(|&(next, _)| next <= at + 1 + end) {
                            chars.next();
                        }
                    }
                    _ => out.push(c),
                }
            }
            '&' => {
                let entity = [("&amp;", '&'), ("&lt;", '<'), ("&gt;", '>'), ("&quot;", '"'), ("&nbsp;", ' ')];
                match entity.iter().find(|(name, _)| text[at..].starts_with(name)) {
                    Some((name, letter)) => {
                        out.push(*letter);
                        (1..name.len()).for_each(|_| _ = chars.next());
                    }
                    None => out.push(c),
                }
            }
            c => out.push(c),
        }
    }
    out
}

/// Writes text so that Markdown prints it as it is, and [`quotations`] reads it back.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (i, c) in text.char_indices() {
        let begins = i == 0 || text[..i].ends_with('\n');
        let special = match c {
            '*' | '_' | '`' | '\\' | '<' => true,
            '[' => text[i..].starts_with("[^") || text[i..].find("](").is_some(),
            '&' => text[i..].find(';').is_some_and(|end| end < 10),
            '#' | '>' | '+' | '-' => begins,
            _ => false,
        };
        if special {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(memo: &str, expected: &[(usize, &str, Option<&str>)]) {
        let found = quotations(memo);
        let told: Vec<(usize, &str, Option<&str>)> =
            found.iter().map(|q| (q.line, q.text.as_str(), q.passage.as_deref())).collect();
        assert_eq!(told, expected, "{memo}");
    }

    #[test]
    fn block_quotes_with_their_ids() {
        check(
            "# Memo\n\n> Trade fell\n> by half.\n>\n> It rose again.\n>\n> — Jane Roe, p. 12\n\n<!-- roe/p12/3f9a1c -->\n",
            &[(3, "Trade fell\nby half.\nIt rose again.", Some("roe/p12/3f9a1c"))],
        );
        check("> “Trade fell by half.”\n> — Roe\n\nSo it was.\n\n<!-- later -->", &[(1, "Trade fell by half.", None)]);
        check("> One.\n\n> Two.\n<!-- a/p1/b -->\n", &[(1, "One.", None), (3, "Two.", Some("a/p1/b"))]);
    }

    #[test]
    fn words_in_quotation_marks() {
        check(
            "He calls it \"a lifeline of trade\" and, in\n“a long sentence”, more.",
            &[(1, "a lifeline of trade", None), (2, "a long sentence", None)],
        );
        check("Cut \"at the\nline end\" and a 5\" pipe of 6\" width.", &[(1, "at the\nline end", None)]);
        check(
            "She said “he spoke of ‘trust’ and “ties” twice” there.",
            &[(1, "he spoke of ‘trust’ and “ties” twice", None)],
        );
        check("- \"one item\n- two\" items", &[]);
        check(
            "`\"code\"` and <a title=\"x y z\">[\"linked words\"](http://x.org/\"y\")</a>",
            &[(1, "linked words", None)],
        );
        check("```\n\"no quote here\"\n```\n\"a quote here\"", &[(4, "a quote here", None)]);
    }

    #[test]
    fn marks_of_markdown_are_no_words() {
        check(
            "\"the *border* regime[^1] of [the state](http://x) and \\[the\\] [country]\"",
            &[(1, "the border regime of the state and [the] [country]", None)],
        );
    }

    proptest::proptest! {
        #[test]
        fn any_memo_is_read(memo in "(> |\"|“|”|\n|`|```|<!-- a -->|\\[|\\]\\(|\\)|a b|é|\\\\|\\*|&amp;){0,30}") {
            quotations(&memo);
        }

        #[test]
        fn what_is_written_is_read_back(text in "[a-z*_`#&;<>+é\\[\\]()^\\\\-][a-z *_`#&;<>+é\\[\\]()^\\\\-]{0,40}[a-z]") {
            let quote = escaped(&text);
            let found = quotations(&format!("> {quote}\n"));
            proptest::prop_assert_eq!(found.len(), 1);
            proptest::prop_assert_eq!(&found[0].text, text.trim());
        }
    }
}
