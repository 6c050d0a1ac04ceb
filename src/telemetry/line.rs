use std::fmt::{self, Debug, Write as _};

use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::{FormatTime as _, SystemTime};
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::registry::LookupSpan;

/// What the `log` crate's records carry beside what they say.
const OF_LOG: &str = "log.";
const TARGET_OF_LOG: &str = "log.target";

/// One line of the log: a flat JSON object with the time, the level, what the event says, and its target.
///
/// The library's own JSON does the same through a serializer, and took a tenth of the time of a small answer: every
/// request writes a line.
pub struct JsonLine;

impl<S, N> FormatEvent<S, N> for JsonLine
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        _: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let meta = event.metadata();
        writer.write_str("{\"timestamp\":\"")?;
        SystemTime.format_time(&mut writer)?;
        write!(writer, "\",\"level\":\"{}\"", meta.level().as_str())?;
        let mut members = Members { writer, result: Ok(()), scratch: String::new(), target: None };
        event.record(&mut members);
        let target = members.target.take();
        members.text("target", target.as_deref().unwrap_or(meta.target()));
        members.result?;
        members.writer.write_str("}\n")
    }
}

/// Writes the members of the object that was begun.
struct Members<'a> {
    writer: Writer<'a>,
    result: fmt::Result,
    scratch: String,
    /// The target of a record of the `log` crate.
    target: Option<String>,
}

impl Members<'_> {
    fn text(&mut self, name: &str, value: &str) {
        self.member(name, |writer| quote(writer, value));
    }

    fn plain(&mut self, field: &Field, value: impl fmt::Display) {
        self.member(field.name(), |writer| write!(writer, "{value}"));
    }

    fn member(&mut self, name: &str, value: impl FnOnce(&mut Writer<'_>) -> fmt::Result) {
        if self.result.is_ok() && !name.starts_with(OF_LOG) {
            self.result = self.begin(name).and_then(|()| value(&mut self.writer));
        }
    }

    fn begin(&mut self, name: &str) -> fmt::Result {
        self.writer.write_char(',')?;
        quote(&mut self.writer, name.strip_prefix("r#").unwrap_or(name))?;
        self.writer.write_char(':')
    }
}

impl Visit for Members<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let mut scratch = std::mem::take(&mut self.scratch);
        scratch.clear();
        match write!(scratch, "{value:?}") {
            Ok(()) => self.text(field.name(), &scratch),
            Err(error) => self.result = Err(error),
        }
        self.scratch = scratch;
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == TARGET_OF_LOG {
            self.target = Some(value.to_owned());
        }
        self.text(field.name(), value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.plain(field, value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.plain(field, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.plain(field, value);
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        // JSON has no name for what is no number.
        if value.is_finite() {
            self.plain(field, value);
        } else {
            self.plain(field, "null");
        }
    }
}

/// Writes a JSON string (RFC 8259 §7).
fn quote(writer: &mut Writer<'_>, text: &str) -> fmt::Result {
    if text.bytes().any(|byte| byte < b' ' || byte == b'"' || byte == b'\\') {
        return writer.write_str(&serde_json::Value::from(text).to_string());
    }
    writer.write_char('"')?;
    writer.write_str(text)?;
    writer.write_char('"')
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::{Arc, Mutex};

    use proptest::prelude::*;
    use serde_json::{Value, json};
    use tracing::subscriber::with_default;
    use tracing_subscriber::fmt::MakeWriter;
    use tracing_subscriber::prelude::*;

    use super::*;

    #[derive(Clone, Default)]
    struct Paper(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Paper {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl<'a> MakeWriter<'a> for Paper {
        type Writer = Self;

        fn make_writer(&'a self) -> Self {
            self.clone()
        }
    }

    /// What `says` logs, and when.
    fn line_of(says: impl FnOnce()) -> (Value, String) {
        let paper = Paper::default();
        let layer =
            tracing_subscriber::fmt::layer().event_format(JsonLine).with_writer(paper.clone());
        with_default(tracing_subscriber::registry().with(layer), says);
        let text = String::from_utf8(paper.0.lock().unwrap().clone()).unwrap();
        assert_eq!((text.matches('\n').count(), text.chars().last()), (1, Some('\n')));
        let mut line: Value = serde_json::from_str(&text).unwrap();
        let at = line.as_object_mut().unwrap().remove("timestamp").unwrap();
        (line, at.as_str().unwrap().to_owned())
    }

    #[test]
    fn a_line_is_a_flat_object_of_all_that_was_said() {
        let (line, at) = line_of(|| {
            tracing::warn!(
                target: "tessera::request",
                route = "/token",
                status = 200_u16,
                behind = -3,
                share = 0.5,
                nothing = f64::NAN,
                is_new = true,
                method = %"GET",
                parts = ?["a", "b"],
                "an app came"
            );
        });
        let expected = json!({
            "level": "WARN",
            "message": "an app came",
            "route": "/token",
            "status": 200,
            "behind": -3,
            "share": 0.5,
            "nothing": null,
            "is_new": true,
            "method": "GET",
            "parts": "[\"a\", \"b\"]",
            "target": "tessera::request",
        });
        assert_eq!(line, expected);
        let at = time::OffsetDateTime::parse(&at, &time::format_description::well_known::Rfc3339);
        assert!(at.is_ok_and(|at| at.year() >= 2024));
    }

    #[test]
    fn a_record_of_the_log_crate_has_the_target_that_it_names() {
        let (line, _) = line_of(|| {
            tracing::info!(log.target = "rustls::conn", log.module_path = "rustls", "it began");
        });
        let expected = json!({ "level": "INFO", "message": "it began", "target": "rustls::conn" });
        assert_eq!(line, expected);
    }

    proptest! {
        #[test]
        fn whatever_is_said_stays_one_line_and_reads_back(said: String, debugged: String) {
            let (line, _) = line_of(|| tracing::info!(said, debugged = %debugged));
            prop_assert_eq!(&line["said"], &Value::from(said));
            prop_assert_eq!(&line["debugged"], &Value::from(debugged));
        }
    }
}
