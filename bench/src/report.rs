//! What was measured, as a table.

use serde::Serialize;

/// A figure that is no rate.
#[derive(Debug, Serialize)]
pub struct Figure {
    pub name: String,
    pub value: String,
    /// What it is to be.
    pub wanted: String,
}

impl Figure {
    pub fn new(name: &str, value: String, wanted: &str) -> Self {
        Self { name: name.to_owned(), value, wanted: wanted.to_owned() }
    }
}

/// The figures as a table.
pub fn figures(figures: &[Figure]) -> String {
    let mut text = "| what | measured | wanted |\n|---|---|---|\n".to_owned();
    for Figure { name, value, wanted } in figures {
        text.push_str(&format!("| {name} | {value} | {wanted} |\n"));
    }
    text
}

/// What one of something costs.
#[derive(Debug, Serialize)]
pub struct Cost {
    pub name: String,
    /// Of the provider, in milliseconds.
    pub processor_ms: f64,
    pub statements: f64,
    pub commits: f64,
    /// Written to the log of PostgreSQL.
    pub log_bytes: f64,
    /// By which the database grew.
    pub stored_bytes: f64,
    /// To Redis.
    pub commands: f64,
}

/// The costs as a table.
pub fn costs(costs: &[Cost]) -> String {
    let mut text =
        "| one | processor | statements | transactions | log written | database grows by \
                    | commands to Redis |\n|---|---|---|---|---|---|---|\n"
            .to_owned();
    for cost in costs {
        text.push_str(&format!(
            "| {} | {:.2} ms | {:.1} | {:.1} | {} B | {} B | {:.1} |\n",
            cost.name,
            cost.processor_ms,
            cost.statements,
            cost.commits,
            whole(cost.log_bytes),
            whole(cost.stored_bytes),
            cost.commands,
        ));
    }
    text
}

/// One comparison.
#[derive(Debug, Serialize)]
pub struct Row {
    pub name: String,
    /// What the two sides are.
    pub ours: String,
    pub theirs: String,
    /// The ratio that is to be reached.
    pub at_least: f64,
    /// Each round: our rate, their rate.
    pub rounds: Vec<(f64, f64)>,
}

impl Row {
    fn ratios(&self) -> Vec<f64> {
        sorted(self.rounds.iter().map(|(ours, theirs)| ours / theirs).collect())
    }
}

fn sorted(mut numbers: Vec<f64>) -> Vec<f64> {
    numbers.sort_by(f64::total_cmp);
    numbers
}

/// The middle one.
pub fn median(numbers: Vec<f64>) -> f64 {
    let numbers = sorted(numbers);
    numbers.get(numbers.len() / 2).copied().unwrap_or(f64::NAN)
}

/// The table of `docs/benchmarks.md`.
pub fn table(rows: &[Row]) -> String {
    let mut text =
        "| what | measured | against | ratio, median | smallest to largest | at least | |\n\
                    |---|---|---|---|---|---|---|\n"
            .to_owned();
    for row in rows {
        let ratios = row.ratios();
        let middle = median(ratios.clone());
        let (low, high) = (ratios.first().unwrap_or(&0.0), ratios.last().unwrap_or(&0.0));
        let ours = median(row.rounds.iter().map(|round| round.0).collect());
        let theirs = median(row.rounds.iter().map(|round| round.1).collect());
        text.push_str(&format!(
            "| {} | {} {}/s | {} {}/s | {middle:.2} | {low:.2} to {high:.2} | {:.2} | {} |\n",
            row.name,
            row.ours,
            whole(ours),
            row.theirs,
            whole(theirs),
            row.at_least,
            if middle >= row.at_least { "reached" } else { "not reached" },
        ));
    }
    text
}

fn whole(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}
