//! Runs modules, each once, and prints `docs/conformance.md` from what came out.

use std::any::Any;
use std::collections::BTreeSet;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::OnceLock;

use futures_util::FutureExt as _;

use super::bench::Bench;
use super::plans::{SKIPPED, plans};
use super::variant::Variant;

/// A module, run in one variant. It panics where the suite would report a failure or a warning.
pub(super) type Module = fn(Rc<Bench>, Variant) -> Pin<Box<dyn Future<Output = ()>>>;

/// A module and, once it ran, what came out.
pub(super) struct Entry {
    pub(super) test: &'static str,
    pub(super) run: Module,
    pub(super) outcomes: OnceLock<Vec<Outcome>>,
}

/// What came out of one variant: nothing, or what was wrong.
pub(super) struct Outcome {
    variant: Variant,
    problem: Option<String>,
}

/// The name of a module's test: `oidcc-max-age-1` is `oidcc_max_age_1`.
pub(super) fn test_name(module: &str) -> String {
    module.replace('-', "_").to_lowercase()
}

impl Entry {
    /// Runs the module in every variant that some plan asks for. Whoever comes first runs it; the
    /// others wait, so that its own test and the ledger see the same run.
    pub(super) fn outcomes(&'static self) -> &'static [Outcome] {
        self.outcomes.get_or_init(|| {
            let runs = plans().into_iter().flat_map(|plan| plan.runs);
            let of_this = runs.filter(|(_, module)| test_name(module) == self.test);
            let variants: BTreeSet<Variant> = of_this.map(|(variant, _)| variant).collect();
            assert!(!variants.is_empty(), "no plan runs {}", self.test);
            let on_its_own = move || actix_web::rt::System::new().block_on(run_all(self, variants));
            std::thread::spawn(on_its_own).join().expect("every panic is caught")
        })
    }

    /// Fails when any variant failed.
    pub(super) fn must_pass(&'static self) {
        let outcomes = self.outcomes().iter();
        let failed: Vec<String> = outcomes
            .filter_map(|outcome| Some((outcome.variant, outcome.problem.as_ref()?)))
            .map(|(variant, problem)| format!("{variant}: {problem}"))
            .collect();
        assert!(failed.is_empty(), "{}\n{}", self.test, failed.join("\n"));
    }
}

async fn run_all(entry: &Entry, variants: BTreeSet<Variant>) -> Vec<Outcome> {
    let bench = Rc::new(Bench::start().await);
    let mut outcomes = Vec::new();
    for variant in variants {
        let bench = Rc::clone(&bench);
        let attempt = async {
            (entry.run)(Rc::clone(&bench), variant).await;
            bench.unregister_all().await;
        };
        let ended = AssertUnwindSafe(attempt).catch_unwind().await;
        let problem = ended.err().map(|panic| said(panic.as_ref()));
        let word = if problem.is_none() { "passed" } else { "FAILED" };
        println!("conformance · {} · {variant} … {word}", entry.test);
        outcomes.push(Outcome { variant, problem });
    }
    outcomes
}

fn said(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().cloned();
    let text = text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
    text.unwrap_or_else(|| "a panic".to_owned())
}

/// The page, from the outcomes of the run it is made in.
pub(super) fn page(entries: &'static [Entry]) -> String {
    let mut sections = String::new();
    let (mut rows, mut skipped) = (0, 0);
    for plan in plans() {
        let mut seen: Vec<&str> = Vec::new();
        sections.push_str(&format!(
            "\n## {}\n\n| module | test | variants | result |\n|---|---|---|---|\n",
            plan.name
        ));
        for (_, module) in &plan.runs {
            if seen.contains(module) {
                continue;
            }
            seen.push(module);
            let of_module = plan.runs.iter().filter(|(_, other)| other == module);
            let variants: Vec<Variant> = of_module.map(|(variant, _)| *variant).collect();
            let test = test_name(module);
            let entry = entries.iter().find(|entry| entry.test == test);
            let entry = entry.unwrap_or_else(|| panic!("{module} of {} has no test", plan.name));
            let result = result(entry, module, &variants);
            rows += variants.len();
            skipped += if result.starts_with("skipped") { variants.len() } else { 0 };
            sections.push_str(&format!(
                "| {module} | `{test}` | {} | {result} |\n",
                in_words(&variants)
            ));
        }
    }
    format!(
        "# Conformance\n\n\
         Every module of the OpenID provider certification plans (OpenID Foundation conformance \
         suite 5.2.4), and the test in `tests/conformance` that does what the module does and \
         grades as it grades; what the suite calls a warning is a failure here. Run one with \
         `cargo test oidcc_max_age_1`. The tests are ours: they stand in for the suite, which \
         needs a public address, and are no certificate.\n\n\
         This page is printed from a run (`TESSERA_PRINT=1 cargo test conformance`), and \
         `cargo test` fails when it is stale. It holds {rows} runs of modules in the variants of \
         {} plans; {skipped} of them the suite lets a provider skip, and the test proves why.\n\
         {sections}",
        plans().len()
    )
}

fn result(entry: &'static Entry, module: &str, variants: &[Variant]) -> String {
    let outcomes = entry.outcomes().iter();
    let failed: Vec<String> = outcomes
        .filter(|outcome| variants.contains(&outcome.variant) && outcome.problem.is_some())
        .map(|outcome| outcome.variant.to_string())
        .collect();
    if !failed.is_empty() {
        return format!("FAILED: {}", failed.join("; "));
    }
    match SKIPPED.iter().find(|(name, _)| *name == module) {
        Some((_, reason)) => format!("skipped: {reason}"),
        None => "passed".to_owned(),
    }
}

/// The variants in few words: response types, registrations.
fn in_words(variants: &[Variant]) -> String {
    let mut types: Vec<&str> = Vec::new();
    let mut origins: Vec<&str> = Vec::new();
    for variant in variants {
        if !types.contains(&variant.response_type) {
            types.push(variant.response_type);
        }
        let origin = variant.registration.as_str();
        if !origins.contains(&origin) {
            origins.push(origin);
        }
    }
    format!("{} · {}", types.join(", "), origins.join(", "))
}
