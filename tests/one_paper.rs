//! One paper in every format: all of them give the same passages, in the same sections.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};
use std::ops::ControlFlow;
use std::path::Path;

use polisearch::corpus::library::Library;
use polisearch::corpus::{Item, Options, find, read};
use polisearch::paper::{Kind, StoredPaper, StoredPassage};

/// Title, then sections of paragraphs; `{n}` stands where the text points to a note.
const PAPER: &str = include_str!("data/paper.txt");

struct Source {
    title: String,
    /// Headings with their paragraphs.
    sections: Vec<(String, Vec<String>)>,
    note: String,
}

fn source() -> Source {
    let mut blocks = PAPER.trim().split("\n\n").map(|block| block.replace('\n', " "));
    let title = blocks.next().expect("a title").trim_start_matches("# ").to_owned();
    let (mut sections, mut note) = (Vec::<(String, Vec<String>)>::new(), String::new());
    for block in blocks {
        if let Some(heading) = block.strip_prefix("## ") {
            sections.push((heading.to_owned(), Vec::new()));
        } else if let Some(text) = block.strip_prefix("{1} ") {
            note = text.to_owned();
        } else {
            sections.last_mut().expect("a heading comes first").1.push(block);
        }
    }
    Source { title, sections, note }
}

/// Writes the paper with a format's ways to set a heading of a level, a paragraph and a mark of a note.
fn written(heading: &dyn Fn(u8, &str) -> String, paragraph: &dyn Fn(&str) -> String, mark: &str) -> String {
    let source = source();
    let mut out = heading(1, &source.title);
    for (title, paragraphs) in &source.sections {
        out += &heading(2, title);
        for text in paragraphs {
            out += &paragraph(&text.replace('&', "&amp;")).replace("{1}", mark);
        }
    }
    out
}

fn zip(entries: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in entries {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).expect("a name is free");
        writer.write_all(text.as_bytes()).expect("memory takes all");
    }
    writer.finish().expect("memory takes all").into_inner()
}

fn markdown() -> Vec<u8> {
    let text = written(
        &|level, text| format!("{} {text}\n\n", "#".repeat(level.into())),
        &|text| format!("{text}\n\n"),
        "[^1]",
    );
    format!("{text}[^1]: {}\n", source().note).into_bytes()
}

fn html_body(mark: &str, note: &str) -> String {
    written(&|level, text| format!("<h{level}>{text}</h{level}>\n"), &|text| format!("<p>{text}</p>\n"), mark) + note
}

fn html() -> Vec<u8> {
    let note = format!("<ol class=\"footnotes\"><li id=\"n1\">{}</li></ol>", source().note);
    let body = html_body("<sup><a href=\"#n1\">1</a></sup>", &note);
    let menu = "<nav><a href=\"/\">Home</a> <a href=\"/a\">About us</a></nav>";
    let foot = "<footer>All rights reserved by the site, which sells cookies.</footer>";
    format!("<!DOCTYPE html><html lang=\"en\"><title>{} | The Site</title><body>{menu}<main>{body}</main>{foot}</body></html>", source().title)
        .into_bytes()
}

fn docx() -> Vec<u8> {
    let run = |text: &str| format!("<w:r><w:t xml:space=\"preserve\">{text}</w:t></w:r>");
    let body = written(
        &|level, text| format!("<w:p><w:pPr><w:pStyle w:val=\"H{level}\"/></w:pPr>{}</w:p>", run(text)),
        &|text| format!("<w:p>{}</w:p>", run(text)),
        "</w:t></w:r><w:r><w:footnoteReference w:id=\"2\"/></w:r><w:r><w:t xml:space=\"preserve\">",
    );
    let styles: String = (1..=2)
        .map(|level| format!("<w:style w:styleId=\"H{level}\"><w:name w:val=\"heading {level}\"/></w:style>"))
        .collect();
    zip(&[
        ("word/document.xml", &format!("<w:document><w:body>{body}</w:body></w:document>")),
        ("word/styles.xml", &format!("<w:styles>{styles}</w:styles>")),
        (
            "word/footnotes.xml",
            &format!(
                "<w:footnotes><w:footnote w:id=\"2\"><w:p>{}</w:p></w:footnote></w:footnotes>",
                run(&source().note)
            ),
        ),
    ])
}

fn odt() -> Vec<u8> {
    let note = format!(
        "<text:note text:note-class=\"footnote\"><text:note-citation>1</text:note-citation><text:note-body><text:p>{}</text:p></text:note-body></text:note>",
        source().note
    );
    let body = written(
        &|level, text| format!("<text:h text:outline-level=\"{level}\">{text}</text:h>"),
        &|text| format!("<text:p>{text}</text:p>"),
        &note,
    );
    let content = format!(
        "<office:document-content><office:body><office:text>{body}</office:text></office:body></office:document-content>"
    );
    zip(&[("mimetype", "application/vnd.oasis.opendocument.text"), ("content.xml", &content)])
}

fn epub() -> Vec<u8> {
    let note = format!("<aside epub:type=\"footnote\" id=\"n1\"><p>{}</p></aside>", source().note);
    let chapter =
        format!("<html><body>{}</body></html>", html_body("<a epub:type=\"noteref\" href=\"#n1\">1</a>", &note));
    zip(&[
        ("mimetype", "application/epub+zip"),
        ("META-INF/container.xml", "<container><rootfiles><rootfile full-path=\"book.opf\"/></rootfiles></container>"),
        (
            "book.opf",
            "<package><manifest><item id=\"a\" href=\"a.xhtml\"/></manifest><spine><itemref idref=\"a\"/></spine></package>",
        ),
        ("a.xhtml", &chapter),
    ])
}

