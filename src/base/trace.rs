//! The parts of a request and how long each took, for whoever collects traces (OpenTelemetry). Until
//! [`collect`] is called they cost a look at one flag.
//!
//! A part is named by words of ours, as a metric is: never by a person, a client or a path with an id.

use std::sync::atomic::{AtomicBool, Ordering};

use opentelemetry::propagation::{Extractor, TextMapPropagator as _};
use opentelemetry::trace::{FutureExt as _, SpanKind, Status, TraceContextExt as _, Tracer as _};
use opentelemetry::{Context, KeyValue, global};
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::SdkTracerProvider;

static IS_COLLECTED: AtomicBool = AtomicBool::new(false);
const NAME: &str = "tessera";

/// The methods that have names of ours; a stranger's is not one (OpenTelemetry, HTTP spans).
const METHODS: [&str; 6] = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"];
const OTHER: &str = "_OTHER";

/// From now on `provider` gets every part. Traces are one thing for the whole process, as logs are.
pub fn collect(provider: &SdkTracerProvider) {
    global::set_tracer_provider(provider.clone());
    IS_COLLECTED.store(true, Ordering::Release);
}

fn is_collected() -> bool {
    IS_COLLECTED.load(Ordering::Acquire)
}

/// Does `work` as a part of what is under way.
pub async fn part<F: Future>(name: impl FnOnce() -> String, work: F) -> F::Output {
    if !is_collected() {
        return work.await;
    }
    let tracer = global::tracer(NAME);
    let span = tracer.span_builder(name()).with_kind(SpanKind::Internal).start(&tracer);
    work.with_context(Context::current_with_span(span)).await
}

/// A request, from its head to the head of its answer.
pub struct Request(Option<Context>);

/// What a request came to.
pub struct Answered<'a> {
    /// The method.
    pub method: &'a str,
    /// The pattern of the route, or `-`.
    pub route: &'a str,
    /// The status of the answer.
    pub status: u16,
    /// What the answer's `X-Request-Id` says.
    pub reference: &'a str,
}

/// The head of the request that this one is a part of.
struct Parent<'a>(&'a str);

impl Extractor for Parent<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        (key == "traceparent").then_some(self.0)
    }

    fn keys(&self) -> Vec<&str> {
        vec!["traceparent"]
    }
}

impl Request {
    /// Begins. `parent` is the `traceparent` of a proxy that is trusted (W3C Trace Context §3.2).
    pub fn begin(parent: Option<&str>) -> Self {
        if !is_collected() {
            return Self(None);
        }
        let parent = parent.map(|head| TraceContextPropagator::new().extract(&Parent(head)));
        let tracer = global::tracer(NAME);
        let builder = tracer.span_builder("request").with_kind(SpanKind::Server);
        let span = builder.start_with_context(&tracer, &parent.unwrap_or_default());
        Self(Some(Context::new().with_span(span)))
    }

    /// Does the work of the request; its parts are below it.
    pub async fn around<F: Future>(&self, work: F) -> F::Output {
        match &self.0 {
            Some(context) => work.with_context(context.clone()).await,
            None => work.await,
        }
    }

    /// Tells what it came to.
    pub fn end(self, answered: &Answered<'_>) {
        let Some(context) = self.0 else { return };
        let span = context.span();
        let method = METHODS.into_iter().find(|name| *name == answered.method).unwrap_or(OTHER);
        span.update_name(format!("{method} {}", answered.route));
        span.set_attribute(KeyValue::new("http.request.method", method));
        span.set_attribute(KeyValue::new("http.route", answered.route.to_owned()));
        span.set_attribute(KeyValue::new("http.response.status_code", i64::from(answered.status)));
        span.set_attribute(KeyValue::new("tessera.reference", answered.reference.to_owned()));
        if answered.status >= 500 {
            span.set_status(Status::error("the answer is a fault"));
        }
        span.end();
    }
}
