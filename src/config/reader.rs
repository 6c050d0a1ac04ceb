//! From raw values to typed ones, with every mistake collected on the way.

use std::collections::BTreeMap;

use super::keys::KEYS;
use super::mistake::{Mistake, Source};

/// A value before anybody knows what it means.
pub(super) enum Raw {
    /// Text of the file.
    Text(String),
    /// `true` or `false` of the file.
    Flag(bool),
    /// Texts of the file.
    List(Vec<String>),
    /// Anything else of the file, by its name for people.
    Other(&'static str),
    /// A value of the environment, or a default: text that may stand for a flag or a list.
    Line(String),
}

/// A raw value and where it came from.
pub(super) struct Given {
    pub(super) raw: Raw,
    pub(super) source: Source,
}

/// What was given, by the names of the keys.
pub(super) type Values = BTreeMap<&'static str, Given>;

/// Hands the values out. What is wrong goes into `mistakes`, and the value is `None` then.
pub(super) struct Reader {
    pub(super) values: Values,
    pub(super) mistakes: Vec<Mistake>,
}

impl Reader {
    /// Gives every key that nobody set its default.
    pub(super) fn new(mut values: Values, mistakes: Vec<Mistake>) -> Self {
        for key in &KEYS {
            if let Some(default) = key.default {
                values.entry(key.name).or_insert_with(|| Given {
                    raw: Raw::Line(default.to_owned()),
                    source: Source::Nowhere,
                });
            }
        }
        Self { values, mistakes }
    }

    /// The text of `key` as `parse` understands it. `parse` must not repeat a secret in its error.
    pub(super) fn text<T>(
        &mut self,
        key: &'static str,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        let parsed = match &self.values.get(key)?.raw {
            Raw::Text(text) | Raw::Line(text) => parse(text),
            raw => Err(format!("must be a text in quotes, not {}", raw.kind())),
        };
        self.note(key, parsed)
    }

    /// The flag `key`.
    pub(super) fn flag(&mut self, key: &'static str) -> Option<bool> {
        let parsed = match &self.values.get(key)?.raw {
            Raw::Flag(flag) => Ok(*flag),
            Raw::Line(text) => text.parse().map_err(|_| "must be true or false".to_owned()),
            raw => Err(format!("must be true or false, not {}", raw.kind())),
        };
        self.note(key, parsed)
    }

    /// The list `key`, each element as `parse` understands it. The environment parts elements by
    /// commas.
    pub(super) fn list<T>(
        &mut self,
        key: &'static str,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Option<Vec<T>> {
        let elements: Result<Vec<&str>, String> = match &self.values.get(key)?.raw {
            Raw::List(texts) => Ok(texts.iter().map(String::as_str).collect()),
            Raw::Line(text) => {
                Ok(text.split(',').map(str::trim).filter(|element| !element.is_empty()).collect())
            }
            raw => Err(format!("must be a list of texts in quotes, not {}", raw.kind())),
        };
        let parsed = match elements {
            Ok(elements) => elements.into_iter().map(parse).collect(),
            Err(problem) => vec![Err(problem)],
        };
        let noted: Vec<Option<T>> = parsed.into_iter().map(|one| self.note(key, one)).collect();
        noted.into_iter().collect()
    }

    /// Whether somebody set `key`.
    pub(super) fn is_set(&self, key: &'static str) -> bool {
        self.values.get(key).is_some_and(|given| given.source != Source::Nowhere)
    }

    /// Notes that `key` is wrong.
    pub(super) fn refuse(&mut self, key: &'static str, problem: &str) {
        let source = self.values.get(key).map_or(Source::Nowhere, |given| given.source.clone());
        self.mistakes.push(Mistake { source, text: format!("{key}: {problem}") });
    }

    fn note<T>(&mut self, key: &'static str, parsed: Result<T, String>) -> Option<T> {
        match parsed {
            Ok(value) => Some(value),
            Err(problem) => {
                self.refuse(key, &problem);
                None
            }
        }
    }
}

impl Raw {
    fn kind(&self) -> &'static str {
        match self {
            Self::Text(_) | Self::Line(_) => "a text",
            Self::Flag(_) => "true or false",
            Self::List(_) => "a list",
            Self::Other(kind) => kind,
        }
    }
}