fn rtf() -> Vec<u8> {
    let escape = |text: &str| {
        let mut out = String::new();
        for c in text.replace("&amp;", "&").chars() {
            match c {
                c if c.is_ascii() => out.push(c),
                c => _ = write!(out, "\\u{}?", c as u32),
            }
        }
        out
    };
    let note = format!("{{\\super 1}}{{\\footnote {{\\super 1}} {}}}", escape(&source().note));
    // The mark is put in behind the escaping of the text around it.
    let source = source();
    let mut body = format!("\\pard\\s1 {}\\par\n", escape(&source.title));
    for (title, paragraphs) in &source.sections {
        _ = writeln!(body, "\\pard\\s2 {}\\par", escape(title));
        for text in paragraphs {
            let parts: Vec<String> = text.split("{1}").map(&escape).collect();
            _ = writeln!(body, "\\pard\\plain {}\\par", parts.join(&note));
        }
    }
    format!("{{\\rtf1\\ansi{{\\stylesheet{{\\s1 heading 1;}}{{\\s2 heading 2;}}}}\n{body}}}").into_bytes()
}

fn jats() -> Vec<u8> {
    let source = source();
    let mut body = String::new();
    for (title, paragraphs) in &source.sections {
        _ = write!(body, "<sec><title>{title}</title>");
        for text in paragraphs {
            let text =
                text.replace('&', "&amp;").replace("{1}", "<xref ref-type=\"fn\" rid=\"n1\"><sup>1</sup></xref>");
            _ = write!(body, "<p>{text}</p>");
        }
        body += "</sec>";
    }
    format!(
        "<?xml version=\"1.0\"?><article><front><article-meta><title-group><article-title>{}</article-title></title-group></article-meta></front>\
         <body>{body}</body><back><fn-group><fn id=\"n1\"><label>1</label><p>{}</p></fn></fn-group></back></article>",
        source.title, source.note
    )
    .into_bytes()
}

/// Lines of some 60 letters, words broken where they end.
fn text() -> Vec<u8> {
    let source = source();
    let mut out = format!("{}\n\n", source.title);
    for (title, paragraphs) in &source.sections {
        _ = write!(out, "{title}\n\n");
        for text in paragraphs {
            out += &set(&text.replace("{1}", "1"));
            out.push('\n');
        }
    }
    out.into_bytes()
}

/// Sets a paragraph in lines; a long word that does not fit is broken before its last four letters.
fn set(text: &str) -> String {
    let (mut out, mut line) = (String::new(), String::new());
    for word in text.split(' ') {
        if line.len() + word.len() > 64 {
            let letters: Vec<char> = word.chars().collect();
            if letters.len() >= 10 && letters.iter().all(|c| c.is_alphabetic()) {
                let (head, tail) = letters.split_at(letters.len() - 4);
                _ = writeln!(out, "{line}{}-", head.iter().collect::<String>());
                line = tail.iter().collect::<String>() + " ";
                continue;
            }
            _ = writeln!(out, "{}", line.trim_end());
            line.clear();
        }
        line += word;
        line.push(' ');
    }
    out + line.trim_end() + "\n"
}

/// Reads a file's paper and its passages of running text.
fn passages(folder: &Path, name: &str, bytes: &[u8]) -> (StoredPaper, Vec<StoredPassage>) {
    let path = folder.join(name);
    std::fs::write(&path, bytes).expect("writable");
    let sources = find(&[path]).expect("it is there");
    let mut found = None;
    read(&sources, &Library::default(), &Options::default(), &(), &mut |item| {
        match item {
            Item::Paper(paper, passages) => found = Some((*paper, passages)),
            Item::Failed { message, .. } => panic!("{name}: {message}"),
            Item::Done { .. } => {}
        }
        ControlFlow::Continue(())
    });
    let (paper, mut passages) = found.expect("it is a paper");
    passages.retain(|passage| passage.kind == Kind::Body);
    (paper, passages)
}

#[test]
fn every_format_gives_the_same_passages() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let told = |passages: &[StoredPassage]| -> Vec<String> {
        // Where a format sets the title as a heading above all others is its own affair.
        let section = |passage: &StoredPassage| passage.section.last().cloned().unwrap_or_default();
        passages.iter().map(|passage| format!("[{}] {}", section(passage), passage.text)).collect()
    };
    let expected: Vec<String> = {
        let source = source();
        let texts =
            source.sections.iter().flat_map(|(title, texts)| texts.iter().map(move |text| format!("[{title}] {text}")));
        texts.map(|text| text.replace("{1}", "")).collect()
    };
    let formats: [(&str, Vec<u8>); 10] = [
        ("paper.md", markdown()),
        ("paper.html", html()),
        ("paper.docx", docx()),
        ("paper.odt", odt()),
        ("paper.epub", epub()),
        ("paper.rtf", rtf()),
        ("paper.xml", jats()),
        ("paper.txt", text()),
        ("paper.pdf", include_bytes!("data/paper.pdf").to_vec()),
        ("columns.pdf", include_bytes!("data/columns.pdf").to_vec()),
    ];
    for (name, bytes) in formats {
        let (paper, passages) = passages(folder.path(), name, &bytes);
        assert_eq!(told(&passages), expected, "{name}");
        assert!(paper.warnings.is_empty(), "{name}: {:?}", paper.warnings);
    }
}
