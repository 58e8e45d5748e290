//! The topics file: TOML, read with the place of every mistake.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::ops::Range;

use serde::Deserialize;
use toml::Spanned;

use super::name::Names;
use super::{Topic, Topics};
use crate::analysis::fold;
use crate::query::TopicsError;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    topics: BTreeMap<Spanned<String>, Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    label: Spanned<String>,
    #[serde(default)]
    aliases: Vec<Spanned<String>>,
    #[serde(default)]
    related: Vec<Spanned<String>>,
    #[serde(default)]
    not: Vec<Spanned<String>>,
}

impl Entry {
    /// Returns every name with its place.
    fn all(&self) -> impl Iterator<Item = &Spanned<String>> {
        self.names().chain(&self.related).chain(&self.not)
    }

    fn names(&self) -> impl Iterator<Item = &Spanned<String>> {
        std::iter::once(&self.label).chain(&self.aliases)
    }
}

impl Topics<'static> {
    /// Reads topics from TOML; `file` is only for messages.
    pub fn from_toml(file: &str, text: &str) -> Result<Topics<'static>, TopicsError> {
        let place = Place { file, text };
        let parsed: File = toml::from_str(text).map_err(|error| place.syntax(&error))?;
        let mut entries: Vec<(Spanned<String>, Entry)> = parsed.topics.into_iter().collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        place.check(&entries)?;
        let plain = |names: Vec<Spanned<String>>| names.into_iter().map(Spanned::into_inner).collect();
        let topics: Vec<Topic> = entries
            .into_iter()
            .map(|(key, entry)| Topic {
                key: key.into_inner(),
                label: entry.label.into_inner(),
                aliases: plain(entry.aliases),
                related: plain(entry.related),
                not: plain(entry.not),
            })
            .collect();
        Ok(Topics::new(&topics))
    }
}

impl Topics<'_> {
    /// Writes topics as TOML, in their order.
    pub fn to_toml(&self) -> String {
        let mut out = String::new();
        let quoted = |name: &str| toml::Value::from(name).to_string();
        for topic in self.iter() {
            let blank = if out.is_empty() { "" } else { "\n" };
            let key = if topic.key.is_ascii() { topic.key.clone() } else { quoted(&topic.key) };
            let _ = writeln!(out, "{blank}[topics.{key}]\nlabel   = {}", quoted(&topic.label));
            for (field, names) in [("aliases", &topic.aliases), ("related", &topic.related), ("not    ", &topic.not)] {
                if !names.is_empty() {
                    let names: Vec<String> = names.iter().map(|name| quoted(name)).collect();
                    let _ = writeln!(out, "{field} = [{}]", names.join(", "));
                }
            }
        }
        out
    }
}

/// Where mistakes are.
struct Place<'t> {
    file: &'t str,
    text: &'t str,
}

impl Place<'_> {
    fn line(&self, span: Range<usize>) -> usize {
        1 + self.text.as_bytes().iter().take(span.start).filter(|&&byte| byte == b'\n').count()
    }

    fn syntax(&self, error: &toml::de::Error) -> TopicsError {
        let span = error.span().unwrap_or_default();
        let before = self.text.get(..span.start).unwrap_or_default();
        let header = before.lines().rev().find_map(|line| line.trim().strip_prefix("[topics.")?.strip_suffix(']'));
        let message = error.message().lines().collect::<Vec<_>>().join(", ");
        TopicsError::Syntax {
            file: self.file.to_owned(),
            line: self.line(span),
            topic: header.map(str::to_owned),
            message,
        }
    }

    /// Checks what no type can: that keys can be typed, that names hold words and name one topic.
    fn check(&self, entries: &[(Spanned<String>, Entry)]) -> Result<(), TopicsError> {
        let names = Names::new();
        let mut owners: BTreeMap<String, &str> = BTreeMap::new();
        for (key, entry) in entries {
            let typed = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
            if key.as_ref().is_empty() || !key.as_ref().chars().all(typed) {
                let (file, line) = (self.file.to_owned(), self.line(key.span()));
                return Err(TopicsError::Key { file, line, key: key.as_ref().clone() });
            }
            if let Some(name) = entry.all().find(|name| names.of(name.as_ref()).is_empty()) {
                return Err(TopicsError::EmptyName {
                    file: self.file.to_owned(),
                    line: self.line(name.span()),
                    topic: key.as_ref().clone(),
                    name: name.as_ref().clone(),
                });
            }
            for name in entry.names() {
                let owner = owners.entry(fold(name.as_ref())).or_insert(key.as_ref());
                if *owner != key.as_ref() {
                    return Err(TopicsError::SharedName {
                        file: self.file.to_owned(),
                        line: self.line(name.span()),
                        topic: key.as_ref().clone(),
                        name: name.as_ref().clone(),
                        other: (*owner).to_owned(),
                    });
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error_of(text: &str) -> String {
        Topics::from_toml("my.toml", text).map_or_else(|error| error.to_string(), |_| "no error".to_owned())
    }

    #[test]
    fn mistakes_are_named_with_their_place() {
        for (text, expected) in [
            ("[topics.a]\nlabel = \"A\"\nalias = [\"B\"]", "my.toml:3: topic `a`: unknown field `alias`"),
            ("[topics.a]\nlabel = A", "my.toml:2: topic `a`: "),
            ("[topics.a]\naliases = [\"A\"]", "my.toml:1: "),
            ("[topics.a]\nlabel = 3", "my.toml:2: topic `a`: invalid type: integer `3`, expected a string"),
            ("[topics.\"a b\"]\nlabel = \"A\"", "my.toml:1: topic `a b`: a key has"),
            ("[topics.a]\nlabel = \"A\"\nnot = [\"B\",\n\"-\"]", "my.toml:4: topic `a`: name `-` holds no word"),
            (
                "[topics.a]\nlabel = \"One\"\n[topics.b]\nlabel = \"two\"\naliases = [\"one\"]",
                "my.toml:5: topic `b`: name `one` belongs to topic `a`",
            ),
        ] {
            let message = error_of(text);
            assert!(message.starts_with(expected), "{message}");
        }
    }

    #[test]
    fn what_is_written_can_be_read() {
        let text = "[topics.b]\nlabel   = 'Two \"twins\"'\naliases = [\"2\", \"Zwei\"]\n\n[topics.a]\nlabel   = \
                    \"One\"\nrelated = [\"Monad\"]\nnot     = [\"Once\"]\n";
        let topics = Topics::from_toml("my.toml", text).expect("the text is right");
        assert_eq!(topics.to_toml(), text);
        assert_eq!(topics.len(), 2);
    }
}
