use std::io::{BufRead, Read as _};

use super::{BreachBuilder, BreachError, sha1};

/// No line of a corpus is longer, and no password of ours.
const MAX_LINE: u64 = 4 * 1024;

/// How a corpus is written: one password on each line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Corpus {
    /// SHA-1 in hexadecimal, with or without `:COUNT` behind it.
    Sha1 {
        /// What was seen less often is left out; a line without a count never is.
        min_count: u64,
    },
    /// The passwords themselves.
    Plain,
}

/// Why a corpus is not taken.
#[derive(Debug, thiserror::Error)]
pub enum CorpusProblem {
    /// A line is not what it should be. It is not repeated, as it may be somebody's password.
    #[error("line {line}: {problem}")]
    Line {
        /// Its number, from 1.
        line: u64,
        /// What is wrong.
        problem: &'static str,
    },
    /// It cannot be read.
    #[error("{0}")]
    Unreadable(#[from] std::io::Error),
    /// The filter cannot be written.
    #[error(transparent)]
    Filter(#[from] BreachError),
}

impl Corpus {
    /// Reads a corpus line by line into `builder`, and says how many passwords were taken.
    ///
    /// # Errors
    /// The first line that is wrong, or what the disk says.
    pub fn read(
        self,
        mut from: impl BufRead,
        builder: &mut BreachBuilder,
    ) -> Result<u64, CorpusProblem> {
        let (mut number, mut taken, mut line) = (0, 0, Vec::new());
        loop {
            line.clear();
            if (&mut from).take(MAX_LINE + 2).read_until(b'\n', &mut line)? == 0 {
                return Ok(taken);
            }
            number += 1;
            let wrong = |problem| CorpusProblem::Line { line: number, problem };
            let text = line.strip_suffix(b"\n").unwrap_or(&line);
            let text = text.strip_suffix(b"\r").unwrap_or(text);
            if text.len() as u64 > MAX_LINE {
                return Err(wrong("it is longer than 4 KiB"));
            }
            if text.is_empty() {
                continue;
            }
            if let Some(sha1) = self.parse(text).map_err(wrong)? {
                builder.add(&sha1)?;
                taken += 1;
            }
        }
    }

    fn parse(self, line: &[u8]) -> Result<Option<[u8; 20]>, &'static str> {
        let min_count = match self {
            Self::Plain => return Ok(Some(sha1(line))),
            Self::Sha1 { min_count } => min_count,
        };
        let shape = "it is no SHA-1 in hexadecimal (a list of passwords needs --plain)";
        let (hex, count) = match line.iter().position(|byte| *byte == b':') {
            Some(colon) => (&line[..colon], Some(&line[colon + 1..])),
            None => (line, None),
        };
        let mut digest = [0; 20];
        let upper = hex.to_ascii_uppercase();
        let is_whole =
            upper.len() == 40 && data_encoding::HEXUPPER.decode_mut(&upper, &mut digest).is_ok();
        if !is_whole {
            return Err(shape);
        }
        let count = count.map(|count| std::str::from_utf8(count).ok()?.trim().parse::<u64>().ok());
        match count {
            None => Ok(Some(digest)),
            Some(Some(count)) => Ok((count >= min_count).then_some(digest)),
            Some(None) => Err("what stands behind the colon is no count"),
        }
    }
}
