//! How a word is written in a text, told from how it is folded: as it is, in capitals, spelled out.

/// How a word is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Form<S> {
    /// As most often in this index.
    Usual,
    /// As folded.
    Plain,
    /// With its first letter in capitals.
    Title,
    Capitals,
    Spelled(S),
    /// No word: the text ends here.
    End,
}

/// Returns how a folded word is written at the beginning of `surface`, and how many bytes that takes.
///
/// A possessive's ending, say, is left to what stands behind the word.
pub(super) fn form_of(word: &str, surface: &str) -> (Form<()>, usize) {
    let (folded, written) = (word.as_bytes(), surface.as_bytes());
    let whole = (Form::Spelled(()), surface.len());
    let (Some(written), Some(&first)) = (written.get(..folded.len()), folded.first()) else { return whole };
    let is_upper = |(folded, written): (&u8, &u8)| folded.to_ascii_uppercase() == *written;
    let form = if folded == written {
        Form::Plain
    } else if first.to_ascii_uppercase() == written[0] && folded[1..] == written[1..] {
        Form::Title
    } else if folded.iter().zip(written).all(is_upper) {
        Form::Capitals
    } else {
        return whole;
    };
    (form, folded.len())
}

/// Appends a folded word as a form writes it; `None` for a form that does not say so by itself.
pub(super) fn write<S: AsRef<str>>(word: &str, form: &Form<S>, out: &mut String) -> Option<()> {
    let begin = out.len();
    match form {
        Form::Plain => out.push_str(word),
        Form::Title => {
            out.push_str(word);
            let end = begin + word.chars().next().map_or(0, char::len_utf8);
            out[begin..end].make_ascii_uppercase();
        }
        Form::Capitals => {
            out.push_str(word);
            out[begin..].make_ascii_uppercase();
        }
        Form::Spelled(spelled) => out.push_str(spelled.as_ref()),
        Form::Usual | Form::End => return None,
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_write_what_they_were_made_from() {
        let table = [
            ("trade", "trade", Form::Plain, ""),
            ("trade", "Trade", Form::Title, ""),
            ("trade", "TRADE", Form::Capitals, ""),
            ("US", "US", Form::Plain, ""),
            ("us", "U.S.", Form::Spelled(()), ""),
            ("pakistan", "Pakistan’s", Form::Title, "’s"),
            ("caglayan", "Çağlayan", Form::Spelled(()), ""),
            ("1660", "1,660", Form::Spelled(()), ""),
            ("a", "A", Form::Title, ""),
            ("中", "中", Form::Plain, ""),
        ];
        for (word, surface, form, rest) in table {
            let (found, n) = form_of(word, surface);
            assert_eq!((found, &surface[n..]), (form, rest), "{surface}");
            let form = match form {
                Form::Spelled(()) => Form::Spelled(surface),
                Form::Plain => Form::Plain,
                Form::Title => Form::Title,
                _ => Form::Capitals,
            };
            let mut out = "“".to_owned();
            assert!(write(word, &form, &mut out).is_some());
            assert_eq!(out["“".len()..], surface[..n]);
        }
    }
}
