//! Citations ready to paste: through the CSL for people, as records for programs.

use std::fmt::Write;
use std::sync::LazyLock;

use hayagriva::archive::{ArchivedStyle, locales};
use hayagriva::citationberg::json::Item;
use hayagriva::citationberg::taxonomy::Locator;
use hayagriva::citationberg::{FontStyle, IndependentStyle, Locale, Style as CslStyle};
use hayagriva::{
    BibliographyDriver, BibliographyRequest, CitationItem, CitationRequest, ElemChild, ElemChildren, LocatorPayload,
    SpecificLocator, standalone_citation,
};
use serde_json::{Value, json};

use crate::paper::{Biblio, Person};

/// How a citation is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// A full note of the Chicago Manual of Style.
    Chicago,
    /// The reference of the APA, and behind it, when a page is cited, the citation in the text.
    Apa,
    BibTex,
    CslJson,
    /// A full note with the titles set off.
    Markdown,
    Ris,
}

/// Cites a paper, or the page of it that `locator` names.
///
/// What is not known is left out, or said in the style's way ("n.d."); nothing is made up. `is_common`
/// tells which words stand in small letters in the paper, for [`sentence_case`].
pub fn cite(biblio: &Biblio, locator: Option<&str>, style: Style, is_common: &dyn Fn(&str) -> bool) -> String {
    match style {
        Style::Chicago => note(biblio, locator, plain),
        Style::Markdown => note(biblio, locator, markdown),
        Style::Apa => apa(biblio, locator, is_common),
        Style::BibTex => bibtex(biblio, locator),
        Style::CslJson => {
            let mut item = csl_json(biblio);
            if let Some(locator) = locator {
                item["locator"] = json!(locator);
                item["label"] = json!("page");
            }
            serde_json::to_string_pretty(&item).expect("a value of strings and numbers is JSON")
        }
        Style::Ris => ris(biblio, locator),
    }
}

/// A paper as an item of CSL-JSON.
pub fn csl_json(biblio: &Biblio) -> Value {
    let mut item = json!({ "id": key(biblio), "type": biblio.kind.as_deref().unwrap_or("document") });
    let mut set = |name: &str, value: &Option<String>| {
        if let Some(value) = value {
            item[name] = json!(value);
        }
    };
    set("title", &biblio.title);
    set("publisher", &biblio.publisher);
    set("container-title", &biblio.container);
    set("collection-title", &biblio.collection);
    set("number", &biblio.number);
    set("volume", &biblio.volume);
    set("issue", &biblio.issue);
    set("page", &biblio.pages);
    set("DOI", &biblio.doi);
    set("ISBN", &biblio.isbn);
    set("URL", &biblio.url);
    set("language", &biblio.language);
    if !biblio.authors.is_empty() {
        item["author"] = biblio.authors.iter().map(csl_name).collect();
    }
    if let Some(year) = biblio.year {
        let parts = [Some(year), biblio.month.map(i32::from), biblio.day.map(i32::from)];
        let parts: Vec<i32> = parts.into_iter().map_while(|part| part).collect();
        item["issued"] = json!({ "date-parts": [parts] });
    }
    item
}

fn csl_name(person: &Person) -> Value {
    if person.given.is_empty() {
        json!({ "literal": person.family })
    } else {
        json!({ "family": person.family, "given": person.given })
    }
}

static LOCALES: LazyLock<Vec<Locale>> = LazyLock::new(locales);
static CHICAGO: LazyLock<IndependentStyle> = LazyLock::new(|| independent(ArchivedStyle::ChicagoNotes));
static APA: LazyLock<IndependentStyle> = LazyLock::new(|| independent(ArchivedStyle::AmericanPsychologicalAssociation));

fn independent(style: ArchivedStyle) -> IndependentStyle {
    match style.get() {
        CslStyle::Independent(style) => style,
        CslStyle::Dependent(_) => unreachable!("the styles named here stand on their own"),
    }
}

fn item(value: Value) -> Item {
    serde_json::from_value(value).expect("what csl_json writes is an item of CSL-JSON")
}

