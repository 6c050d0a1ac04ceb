//! Reading the environment: `TESSERA_SECTION__KEY`, and `TESSERA_SECTION__KEY_FILE` for a value
//! that stands in a file.

use std::collections::BTreeMap;
use std::ffi::OsString;

use super::keys::find_by_variable;
use super::mistake::{Mistake, Source};
use super::reader::{Given, Raw, Values};

const PREFIX: &str = "TESSERA_";
const FILE_SUFFIX: &str = "_FILE";

/// Variables that are ours and no keys.
const OTHERS: [&str; 3] = [super::CONFIG_VARIABLE, "TESSERA_LOG", "TESSERA_BIN"];

/// Puts what `variables` say over `values`.
pub(super) fn read(
    variables: impl IntoIterator<Item = (OsString, OsString)>,
    values: &mut Values,
    mistakes: &mut Vec<Mistake>,
) {
    // Names first: of two variables for one key, both must be known before either is read.
    let ours: BTreeMap<String, OsString> = variables
        .into_iter()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value)))
        .filter(|(name, value)| is_ours(name, value))
        .collect();
    for (name, value) in &ours {
        match given(name, value, &ours) {
            Ok((key, given)) => {
                values.insert(key, given);
            }
            Err(text) => {
                mistakes.push(Mistake { source: Source::Variable(name.clone()), text });
            }
        }
    }
}

fn given(
    name: &str,
    value: &OsString,
    all: &BTreeMap<String, OsString>,
) -> Result<(&'static str, Given), String> {
    let source = Source::Variable(name.to_owned());
    let direct = name.strip_suffix(FILE_SUFFIX);
    if let Some((direct, Ok(key))) = direct.map(|direct| (direct, find_by_variable(direct))) {
        if all.contains_key(direct) {
            return Err(format!("{direct} is set too: set one of the two"));
        }
        let text = std::fs::read_to_string(value)
            .map_err(|error| format!("cannot read the file it names: {error}"))?;
        return Ok((
            key.name,
            Given { raw: Raw::Line(without_line_end(&text).to_owned()), source },
        ));
    }
    let key = find_by_variable(name)?;
    let text = value.to_str().ok_or("the value is not UTF-8")?;
    Ok((key.name, Given { raw: Raw::Line(text.to_owned()), source }))
}

/// `text` without one line end: editors and `echo` add it, and nobody means it.
pub(crate) fn without_line_end(text: &str) -> &str {
    let text = text.strip_suffix('\n').unwrap_or(text);
    text.strip_suffix('\r').unwrap_or(text)
}

fn is_ours(name: &str, value: &OsString) -> bool {
    name.starts_with(PREFIX)
        && !name.starts_with("TESSERA_TEST_")
        && !OTHERS.contains(&name)
        && !is_service_link(name, value)
}

/// Kubernetes and linked containers describe a service called `tessera` to every container in
/// its neighbourhood, ours among them: `TESSERA_SERVICE_HOST`, `TESSERA_PORT=tcp://…`.
fn is_service_link(name: &str, value: &OsString) -> bool {
    let is_address =
        |text: &str| ["tcp://", "udp://", "sctp://"].iter().any(|scheme| text.starts_with(scheme));
    name.ends_with("_SERVICE_HOST")
        || name.contains("_SERVICE_PORT")
        || (name.ends_with("_PORT") && value.to_str().is_some_and(is_address))
        || ["_TCP", "_UDP", "_SCTP"].iter().any(|kind| has_port_before(name, kind))
}

/// Whether `name` holds `_PORT_<digits>` right before `kind`.
fn has_port_before(name: &str, kind: &str) -> bool {
    name.match_indices(kind).any(|(at, _)| {
        let before = name[..at].trim_end_matches(|c: char| c.is_ascii_digit());
        before.len() < at && before.ends_with("_PORT_")
    })
}
