//! Raw parameters of a query or a form.

/// More fields than this in one request are refused before they are looked at.
pub const MAX_FIELDS: usize = 200;

/// The pairs of a query or a form, in order, as they arrived.
///
/// A parameter without a value counts as absent, and a defined parameter must not stand twice
/// (RFC 6749 §3.1): [`Parameters::one`] is the only way to a value, so neither is forgotten.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Parameters(Vec<(String, String)>);

/// Why the text is no list of parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MalformedParameters {
    /// More than [`MAX_FIELDS`] fields.
    #[error("more than {MAX_FIELDS} parameters")]
    TooMany,
    /// A value is not UTF-8 once decoded, or holds a NUL.
    #[error("a parameter is not UTF-8 text")]
    NotText,
}

/// A parameter that must stand once stood several times.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0} stands more than once")]
pub struct Repeated(pub &'static str);

impl Parameters {
    /// Parses `application/x-www-form-urlencoded` bytes.
    ///
    /// # Errors
    /// When there are too many fields, or one is not text.
    pub fn parse(encoded: &[u8]) -> Result<Self, MalformedParameters> {
        let mut pairs = Vec::new();
        for field in encoded.split(|byte| *byte == b'&').filter(|field| !field.is_empty()) {
            if pairs.len() == MAX_FIELDS {
                return Err(MalformedParameters::TooMany);
            }
            let mut halves = field.splitn(2, |byte| *byte == b'=');
            let name = decode(halves.next().unwrap_or_default())?;
            let value = decode(halves.next().unwrap_or_default())?;
            pairs.push((name, value));
        }
        Ok(Self(pairs))
    }

    /// The pairs given, for tests and for values that were parsed elsewhere.
    pub fn from_pairs<N: Into<String>, V: Into<String>>(
        pairs: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        Self(pairs.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }

    /// The pairs, in order.
    pub fn pairs(&self) -> &[(String, String)] {
        &self.0
    }

    /// Whether a parameter stands there, be it empty: a field of a form that was left empty does.
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(key, _)| key == name)
    }

    /// The value of a parameter that may stand once; `None` when absent or empty.
    ///
    /// # Errors
    /// When it stands more than once, even with equal values.
    pub fn one(&self, name: &'static str) -> Result<Option<&str>, Repeated> {
        let mut found = self.0.iter().filter(|(key, _)| key == name);
        let first = found.next();
        if found.next().is_some() {
            return Err(Repeated(name));
        }
        Ok(first.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty()))
    }

    /// Every value of a parameter that may stand several times (`resource`, RFC 8707 §2).
    pub fn all(&self, name: &str) -> Vec<&str> {
        self.0
            .iter()
            .filter(|(key, value)| key == name && !value.is_empty())
            .map(|(_, value)| value.as_str())
            .collect()
    }
}

/// Decodes one half of a pair: `+` is a space, `%XX` a byte; a stray `%` stands for itself, as
/// browsers have it.
fn decode(half: &[u8]) -> Result<String, MalformedParameters> {
    let mut out = Vec::with_capacity(half.len());
    let mut rest = half;
    while let [byte, tail @ ..] = rest {
        rest = tail;
        match (byte, tail) {
            (b'+', _) => out.push(b' '),
            (b'%', [high, low, after @ ..]) => match (hex(*high), hex(*low)) {
                (Some(high), Some(low)) => {
                    out.push(high << 4 | low);
                    rest = after;
                }
                _ => out.push(b'%'),
            },
            _ => out.push(*byte),
        }
    }
    if out.contains(&0) {
        return Err(MalformedParameters::NotText);
    }
    String::from_utf8(out).map_err(|_| MalformedParameters::NotText)
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}