fn remove(item: &mut Value, field: &str) {
    if let Some(fields) = item.as_object_mut() {
        fields.remove(field);
    }
}

/// Tells an article of which it is not known where it appeared.
fn is_stray_article(biblio: &Biblio) -> bool {
    biblio.container.is_none() && biblio.kind.as_deref().is_some_and(|kind| kind.starts_with("article-"))
}

fn specific(locator: &str) -> SpecificLocator<'_> {
    SpecificLocator(Locator::Page, LocatorPayload::Str(locator))
}

/// Writes the note that cites a paper for the first time.
fn note(biblio: &Biblio, locator: Option<&str>, write: fn(&ElemChildren) -> String) -> String {
    let mut value = csl_json(biblio);
    if let (Some(_), Some(number)) = (&biblio.collection, &biblio.number) {
        // The number of a report in a series is the series' number: "Peaceworks 175".
        value["collection-number"] = json!(number);
        remove(&mut value, "number");
    }
    if is_stray_article(biblio) {
        // The style would take it for a book, and set its title in italics.
        value["type"] = json!("document");
    }
    let item = item(value);
    let cited = CitationItem::with_locator(&item, locator.map(specific));
    let mut driver = BibliographyDriver::new();
    driver.citation(CitationRequest::new(vec![cited], &CHICAGO, None, &LOCALES, Some(1)));
    let rendered = driver.finish(BibliographyRequest::new(&CHICAGO, None, &LOCALES));
    rendered.citations.first().map_or(String::new(), |citation| tidy(&write(&citation.citation)))
}

/// Writes the entry of a list of references, and the citation in the text when a page is cited.
fn apa(biblio: &Biblio, locator: Option<&str>, is_common: &dyn Fn(&str) -> bool) -> String {
    let mut value = csl_json(biblio);
    if let (Some("report"), Some(series)) = (biblio.kind.as_deref(), &biblio.collection) {
        // "(Peaceworks No. 175)": what numbers a report says what kind of report it is.
        value["genre"] = json!(series);
        remove(&mut value, "collection-title");
    }
    let mut listed = value.clone();
    // The text keeps the capitals of a title, the list does not.
    if let Some(title) = &biblio.title {
        listed["title"] = json!(sentence_case(title, is_common));
    }
    let listed = item(listed);
    let mut driver = BibliographyDriver::new();
    driver.citation(CitationRequest::from_items(vec![CitationItem::with_entry(&listed)], &APA, &LOCALES));
    let rendered = driver.finish(BibliographyRequest::new(&APA, None, &LOCALES));
    let reference = rendered.bibliography.and_then(|list| list.items.first().map(|item| tidy(&plain(&item.content))));
    let reference = reference.unwrap_or_default();
    let Some(locator) = locator else { return reference };
    if is_stray_article(biblio) {
        // The text puts the title of an article in quotation marks, wherever it appeared.
        value["container-title"] = json!("unknown");
    }
    let cited = item(value);
    let cited = CitationItem::with_locator(&cited, Some(specific(locator)));
    let citation = standalone_citation(CitationRequest::from_items(vec![cited], &APA, &LOCALES));
    format!("{reference}\n{}", tidy(&plain(&citation)))
}

