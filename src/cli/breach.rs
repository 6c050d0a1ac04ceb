//! `tessera breach`: passwords that are known from breaches.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::{Args, Subcommand};
use serde_json::json;

use super::installation::make_folder;
use super::output::Output;
use crate::config::Settings;
use crate::credentials::{BreachBuilder, BreachFilter, Corpus};

#[derive(Debug, Subcommand)]
pub(super) enum BreachCommand {
    /// Make the file that new passwords are looked up in; the server reads it when it starts
    #[command(after_help = "Example: tessera breach build pwned-passwords.txt --min-count 10")]
    Build(Build),
}

#[derive(Debug, Args)]
pub(super) struct Build {
    /// SHA-1 digests in hexadecimal, one on each line, with or without `:COUNT` behind it; `-` is
    /// standard input
    file: PathBuf,
    /// Where to write, in place of `passwords.breach_filter`
    #[arg(long, value_name = "PATH")]
    out: Option<PathBuf>,
    /// The file holds the passwords themselves
    #[arg(long)]
    plain: bool,
    /// Leave out what was seen less often
    #[arg(long, value_name = "N", default_value_t = 1, conflicts_with = "plain")]
    min_count: u64,
    #[command(flatten)]
    output: Output,
}

/// Does what the command says.
pub(super) fn run(settings: &Settings, command: BreachCommand) -> anyhow::Result<()> {
    let BreachCommand::Build(args) = command;
    let out = match args.out {
        Some(out) => out,
        None => {
            make_folder(&settings.data_dir)?;
            settings.breach_filter.clone().unwrap_or_else(|| default_path(settings))
        }
    };
    let corpus =
        if args.plain { Corpus::Plain } else { Corpus::Sha1 { min_count: args.min_count } };
    let from = open(&args.file)?;
    let mut builder = BreachBuilder::begin(&out)?;
    corpus.read(from, &mut builder).with_context(|| args.file.display().to_string())?;
    let built = builder.finish().with_context(|| out.display().to_string())?;
    let place = out.display();
    let text = format!(
        "{} passwords in {} bytes written to {place}: the server reads them when it starts",
        built.entries, built.bytes
    );
    let value =
        json!({ "entries": built.entries, "bytes": built.bytes, "path": place.to_string() });
    args.output.print(&text, &value)
}

fn open(path: &Path) -> anyhow::Result<Box<dyn BufRead>> {
    if path == Path::new("-") {
        return Ok(Box::new(std::io::stdin().lock()));
    }
    let file = File::open(path).with_context(|| path.display().to_string())?;
    Ok(Box::new(BufReader::with_capacity(1 << 16, file)))
}

/// The filter of this installation, checked from its first byte to its last. One that the
/// configuration names must be there; that of the data folder may be.
pub(super) fn load(settings: &Settings) -> anyhow::Result<Option<BreachFilter>> {
    let path = match &settings.breach_filter {
        Some(path) => path.clone(),
        None => {
            let path = default_path(settings);
            let place = || format!("cannot look for the breach filter {}", path.display());
            if !path.try_exists().with_context(place)? {
                return Ok(None);
            }
            path
        }
    };
    let place = || format!("cannot use the breach filter {}", path.display());
    let filter = BreachFilter::open(&path).with_context(place)?;
    tracing::info!(entries = filter.entries(), "new passwords are looked up in the breach filter");
    Ok(Some(filter))
}

fn default_path(settings: &Settings) -> PathBuf {
    settings.data_dir.join("breach.filter")
}
