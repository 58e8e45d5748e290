//! The configuration: settings for what the command line leaves open.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use serde::Deserialize;

use super::args::{Args, Asking, Command, Common, Format, Ranking};
use super::failure::Failure;

/// What a configuration may hold; `docs/configuration.md` tells it to users.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
struct Config {
    index: Option<PathBuf>,
    topics: Option<PathBuf>,
    format: Option<String>,
    limit: Option<usize>,
    per_paper: Option<usize>,
    ranking: Weights,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
struct Weights {
    k1: Option<f32>,
    b: Option<f32>,
    title_weight: Option<f32>,
    section_weight: Option<f32>,
    proximity: Option<f32>,
    as_typed: Option<f32>,
    feedback: Option<f32>,
    near: Option<f32>,
    parts: Option<f32>,
    synonyms: Option<f32>,
    numbers: Option<f32>,
}

/// Fills what the command line leaves open from the configuration, if there is one.
pub fn filled(mut args: Args) -> Result<Args, Failure> {
    let Some((path, demanded)) = place(&args.common, |name| std::env::var_os(name)) else { return Ok(args) };
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && !demanded => return Ok(args),
        Err(error) => {
            return Err(Failure::usage(format!("{}: {error}", path.display())).hint("--no-config goes without"));
        }
    };
    let config = parsed(&path, &text)?;
    config.fill(&mut args, &path)?;
    args.common.config = Some(path);
    Ok(args)
}

/// Returns where the configuration lies, and whether somebody named it.
fn place(common: &Common, variable: impl Fn(&str) -> Option<OsString>) -> Option<(PathBuf, bool)> {
    if common.no_config {
        return None;
    }
    let set = |name: &str| variable(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    if let Some(path) = set("POLISEARCH_CONFIG") {
        return Some((path, true));
    }
    let folder = set("XDG_CONFIG_HOME").or_else(|| Some(set("HOME")?.join(".config")))?;
    Some((folder.join("polisearch").join("config.toml"), false))
}

fn parsed(path: &Path, text: &str) -> Result<Config, Failure> {
    toml::from_str(text).map_err(|error| {
        let start = error.span().map_or(0, |span| span.start);
        let line = 1 + text.as_bytes().iter().take(start).filter(|&&byte| byte == b'\n').count();
        let message = error.message().lines().collect::<Vec<_>>().join(", ");
        Failure::usage(format!("{}:{line}: {message}", path.display())).hint("--no-config goes without")
    })
}

impl Config {
    fn fill(&self, args: &mut Args, path: &Path) -> Result<(), Failure> {
        // Paths are as seen from the configuration.
        let beside = |file: &PathBuf| path.parent().map_or_else(|| file.clone(), |folder| folder.join(file));
        args.common.configured_index = self.index.as_ref().map(beside);
        let format = match &self.format {
            Some(name) => Some(Format::from_str(name, false).map_err(|_| {
                Failure::usage(format!("{}: no format `{name}`", path.display())).hint("search --help lists them")
            })?),
            None => None,
        };
        let asking = match &mut args.command {
            Command::Search(search) => {
                if !search.form.json && !search.explain {
                    search.form.format = search.form.format.or(format);
                }
                &mut search.asking
            }
            Command::Batch(batch) => &mut batch.asking,
            Command::Eval(eval) => &mut eval.asking,
            Command::WhyNot(asked) => &mut asked.asking,
            Command::Topics(asked) => {
                asked.topics = asked.topics.take().or_else(|| self.topics.as_ref().map(beside));
                return Ok(());
            }
            _ => return Ok(()),
        };
        self.fill_asking(asking, beside);
        Ok(())
    }

    fn fill_asking(&self, asking: &mut Asking, beside: impl Fn(&PathBuf) -> PathBuf) {
        asking.limit = asking.limit.or(self.limit);
        asking.per_paper = asking.per_paper.or(self.per_paper);
        asking.topics = asking.topics.take().or_else(|| self.topics.as_ref().map(beside));
        let (asked, set) = (&mut asking.ranking, &self.ranking);
        *asked = Ranking {
            k1: asked.k1.or(set.k1),
            b: asked.b.or(set.b),
            title_weight: asked.title_weight.or(set.title_weight),
            section_weight: asked.section_weight.or(set.section_weight),
            proximity: asked.proximity.or(set.proximity),
            as_typed: asked.as_typed.or(set.as_typed),
            feedback: asked.feedback.or(set.feedback),
            near: asked.near.or(set.near),
            parts: asked.parts.or(set.parts),
            synonyms: asked.synonyms.or(set.synonyms),
            numbers: asked.numbers.or(set.numbers),
        };
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    fn common(line: &str) -> Common {
        Args::parse_from(line.split(' ')).common
    }

    #[test]
    fn the_nearest_name_wins() {
        let place = |line: &str, variables: &[(&str, &str)]| {
            let variable = |name: &str| variables.iter().find(|(key, _)| *key == name).map(|(_, value)| value.into());
            place(&common(line), variable).map(|(path, demanded)| (path.display().to_string(), demanded))
        };
        let all = [("POLISEARCH_CONFIG", "/my.toml"), ("XDG_CONFIG_HOME", "/x"), ("HOME", "/h")];
        assert_eq!(place("p papers", &all), Some(("/my.toml".into(), true)));
        assert_eq!(place("p papers", &all[1..]), Some(("/x/polisearch/config.toml".into(), false)));
        assert_eq!(place("p papers", &all[2..]), Some(("/h/.config/polisearch/config.toml".into(), false)));
        assert_eq!(place("p --no-config papers", &all), None);
        assert_eq!(place("p papers", &[]), None);
    }

    #[test]
    fn mistakes_are_named_with_their_place() {
        for (text, expected) in [
            ("limit = 5\nlimits = 3", "c.toml:2: unknown field `limits`"),
            ("[ranking]\nk = 1.0", "c.toml:2: unknown field `k`"),
            ("limit = \"ten\"", "c.toml:1: invalid type"),
            ("limit = ", "c.toml:1: "),
        ] {
            let error = parsed(Path::new("c.toml"), text).expect_err("the text is wrong");
            let Failure::Usage { message, .. } = error else { panic!("another failure") };
            assert!(message.starts_with(expected), "{message}");
        }
    }

    #[test]
    fn the_page_shows_all_there_is_and_the_defaults() {
        let page = include_str!("../../docs/configuration.md");
        let example = page.split("```").nth(1).and_then(|code| code.strip_prefix("toml")).unwrap();
        let config = parsed(Path::new("docs/configuration.md"), example).unwrap();
        let told = format!("{config:?}");
        assert!(!told.contains("None"), "{told}");
        let mut args = Args::parse_from(["p", "search", "words"]);
        config.fill(&mut args, Path::new("c.toml")).unwrap();
        let Command::Search(search) = args.command else { panic!("another command") };
        assert_eq!(search.asking.options().ranking, polisearch::search::Ranking::default());
    }

    #[test]
    fn the_command_line_wins() {
        let config =
            parsed(Path::new("c.toml"), "limit = 5\nper-paper = 2\nformat = \"json\"\n[ranking]\nk1 = 0.9").unwrap();
        let mut args = Args::parse_from(["p", "search", "-n", "7", "words"]);
        config.fill(&mut args, Path::new("c.toml")).unwrap();
        let Command::Search(search) = args.command else { panic!("another command") };
        assert_eq!((search.asking.limit, search.asking.per_paper), (Some(7), Some(2)));
        assert_eq!((search.asking.ranking.k1, search.form.format), (Some(0.9), Some(Format::Json)));
    }
}