/// Returns a title as APA lists it: capitals only where its words have them in running text.
///
/// `is_common` tells whether a word, in small letters, stands in the paper itself. A title that is not
/// in title case stays as it is.
///
/// ```
/// use polisearch::output::cite::sentence_case;
/// let common = |word: &str| ["ties", "and", "future", "trust", "post"].contains(&word);
/// assert_eq!(sentence_case("Post-Taliban Ties: Future Trust in Kabul", &common), "Post-Taliban ties: Future trust in Kabul");
/// ```
pub fn sentence_case(title: &str, is_common: &dyn Fn(&str) -> bool) -> String {
    let letters = |word: &str| word.chars().filter(|c| c.is_alphabetic()).count();
    let long: Vec<&str> = title.split_whitespace().filter(|word| letters(word) > 3).collect();
    let n_capital = long.iter().filter(|word| word.starts_with(char::is_uppercase)).count();
    if n_capital * 10 < long.len() * 6 {
        return title.to_owned();
    }
    let (mut out, mut begins, mut word) = (String::with_capacity(title.len()), true, String::new());
    for c in title.chars().chain([' ']) {
        if c.is_alphanumeric() || matches!(c, '’' | '\'') {
            word.push(c);
            continue;
        }
        if !word.is_empty() {
            let small = word.to_lowercase();
            // All in capitals, or with some inside: a name or an acronym.
            let is_plain = word.chars().skip(1).all(|c| !c.is_uppercase()) && letters(&word) > 1 || small == "a";
            out.push_str(if !begins && is_plain && is_common(&small) { &small } else { &word });
            begins = false;
            word.clear();
        }
        begins |= matches!(c, ':' | '?' | '!' | '—');
        out.push(c);
    }
    out.pop();
    out
}

fn tidy(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn plain(children: &ElemChildren) -> String {
    write_children(children, "")
}

fn markdown(children: &ElemChildren) -> String {
    // Two stretches that touch are one.
    write_children(children, "*").replace("**", "")
}

/// Writes what a style made, with `emphasis` around what it sets in italics.
fn write_children(children: &ElemChildren, emphasis: &str) -> String {
    let mut out = String::new();
    for child in &children.0 {
        match child {
            ElemChild::Text(text) | ElemChild::Link { text, .. } => {
                let set_off = text.formatting.font_style == FontStyle::Italic && !text.text.trim().is_empty();
                let mark = if set_off { emphasis } else { "" };
                _ = write!(out, "{mark}{}{mark}", text.text);
            }
            ElemChild::Elem(elem) => out.push_str(&write_children(&elem.children, emphasis)),
            ElemChild::Markup(text) => out.push_str(text),
            ElemChild::Transparent { .. } => {}
        }
    }
    out
}

/// Returns the key of a record: the library's own, else author, year and first word of the title.
fn key(biblio: &Biblio) -> String {
    let letters = |text: &str| text.chars().filter(|c| c.is_ascii_alphanumeric()).collect::<String>().to_lowercase();
    biblio.id.clone().unwrap_or_else(|| {
        let author = biblio.authors.first().map_or(String::new(), |author| letters(&author.family));
        let year = biblio.year.map_or("nd".to_owned(), |year| year.to_string());
        let word =
            biblio.title.iter().flat_map(|title| title.split_whitespace()).map(letters).find(|word| word.len() > 3);
        format!("{author}{year}{}", word.unwrap_or_default())
    })
}

/// `12` is a page, `12-14` and `12, 15` are pages.
fn label(locator: &str) -> &'static str {
    if locator.contains(['-', '–', ',']) { "pages" } else { "page" }
}

fn page_words(locator: &str) -> String {
    format!("{} {locator}", if label(locator) == "pages" { "pp." } else { "p." })
}

