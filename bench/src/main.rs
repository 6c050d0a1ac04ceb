//! Load on a running Tessera, beside the raw limit of this machine and a peer, in one run.
//!
//! Two sides of a comparison take turns: each round measures one and then the other for the same
//! while, and gives one ratio. What is reported is the median of the rounds, with the smallest and
//! the largest, because machines are noisy.

mod compare;
mod cost;
mod load;
mod party;
mod provider;
mod raw;
mod report;
mod special;

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Result;
use clap::{Parser, Subcommand};

#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serves the raw limit.
    RawLimit {
        #[arg(long)]
        listen: String,
    },
    /// Measures, and prints the table.
    Run(Run),
}

/// How to measure.
#[derive(clap::Args)]
pub struct Run {
    /// The program to measure.
    #[arg(long)]
    program: PathBuf,
    /// The folder of the peer; without it there is no comparison with it.
    #[arg(long)]
    peer: Option<PathBuf>,
    /// Rounds of each comparison.
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Seconds of each side of a round.
    #[arg(long, default_value_t = 3.0)]
    seconds: f64,
    /// Comparisons whose name contains this.
    #[arg(long, default_value = "")]
    only: String,
    /// People of the installation that is compared with one of a thousand; each has five grants.
    #[arg(long)]
    people: Option<usize>,
    /// Where every single figure is written, as JSON.
    #[arg(long)]
    raw_output: Option<PathBuf>,
    /// A folder for the tables, each in a file of its own.
    #[arg(long)]
    tables: Option<PathBuf>,
}

impl Run {
    fn how_long(&self) -> Duration {
        Duration::from_secs_f64(self.seconds)
    }
}

fn main() -> Result<()> {
    match Arguments::parse().command {
        Command::RawLimit { listen } => raw::serve(&listen),
        Command::Run(run) => {
            let rows = compare::all(&run)?;
            let figures = special::all(&run)?;
            let costs = cost::all(&run)?;
            if let Some(path) = &run.raw_output {
                let raw =
                    serde_json::json!({ "comparisons": rows, "figures": figures, "costs": costs });
                std::fs::write(path, serde_json::to_string_pretty(&raw)?)?;
            }
            let (rows, figures) = (report::table(&rows), report::figures(&figures));
            let costs = report::costs(&costs);
            if let Some(folder) = &run.tables {
                std::fs::write(folder.join("ratios.md"), format!("{rows}\n{figures}"))?;
                std::fs::write(folder.join("costs.md"), &costs)?;
            }
            println!("{rows}\n{figures}\n{costs}");
            Ok(())
        }
    }
}
