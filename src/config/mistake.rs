use std::fmt::{self, Display, Formatter};
use std::path::PathBuf;

/// Where a value came from, in the order of a report.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// A line of the configuration file, from 1.
    Line(PathBuf, usize),
    /// The configuration file as a whole.
    File(PathBuf),
    /// A variable of the environment.
    Variable(String),
    /// Nowhere: the value is missing, or it is a default.
    Nowhere,
}

/// One thing that is wrong in the configuration. It never holds the value of a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// Where it stands.
    pub source: Source,
    /// What is wrong and what to write instead.
    pub text: String,
}

/// Everything that is wrong in the configuration, found in one pass. There is at least one.
///
/// It displays as one line for each mistake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistakes(pub Vec<Mistake>);

impl Display for Source {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line(path, line) => write!(f, "{}:{line}", path.display()),
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Variable(name) => f.write_str(name),
            Self::Nowhere => f.write_str("configuration"),
        }
    }
}

impl Display for Mistake {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.source, self.text)
    }
}

impl Display for Mistakes {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (at, mistake) in self.0.iter().enumerate() {
            let line_break = if at == 0 { "" } else { "\n" };
            write!(f, "{line_break}{mistake}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Mistakes {}