fn bibtex(biblio: &Biblio, locator: Option<&str>) -> String {
    let kind = match biblio.kind.as_deref() {
        // BibTeX knows no article without its journal.
        _ if is_stray_article(biblio) => "misc",
        Some("article-journal" | "article-magazine" | "article-newspaper" | "article") => "article",
        Some("report") => "techreport",
        Some("book") => "book",
        Some("chapter") => "incollection",
        Some("paper-conference") => "inproceedings",
        Some("thesis") => "phdthesis",
        _ => "misc",
    };
    let mut out = format!("@{kind}{{{},\n", key(biblio));
    let mut set = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            _ = writeln!(out, "  {name} = {{{value}}},");
        }
    };
    let names = biblio.authors.iter().map(|author| {
        // A body's name in braces is no given and family name.
        if author.given.is_empty() {
            format!("{{{}}}", escape(&author.family))
        } else {
            escape(&format!("{}, {}", author.family, author.given))
        }
    });
    set("author", Some(names.collect::<Vec<_>>().join(" and ")).filter(|names| !names.is_empty()));
    // Braces keep the capitals that styles would take away.
    set("title", biblio.title.as_deref().map(|title| format!("{{{}}}", escape(title))));
    set("year", biblio.year.map(|year| year.to_string()));
    let text = |field: &Option<String>| field.as_deref().map(escape);
    set(
        if kind == "incollection" || kind == "inproceedings" { "booktitle" } else { "journal" },
        text(&biblio.container),
    );
    set(if kind == "techreport" { "institution" } else { "publisher" }, text(&biblio.publisher));
    set(if kind == "techreport" { "type" } else { "series" }, text(&biblio.collection));
    set("number", text(&biblio.issue).or(text(&biblio.number)));
    set("volume", text(&biblio.volume));
    set("pages", biblio.pages.as_deref().map(|pages| escape(pages).replace(['–', '-'], "--")));
    set("doi", biblio.doi.clone());
    set("isbn", biblio.isbn.clone());
    set("url", biblio.url.clone());
    set("note", locator.map(|locator| escape(&page_words(locator))));
    if let Some(month) = biblio.month.and_then(|month| MONTHS.get(usize::from(month).checked_sub(1)?)) {
        // The names are macros, that styles write out in their language.
        _ = writeln!(out, "  month = {month},");
    }
    out.push('}');
    out
}

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// Writes text so that TeX prints it: `R&D` ⇒ `R\&D`.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' | '%' | '$' | '#' | '_' | '{' | '}' => {
                out.push('\\');
                out.push(c);
            }
            '\\' => out.push_str(r"\textbackslash{}"),
            '~' => out.push_str(r"\textasciitilde{}"),
            '^' => out.push_str(r"\textasciicircum{}"),
            c => out.push(c),
        }
    }
    out
}

