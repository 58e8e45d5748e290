//! Words without a command, and words to exclude, before the arguments are read.

use std::cell::LazyCell;
use std::ffi::{OsStr, OsString};

use clap::{Args as _, Subcommand as _};

use super::{Command, Search};

/// Puts `search` before words that begin with no command, and words to exclude (`-word`) where they
/// are not taken for options.
pub fn with_command(args: impl Iterator<Item = OsString>) -> Vec<OsString> {
    let mut args: Vec<OsString> = args.collect();
    let mut at = 1;
    while let Some(word) = args.get(at).and_then(|arg| arg.to_str()) {
        match word {
            "--index" | "-i" | "--color" => at += 2,
            "--no-config" => at += 1,
            "-h" | "--help" | "-V" | "--version" => return args,
            _ if word.starts_with("--index=") || word.starts_with("--color=") => at += 1,
            _ if Command::has_subcommand(word) => break,
            _ => {
                args.insert(at, "search".into());
                break;
            }
        }
    }
    if args.get(at).is_some_and(|arg| arg == "search" || arg == "why-not") && !args.iter().any(|arg| arg == "--") {
        let search = LazyCell::new(|| Search::augment_args(clap::Command::new("search")));
        let options = args.split_off(at + 1);
        let is_short = |first| search.get_arguments().any(|option| option.get_short() == Some(first));
        let (excluded, rest): (Vec<_>, Vec<_>) = options.into_iter().partition(|arg| excludes(arg, is_short));
        args.extend(rest);
        if !excluded.is_empty() {
            args.push("--".into());
            args.extend(excluded);
        }
    }
    args
}

/// Tells whether an argument is a word to exclude and no option: `-smuggling`, `-"drug trade"`. `is_short` tells
/// whether a letter is an option of a search.
fn excludes(arg: &OsStr, is_short: impl Fn(char) -> bool) -> bool {
    let Some(word) = arg.to_str().and_then(|arg| arg.strip_prefix('-')) else { return false };
    let Some(first) = word.chars().next().filter(|&first| first != '-' && !first.is_ascii_digit()) else {
        return false;
    };
    let value = &word[first.len_utf8()..];
    let known = "hiV".contains(first) || is_short(first);
    // "-n5" is an option with its value, "-north" is a word.
    !(known && (value.is_empty() || value.bytes().all(|byte| byte.is_ascii_digit() || byte == b'=')))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::super::Args;
    use super::*;

    fn check(line: &str, expected: &str) {
        let args = line.split(' ').map(OsString::from);
        let found: Vec<String> = with_command(args).into_iter().map(|arg| arg.to_string_lossy().into()).collect();
        assert_eq!(found.join(" "), expected);
    }

    #[test]
    fn words_are_a_search() {
        check("p Durand Line", "p search Durand Line");
        check("p --index x APTTA", "p --index x search APTTA");
        check("p --json APTTA", "p search --json APTTA");
        check("p --color=never papers", "p --color=never papers");
        check("p --no-config papers", "p --no-config papers");
        check("p papers", "p papers");
        check("p --help", "p --help");
        check("p border -smuggling -n5 --json", "p search border -n5 --json -- -smuggling");
        check("p why-not a/p1/b border -trade", "p why-not a/p1/b border -- -trade");
    }

    #[test]
    fn the_definition_is_sound() {
        Args::command().debug_assert();
    }
}
