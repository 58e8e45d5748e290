//! Programs that open a file at a page or line, and how each is told so.

use std::path::Path;

/// Where to open a file.
#[derive(Clone, Copy, Debug, Default)]
pub struct Place {
    /// Counted from 1.
    pub page: Option<u32>,
    pub line: Option<usize>,
}

/// What is known to open PDF at a page, in the order of asking.
const PDF: &[(&str, &[&str])] = &[
    ("evince", &["--page-index={page}", "{path}"]),
    ("okular", &["--page", "{page}", "{path}"]),
    ("zathura", &["--page={page}", "{path}"]),
    ("atril", &["--page-index={page}", "{path}"]),
    ("xreader", &["--page-index={page}", "{path}"]),
    ("qpdfview", &["{path}#{page}"]),
    ("sioyek", &["--page", "{page}", "{path}"]),
    ("mupdf", &["{path}", "{page}"]),
    ("xpdf", &["{path}", "{page}"]),
    ("SumatraPDF", &["-page", "{page}", "{path}"]),
    ("firefox", &["{url}#page={page}"]),
    ("chromium", &["{url}#page={page}"]),
    ("google-chrome", &["{url}#page={page}"]),
];

/// Editors, by how they are told a line.
const EDITORS: &[(&[&str], &[&str])] = &[
    (
        &[
            "vi",
            "vim",
            "nvim",
            "view",
            "gvim",
            "nano",
            "pico",
            "micro",
            "emacs",
            "emacsclient",
            "kak",
            "joe",
            "jed",
            "mg",
            "ne",
            "less",
            "gedit",
            "gnome-text-editor",
            "xed",
            "pluma",
        ],
        &["+{line}", "{path}"],
    ),
    (&["code", "code-insiders", "codium", "vscodium", "cursor", "windsurf"], &["-g", "{path}:{line}"]),
    (&["hx", "helix", "subl", "sublime_text", "zed", "zeditor"], &["{path}:{line}"]),
    (&["kate", "kwrite", "mousepad", "mate"], &["-l", "{line}", "{path}"]),
    (&["idea", "pycharm", "clion", "rustrover", "webstorm"], &["--line", "{line}", "{path}"]),
    (&["notepad++"], &["-n{line}", "{path}"]),
];

/// Returns the command that opens a file as a template says: `viewer -p {page} {path}`.
pub fn from_template(template: &str, file: &Path, place: Place) -> Vec<String> {
    let mut words = split(template);
    if !template.contains("{path}") && !template.contains("{url}") {
        words.push("{path}".to_owned());
    }
    words.iter().map(|word| filled(word, file, place)).collect()
}

/// Returns the command of the first program at hand that opens PDF at a page; `preferred` is asked first.
pub fn for_pdf(file: &Path, place: Place, preferred: &str, at_hand: impl Fn(&str) -> bool) -> Option<Vec<String>> {
    let preferred = preferred.to_lowercase();
    let is_preferred = |name: &str| !preferred.is_empty() && preferred.contains(&name.to_lowercase());
    let known = PDF.iter().filter(|(name, _)| is_preferred(name)).chain(PDF);
    let (name, args) = known.into_iter().find(|(name, _)| at_hand(name))?;
    Some(command(name, args, file, place))
}

/// Returns the command of an editor, as `$EDITOR` names it: a program, perhaps with options.
pub fn for_editor(editor: &str, file: &Path, place: Place) -> Vec<String> {
    let mut words = split(editor);
    let program = words.first().map(String::as_str).unwrap_or_default();
    let name = program.rsplit(['/', '\\']).next().unwrap_or(program).trim_end_matches(".exe");
    let known = EDITORS.iter().find(|(names, _)| names.contains(&name));
    let args: &[&str] = match known {
        Some((_, args)) if place.line.is_some() => args,
        _ => &["{path}"],
    };
    words.extend(args.iter().map(|arg| filled(arg, file, place)));
    words
}

fn command(name: &str, args: &[&str], file: &Path, place: Place) -> Vec<String> {
    std::iter::once(name.to_owned()).chain(args.iter().map(|arg| filled(arg, file, place))).collect()
}

fn filled(word: &str, file: &Path, place: Place) -> String {
    let path = file.to_string_lossy();
    // The path last: it may itself hold braces.
    word.replace("{page}", &place.page.unwrap_or(1).to_string())
        .replace("{line}", &place.line.unwrap_or(1).to_string())
        .replace("{url}", &url(&path))
        .replace("{path}", &path)
}

fn url(path: &str) -> String {
    let mut url = String::from("file://");
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'_' | b'.' | b'~' | b':') {
            url.push(char::from(byte));
        } else {
            url.push_str(&format!("%{byte:02X}"));
        }
    }
    url
}

/// Splits a command as a shell does, quotes and backslashes taken away.
fn split(command: &str) -> Vec<String> {
    let (mut words, mut word) = (Vec::new(), None::<String>);
    let mut quote = None;
    let mut chars = command.chars();
    while let Some(c) = chars.next() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (None, '"' | '\'') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, c) if c.is_whitespace() => words.extend(word.take()),
            // A backslash parts folders elsewhere.
            (None | Some('"'), '\\') if cfg!(unix) => word.get_or_insert_default().extend(chars.next()),
            (_, c) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

/// Writes a command so that a shell reads it back.
pub fn quoted(command: &[String]) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=+#@%,~".contains(c);
    let word = |word: &String| {
        if !word.is_empty() && word.chars().all(plain) {
            word.clone()
        } else {
            format!("'{}'", word.replace('\'', r"'\''"))
        }
    };
    command.iter().map(word).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: Place = Place { page: Some(12), line: Some(40) };

    #[test]
    fn editors_are_told_the_line_in_their_own_way() {
        let check = |editor: &str, expected: &str| {
            assert_eq!(quoted(&for_editor(editor, Path::new("/p/a b.txt"), AT)), expected);
        };
        check("vim", "vim +40 '/p/a b.txt'");
        check("/usr/bin/emacsclient -t", "/usr/bin/emacsclient -t +40 '/p/a b.txt'");
        check("code -w", "code -w -g '/p/a b.txt:40'");
        check("hx", "hx '/p/a b.txt:40'");
        check("my-editor", "my-editor '/p/a b.txt'");
    }

    #[test]
    fn viewers_are_told_the_page() {
        let check = |preferred: &str, installed: &[&str], expected: Option<&str>| {
            let found = for_pdf(Path::new("/p/a#1.pdf"), AT, preferred, |name| installed.contains(&name));
            assert_eq!(found.map(|command| quoted(&command)).as_deref(), expected);
        };
        check("", &["zathura", "mupdf"], Some("zathura --page=12 /p/a#1.pdf"));
        check("org.kde.okular.desktop", &["evince", "okular"], Some("okular --page 12 /p/a#1.pdf"));
        check("", &["firefox"], Some("firefox file:///p/a%231.pdf#page=12"));
        check("", &["less"], None);
    }

    #[test]
    fn a_template_is_a_command_of_its_own() {
        let check = |template: &str, expected: &str| {
            assert_eq!(quoted(&from_template(template, Path::new("/p/it's.pdf"), AT)), expected);
        };
        check("view 'at page' {page} {path}", r"view 'at page' 12 '/p/it'\''s.pdf'");
        check("view", r"view '/p/it'\''s.pdf'");
        check("edit {path}:{line}", r"edit '/p/it'\''s.pdf:40'");
    }
}
