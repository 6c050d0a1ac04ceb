//! Traces, for whoever collects them over OTLP. The variables are those of OpenTelemetry, which its
//! library reads: where to (`OTEL_EXPORTER_OTLP_ENDPOINT`), with what headers, how many of them.

use std::env::var_os;
use std::time::Duration;

use opentelemetry_otlp::{ExporterBuildError, Protocol, SpanExporter, WithExportConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::SdkTracerProvider;

use crate::base::trace;

/// Each says where traces go.
const WANTED: [&str; 2] = ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"];

/// How long the last ones may take: the process ends within 10 s, and others come before.
const LAST_WITHIN: Duration = Duration::from_millis(500);

/// Sends traces as long as it is there, and what is left when it goes.
pub struct Traces(SdkTracerProvider);

/// Begins to send traces, when the environment says where to.
///
/// # Errors
/// When the environment says it wrongly.
pub fn begin_traces() -> Result<Option<Traces>, ExporterBuildError> {
    let is_wanted = |name: &&str| var_os(name).is_some_and(|value| !value.is_empty());
    if !WANTED.iter().any(is_wanted) {
        return Ok(None);
    }
    let exporter =
        SpanExporter::builder().with_http().with_protocol(Protocol::HttpBinary).build()?;
    let mut resource = Resource::builder();
    if var_os("OTEL_SERVICE_NAME").is_none() {
        resource = resource.with_service_name("tessera");
    }
    let provider = SdkTracerProvider::builder()
        .with_batch_exporter(exporter)
        .with_resource(resource.build())
        .build();
    trace::collect(&provider);
    tracing::info!("traces are sent over OTLP");
    Ok(Some(Traces(provider)))
}

impl Drop for Traces {
    fn drop(&mut self) {
        if let Err(error) = self.0.shutdown_with_timeout(LAST_WITHIN) {
            tracing::warn!(%error, "the last traces could not be sent");
        }
    }
}
