//! Topics from a SKOS thesaurus, in Turtle or RDF/XML.

use std::collections::{BTreeMap, BTreeSet};

use oxrdf::{Literal, NamedOrBlankNode, Term, Triple};
use oxrdfxml::RdfXmlParser;
use oxttl::TurtleParser;

use super::name::Names;
use super::{Topic, Topics};
use crate::analysis::fold;
use crate::query::TopicsError;

const SKOS: &str = "http://www.w3.org/2004/02/skos/core#";

/// What relative addresses of a thesaurus are resolved against; they only need to be told apart.
const BASE: &str = "http://localhost/";

impl Topics<'static> {
    /// Reads a SKOS thesaurus: each concept becomes a topic with its labels in one language.
    ///
    /// `prefLabel` gives the label; `altLabel` and `hiddenLabel` the aliases; the labels of
    /// `related` and `narrower` concepts are related names. A name that two concepts claim stays
    /// with the one that prefers it, or else the first, since a query for it can have one answer. A
    /// qualifier, as in "Georgia (country)", is no part of what papers write and is left out.
    pub fn from_skos(file: &str, bytes: &[u8], language: &str) -> Result<Topics<'static>, TopicsError> {
        let mut thesaurus = Thesaurus::default();
        if is_xml(bytes) {
            let parser = RdfXmlParser::new().with_base_iri(BASE).expect("the base is an address");
            for triple in parser.for_slice(bytes) {
                thesaurus.add(triple.map_err(|error| trouble(file, None, error.to_string()))?, language);
            }
        } else {
            let parser = TurtleParser::new().with_base_iri(BASE).expect("the base is an address");
            for triple in parser.for_slice(bytes) {
                let triple = triple.map_err(|error| {
                    trouble(file, Some(error.location().start.line + 1), error.message().to_owned())
                })?;
                thesaurus.add(triple, language);
            }
        }
        let topics = thesaurus.topics();
        if topics.is_empty() {
            return Err(TopicsError::NoConcept { file: file.to_owned(), language: language.to_owned() });
        }
        Ok(Topics::new(&topics))
    }
}

fn trouble(file: &str, line: Option<u64>, message: String) -> TopicsError {
    TopicsError::Thesaurus { file: file.to_owned(), line, message }
}

/// Tells RDF/XML from Turtle, which begins with an address in `<>` or with no bracket at all.
fn is_xml(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    [b"<?xml".as_slice(), b"<!", b"<rdf"].iter().any(|start| bytes.starts_with(start))
}

/// How well a label's language fits the one asked for; less is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    Same,
    /// "en-GB" where "en" is asked for.
    Region,
    /// A label without a language.
    Untold,
}

fn fit(label: &Literal, language: &str) -> Option<Fit> {
    let Some(tag) = label.language() else { return Some(Fit::Untold) };
    let same = |part: Option<&str>| part.is_some_and(|part| part.eq_ignore_ascii_case(language));
    if same(Some(tag)) { Some(Fit::Same) } else { same(tag.split('-').next()).then_some(Fit::Region) }
}

#[derive(Default)]
struct Thesaurus {
    /// Concepts in the order they are first named.
    order: Vec<String>,
    concepts: BTreeMap<String, Concept>,
}

#[derive(Default)]
struct Concept {
    preferred: Vec<(Fit, String)>,
    other: Vec<String>,
    near: Vec<String>,
}

impl Thesaurus {
    fn add(&mut self, triple: Triple, language: &str) {
        let Some(property) = triple.predicate.as_str().strip_prefix(SKOS) else { return };
        let subject = match &triple.subject {
            NamedOrBlankNode::NamedNode(node) => node.as_str().to_owned(),
            NamedOrBlankNode::BlankNode(node) => node.as_str().to_owned(),
        };
        match (property, &triple.object) {
            ("prefLabel" | "altLabel" | "hiddenLabel", Term::Literal(label)) => {
                let (Some(fit), Some(name)) = (fit(label, language), unqualified(label.value())) else { return };
                let concept = self.concept(subject);
                match property {
                    "prefLabel" => concept.preferred.push((fit, name)),
                    _ => concept.other.push(name),
                }
            }
            ("related" | "narrower", Term::NamedNode(object)) => {
                self.concept(subject).near.push(object.as_str().to_owned());
            }
            ("broader", Term::NamedNode(object)) => self.concept(object.as_str().to_owned()).near.push(subject),
            _ => {}
        }
    }

    fn concept(&mut self, address: String) -> &mut Concept {
        if !self.concepts.contains_key(&address) {
            self.order.push(address.clone());
        }
        self.concepts.entry(address).or_default()
    }

