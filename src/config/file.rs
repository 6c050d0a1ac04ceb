//! Reading the TOML file into values that remember their lines.

use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::keys::find_by_name;
use super::mistake::{Mistake, Source};
use super::reader::{Given, Raw, Values};

/// Adds what the file at `path` with the content `text` says to `values`.
pub(super) fn read(path: &Path, text: &str, values: &mut Values, mistakes: &mut Vec<Mistake>) {
    let (table, errors) = DeTable::parse_recoverable(text);
    let place = Place { path: path.to_owned(), text };
    for error in errors {
        // Only the message: the parser's own display prints the line, which may hold a secret.
        let source = match error.span() {
            Some(span) => place.line_of(span.start),
            None => Source::File(path.to_owned()),
        };
        mistakes.push(Mistake { source, text: format!("not TOML: {}", one_line(error.message())) });
    }
    read_table(&place, "", table.get_ref(), values, mistakes);
}

struct Place<'a> {
    path: PathBuf,
    text: &'a str,
}

impl Place<'_> {
    fn line_of(&self, offset: usize) -> Source {
        let before = self.text.as_bytes().iter().take(offset);
        Source::Line(self.path.clone(), before.filter(|byte| **byte == b'\n').count() + 1)
    }
}

fn read_table(
    place: &Place<'_>,
    section: &str,
    table: &DeTable<'_>,
    values: &mut Values,
    mistakes: &mut Vec<Mistake>,
) {
    for (key, value) in table {
        let name = format!("{section}{}", key.get_ref());
        match value.get_ref() {
            DeValue::Table(inner) if !inner.is_empty() => {
                read_table(place, &format!("{name}."), inner, values, mistakes);
            }
            _ => {
                let source = place.line_of(key.span().start);
                match find_by_name(&name) {
                    Ok(key) => {
                        values.insert(key.name, Given { raw: raw(value), source });
                    }
                    Err(problem) => {
                        let text = one_line(&format!("{name}: {problem}"));
                        mistakes.push(Mistake { source, text });
                    }
                }
            }
        }
    }
}

fn raw(value: &Spanned<DeValue<'_>>) -> Raw {
    match value.get_ref() {
        DeValue::String(text) => Raw::Text(text.clone().into_owned()),
        DeValue::Boolean(flag) => Raw::Flag(*flag),
        DeValue::Array(items) => {
            let texts = items.iter().map(|item| item.get_ref().as_str().map(str::to_owned));
            texts.collect::<Option<_>>().map_or(Raw::Other("a list of other things"), Raw::List)
        }
        DeValue::Table(_) => Raw::Other("a section"),
        DeValue::Datetime(_) => Raw::Other("a date"),
        DeValue::Integer(_) | DeValue::Float(_) => Raw::Other("a number"),
    }
}

/// A key in quotes may hold anything, and a mistake is one line.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