fn ris(biblio: &Biblio, locator: Option<&str>) -> String {
    let kind = match biblio.kind.as_deref() {
        Some("article-journal" | "article") => "JOUR",
        Some("article-magazine") => "MGZN",
        Some("article-newspaper") => "NEWS",
        Some("report") => "RPRT",
        Some("book") => "BOOK",
        Some("chapter") => "CHAP",
        Some("paper-conference") => "CPAPER",
        Some("thesis") => "THES",
        Some("webpage" | "post-weblog") => "ELEC",
        _ => "GEN",
    };
    let mut out = String::new();
    let mut set = |tag: &str, value: Option<&str>| {
        if let Some(value) = value {
            _ = writeln!(out, "{tag}  - {value}");
        }
    };
    set("TY", Some(kind));
    set("ID", biblio.id.as_deref());
    for author in &biblio.authors {
        let name = if author.given.is_empty() {
            author.family.clone()
        } else {
            format!("{}, {}", author.family, author.given)
        };
        set("AU", Some(&name));
    }
    set("TI", biblio.title.as_deref());
    set("PY", biblio.year.map(|year| year.to_string()).as_deref());
    let date = biblio.year.zip(biblio.month);
    let day = biblio.day.map_or(String::new(), |day| format!("{day:02}"));
    // The slashes are required, what stands between them is not.
    set("DA", date.map(|(year, month)| format!("{year}/{month:02}/{day}/")).as_deref());
    set("T2", biblio.container.as_deref().or(biblio.collection.as_deref()));
    set("PB", biblio.publisher.as_deref());
    set("VL", biblio.volume.as_deref());
    set("IS", biblio.issue.as_deref().or(biblio.number.as_deref()));
    let (first, last) = biblio.pages.as_deref().map_or((None, None), |pages| match pages.split_once(['-', '–']) {
        Some((first, last)) => (Some(first), Some(last)),
        None => (Some(pages), None),
    });
    set("SP", first);
    set("EP", last);
    set("DO", biblio.doi.as_deref());
    set("SN", biblio.isbn.as_deref());
    set("UR", biblio.url.as_deref());
    set("LA", biblio.language.as_deref());
    set("N1", locator.map(page_words).as_deref());
    out.push_str("ER  - ");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report() -> Biblio {
        Biblio {
            id: Some("peaceworks-175".into()),
            kind: Some("report".into()),
            title: Some("Afghanistan-Pakistan Ties and Future Stability in Afghanistan".into()),
            authors: vec![Person::parse("Elizabeth Threlkeld"), Person::parse("Grace Easterly")],
            year: Some(2021),
            month: Some(8),
            publisher: Some("United States Institute of Peace".into()),
            collection: Some("Peaceworks".into()),
            number: Some("175".into()),
            isbn: Some("978-1-60127-866-1".into()),
            language: Some("en".into()),
            ..Biblio::default()
        }
    }

    /// A paper of which only the title is known.
    fn bare() -> Biblio {
        Biblio {
            id: Some("cross-border-trade".into()),
            kind: Some("article-journal".into()),
            title: Some(
                "Analyzing the Role of Cross Border Trade Policies in Facilitating Pak-Afghan Trade Post-Taliban"
                    .into(),
            ),
            ..Biblio::default()
        }
    }

    #[track_caller]
    fn check(biblio: &Biblio, style: Style, expected: &str) {
        assert_eq!(cite(biblio, Some("12"), style, &|_| false), expected);
    }

    #[test]
    fn cites_a_report() {
        check(
            &report(),
            Style::Chicago,
            "Elizabeth Threlkeld and Grace Easterly, Afghanistan-Pakistan Ties and Future Stability in Afghanistan, \
             Peaceworks 175 (United States Institute of Peace, 2021), 12.",
        );
        check(
            &report(),
            Style::Markdown,
            "Elizabeth Threlkeld and Grace Easterly, *Afghanistan-Pakistan Ties and Future Stability in Afghanistan*, \
             Peaceworks 175 (United States Institute of Peace, 2021), 12.",
        );
        check(
            &report(),
            Style::Apa,
            "Threlkeld, E., & Easterly, G. (2021). Afghanistan-Pakistan Ties and Future Stability in Afghanistan \
             (Peaceworks No. 175). United States Institute of Peace.\n(Threlkeld & Easterly, 2021, p. 12)",
        );
    }

    #[test]
    fn says_when_there_is_no_date() {
        let title = bare().title.expect("a title is all it has");
        check(&bare(), Style::Chicago, &format!("“{title},” n.d., 12."));
        check(&bare(), Style::Apa, &format!("{title}. (n.d.).\n(“{title},” n.d., p. 12)"));
    }

    #[test]
    fn writes_records() {
        check(
            &report(),
            Style::BibTex,
            "@techreport{peaceworks-175,\n  author = {Threlkeld, Elizabeth and Easterly, Grace},\n  \
             title = {{Afghanistan-Pakistan Ties and Future Stability in Afghanistan}},\n  year = {2021},\n  \
             institution = {United States Institute of Peace},\n  type = {Peaceworks},\n  number = {175},\n  \
             isbn = {978-1-60127-866-1},\n  note = {p. 12},\n  month = aug,\n}",
        );
        check(
            &report(),
            Style::Ris,
            "TY  - RPRT\nID  - peaceworks-175\nAU  - Threlkeld, Elizabeth\nAU  - Easterly, Grace\n\
             TI  - Afghanistan-Pakistan Ties and Future Stability in Afghanistan\nPY  - 2021\nDA  - 2021/08//\n\
             T2  - Peaceworks\nPB  - United States Institute of Peace\nIS  - 175\nSN  - 978-1-60127-866-1\nLA  - en\n\
             N1  - p. 12\nER  - ",
        );
    }

    #[test]
    fn a_paper_of_which_nothing_is_known_is_cited_without_harm() {
        for style in [Style::Chicago, Style::Apa, Style::BibTex, Style::CslJson, Style::Markdown, Style::Ris] {
            cite(&Biblio::default(), None, style, &|_| false);
            cite(&Biblio::default(), Some("iv–ix"), style, &|_| true);
        }
    }
}