    fn topics(self) -> Vec<Topic> {
        let label = |address: &String| self.concepts.get(address)?.preferred.iter().min().map(|(_, name)| name.clone());
        let mut taken: BTreeSet<String> = BTreeSet::new();
        let mut topics: Vec<Topic> = Vec::new();
        let mut keys: BTreeSet<String> = BTreeSet::new();
        let mut concepts: Vec<&Concept> = Vec::new();
        for address in &self.order {
            let Some(label) = label(address) else { continue };
            if taken.insert(fold(&label)) {
                topics.push(Topic { key: free_key(&label, &mut keys), label, ..Topic::default() });
                concepts.push(&self.concepts[address]);
            }
        }
        for (topic, concept) in topics.iter_mut().zip(concepts) {
            let preferred = concept.preferred.iter().map(|(_, name)| name);
            topic.aliases = preferred.chain(&concept.other).filter(|name| taken.insert(fold(name))).cloned().collect();
            let mut seen: BTreeSet<String> = topic.names().map(fold).collect();
            topic.related = concept.near.iter().filter_map(label).filter(|name| seen.insert(fold(name))).collect();
        }
        topics
    }
}

/// Returns a label without its qualifier; `None` when it holds no word.
fn unqualified(label: &str) -> Option<String> {
    let bare = match label.trim().strip_suffix(')').and_then(|open| open.rsplit_once('(')) {
        Some((name, _)) if !name.trim().is_empty() => name,
        _ => label,
    };
    let name = bare.split_whitespace().collect::<Vec<_>>().join(" ");
    (!Names::new().of(&name).is_empty()).then_some(name)
}

/// Makes a key that can be typed of a label: "Water rights" is `water-rights`.
fn free_key(label: &str, keys: &mut BTreeSet<String>) -> String {
    let folded = fold(label);
    let words: Vec<&str> = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let key = words.join("-");
    let free = (1..)
        .map(|n| if n == 1 { key.clone() } else { format!("{key}-{n}") })
        .find(|key| !keys.contains(key))
        .expect("there are more numbers than keys");
    keys.insert(free.clone());
    free
}

#[cfg(test)]
mod tests {
    use super::*;

    const TURTLE: &str = r#"
        @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
        <#water> a skos:Concept ;
            skos:prefLabel "Water"@en, "Eau"@fr ;
            skos:narrower <#rights> .
        <#rights> skos:prefLabel "Water rights (law)"@en-GB ;
            skos:altLabel "Riparian rights"@en, "Droit des eaux"@fr, "water" ;
            skos:hiddenLabel "Water-rites"@en ;
            skos:related <#rivers> .
        <#rivers> skos:prefLabel "Rivers" ; skos:broader <#water> .
        <#mute> skos:prefLabel "Muet"@fr, "نهر"@ar .
    "#;

    const XML: &str = r##"<?xml version="1.0"?>
        <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
                 xmlns:skos="http://www.w3.org/2004/02/skos/core#">
          <skos:Concept rdf:about="#water">
            <skos:prefLabel xml:lang="en">Water &amp; land</skos:prefLabel>
            <skos:altLabel xml:lang="en">H2O</skos:altLabel>
          </skos:Concept>
        </rdf:RDF>"##;

    fn check(text: &str, language: &str, expected: &str) {
        let topics = Topics::from_skos("thesaurus", text.as_bytes(), language);
        assert_eq!(topics.map_or_else(|error| error.to_string(), |topics| topics.to_toml()), expected);
    }

    #[test]
    fn turtle_is_read() {
        check(
            TURTLE,
            "en",
            "[topics.water]\nlabel   = \"Water\"\nrelated = [\"Water rights\", \"Rivers\"]\n\n\
             [topics.water-rights]\nlabel   = \"Water rights\"\naliases = [\"Riparian rights\", \
             \"Water-rites\"]\nrelated = [\"Rivers\"]\n\n[topics.rivers]\nlabel   = \"Rivers\"\n",
        );
    }

    #[test]
    fn another_language_can_be_chosen() {
        let topics = Topics::from_skos("thesaurus", TURTLE.as_bytes(), "fr").expect("the text is right");
        let labels: Vec<String> = topics.iter().map(|topic| topic.label).collect();
        assert_eq!(labels, ["Eau", "Rivers", "Muet"]);
        check(XML, "fr", "thesaurus: no concept has a label in language `fr`");
    }

    #[test]
    fn rdf_xml_is_read() {
        check(XML, "en", "[topics.water-land]\nlabel   = \"Water & land\"\naliases = [\"H2O\"]\n");
    }

    #[test]
    fn mistakes_are_told() {
        let error = |text: &str| Topics::from_skos("t.ttl", text.as_bytes(), "en").map_err(|error| error.to_string());
        assert!(error("<a> <b>\n <c> ; ; <d>").is_err_and(|message| message.starts_with("t.ttl:2: ")));
        assert!(error("<?xml version='1.0'?><rdf").is_err_and(|message| message.starts_with("t.ttl: ")));
    }

    #[test]
    fn what_is_imported_is_a_topics_file() {
        for language in ["en", "fr", "ar"] {
            let topics = Topics::from_skos("thesaurus", TURTLE.as_bytes(), language).expect("the text is right");
            assert_eq!(Topics::from_toml("topics.toml", &topics.to_toml()), Ok(topics));
        }
    }
}
