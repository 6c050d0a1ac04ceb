use std::io::{self, Write as _};

use clap::Args;
use serde_json::Value;

/// How a command answers.
#[derive(Debug, Clone, Copy, Args)]
pub(super) struct Output {
    /// Answer in JSON, for programs
    #[arg(long)]
    json: bool,
}

impl Output {
    /// Prints `value` for programs or `text` for people.
    pub(super) fn print(self, text: &str, value: &Value) -> anyhow::Result<()> {
        if self.json { print_line(&format!("{value:#}")) } else { print_line(text) }
    }
}

/// Prints to standard output. A reader that went away, as `head` does, is no failure.
pub(super) fn print_line(text: &str) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    match writeln!(out, "{text}").and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

/// Tells of something on standard error that is no failure.
pub(super) fn warn(text: &str) {
    eprintln!("warning: {}", one_line(text));
}

/// `text` with its line breaks and other control characters as spaces.
pub(super) fn one_line(text: &str) -> String {
    text.trim().chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_one_line() {
        assert_eq!(one_line("it\nfailed:\r\n\tno\u{1b}[31m file\n"), "it failed:   no [31m file");
    }
}
