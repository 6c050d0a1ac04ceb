//! Accounts from another system, with the password hashes that it made.

use std::collections::HashMap;
use std::io::BufRead;

use serde::Deserialize;

use super::audit::{Operator, log};
use super::users::{Profile, UserProblem};
use crate::base::Secret;
use crate::credentials::PasswordHash;
use crate::domain::{Event, Identifier, User};
use crate::protocol::StandardClaims;
use crate::store::{Db, Store, StoreError, audit, users};

/// More than an account with every claim has.
const MAX_LINE: u64 = 64 * 1024;
/// Who has more to mend mends these first.
const MAX_PROBLEMS: usize = 20;

/// An account as a line of the file says it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImportedUser {
    /// Name for signing in.
    pub username: String,
    /// E-mail address.
    pub email: String,
    /// Whether somebody proved that the address is theirs.
    #[serde(default)]
    pub email_verified: bool,
    /// Full name; the same as `claims.name`.
    #[serde(default)]
    pub name: Option<String>,
    /// Further standard claims.
    #[serde(default)]
    pub claims: StandardClaims,
    /// Groups it is in.
    #[serde(default)]
    pub groups: Vec<String>,
    /// May open the console.
    #[serde(default)]
    pub admin: bool,
    /// May not sign in.
    #[serde(default)]
    pub disabled: bool,
    /// What the other system kept of the password; an account without one has no password.
    #[serde(default)]
    pub password_hash: Option<Secret<String>>,
}

/// What is wrong with a line.
#[derive(Debug, thiserror::Error)]
#[error("line {line}: {problem}")]
pub struct LineProblem {
    /// Its number, from 1.
    pub line: usize,
    /// What is wrong. It repeats no password hash.
    pub problem: String,
}

/// Why nothing was imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportProblem {
    /// Lines that cannot be, the first twenty of them.
    #[error("{}", listed(.0))]
    Lines(Vec<LineProblem>),
    /// The file cannot be read.
    #[error("{0}")]
    Unreadable(#[from] std::io::Error),
    /// It did not work on our side, or another account took a name meanwhile.
    #[error(transparent)]
    Store(#[from] UserProblem),
}

fn listed(problems: &[LineProblem]) -> String {
    let shown = problems.iter().take(MAX_PROBLEMS).map(ToString::to_string);
    let mut parts: Vec<String> = shown.collect();
    if problems.len() > MAX_PROBLEMS {
        parts.push(format!("and {} more", problems.len() - MAX_PROBLEMS));
    }
    parts.join("; ")
}

/// Accounts that passed every check, each with its line.
pub struct Checked(Vec<(usize, User)>);

impl Checked {
    /// The accounts in the order of the file.
    pub fn users(&self) -> impl Iterator<Item = &User> {
        self.0.iter().map(|(_, user)| user)
    }
}

/// Reads JSON lines, one account on each, and checks all of them: each for itself, against each
/// other, and against the accounts that are there. Nothing changes.
///
/// # Errors
/// Every line that cannot be.
pub async fn check(on: Operator<'_>, file: impl BufRead) -> Result<Checked, ImportProblem> {
    let (mut found, mut problems) = (Vec::new(), Vec::new());
    for (line, text) in lines(file)? {
        let user = parse(&text).and_then(|new| new.into_user(on).map_err(|why| why.to_string()));
        match user {
            Ok(user) => found.push((line, user)),
            Err(problem) => problems.push(LineProblem { line, problem }),
        }
    }
    problems.extend(repeated(&found));
    problems.extend(taken(on.store, &found).await?);
    problems.sort_by_key(|problem| problem.line);
    if problems.is_empty() { Ok(Checked(found)) } else { Err(ImportProblem::Lines(problems)) }
}

/// Makes all the accounts, or none.
///
/// # Errors
/// When a name was taken meanwhile, or the store fails.
pub async fn import(on: Operator<'_>, checked: Checked) -> Result<Vec<User>, ImportProblem> {
    let users: Vec<User> = checked.0.into_iter().map(|(_, user)| user).collect();
    insert(on, users.clone()).await?;
    Ok(users)
}

/// Makes one account with the hash of another system.
///
/// # Errors
/// When something of it cannot be, is taken, or the store fails.
pub async fn create(on: Operator<'_>, new: ImportedUser) -> Result<User, UserProblem> {
    let user = new.into_user(on)?;
    insert(on, vec![user.clone()]).await?;
    Ok(user)
}

/// Stores accounts in one transaction, each with its row in the trail.
pub(super) async fn insert(on: Operator<'_>, accounts: Vec<User>) -> Result<(), UserProblem> {
    let row = |user: User| {
        let row = on.occasion().of(&Event::UserCreated { user: user.id });
        (user, row)
    };
    let stored: Vec<_> = accounts.into_iter().map(row).collect();
    let rows: Vec<_> = stored.iter().map(|(_, row)| row.clone()).collect();
    let insert = move |db: &mut Db| {
        for (user, row) in &stored {
            users::insert_user(db, user)?;
            audit::record(db, row)?;
        }
        Ok::<_, StoreError>(())
    };
    on.store.write("create users", insert).await?;
    rows.iter().for_each(log);
    Ok(())
}

impl ImportedUser {
    fn into_user(self, on: Operator<'_>) -> Result<User, UserProblem> {
        let name = self.name.or(self.claims.name);
        let profile = Profile {
            username: &self.username,
            email: &self.email,
            is_email_verified: self.email_verified,
            is_admin: self.admin,
            groups: &self.groups,
            claims: StandardClaims { name, ..self.claims },
        };
        let user = profile.into_user(on.clock, on.entropy)?;
        let hash =
            self.password_hash.map(|text| PasswordHash::import(text.expose())).transpose()?;
        Ok(User {
            password_hash: hash.map(|hash| hash.as_str().to_owned()),
            disabled_at: self.disabled.then(|| on.clock.now()),
            ..user
        })
    }
}

/// The lines that are not empty, with their numbers.
fn lines(mut file: impl BufRead) -> Result<Vec<(usize, Secret<String>)>, ImportProblem> {
    let (mut found, mut number) = (Vec::new(), 0);
    loop {
        let mut line = Vec::new();
        number += 1;
        let read = std::io::Read::take(&mut file, MAX_LINE + 1).read_until(b'\n', &mut line)?;
        if read == 0 {
            return Ok(found);
        }
        let wrong = |problem: &str| {
            let problem = problem.to_owned();
            ImportProblem::Lines(vec![LineProblem { line: number, problem }])
        };
        if read as u64 > MAX_LINE {
            return Err(wrong("it is longer than 64 KiB"));
        }
        let text = String::from_utf8(line).map_err(|_| wrong("it is not UTF-8"))?;
        if !text.trim().is_empty() {
            found.push((number, Secret::new(text)));
        }
    }
}

/// Messages about values would repeat them, and a hash may stand in the wrong place.
fn parse(line: &Secret<String>) -> Result<ImportedUser, String> {
    serde_json::from_str(line.expose()).map_err(|error| {
        let text = error.to_string();
        let is_about_a_name = ["unknown field", "missing field", "duplicate field"];
        match is_about_a_name.iter().any(|start| text.starts_with(start)) {
            true => text.split(" at line").next().unwrap_or_default().to_owned(),
            false => format!("it is no account in JSON (at column {})", error.column()),
        }
    })
}

/// Names that an earlier line has.
fn repeated(found: &[(usize, User)]) -> Vec<LineProblem> {
    let (mut first, mut problems) = (HashMap::new(), Vec::new());
    for (line, user) in found {
        let names = [("username", Some(&user.username)), ("email address", user.email.as_ref())];
        for (what, name) in names {
            let Some(name) = name else { continue };
            if let Some(earlier) = first.insert((what, name.as_str()), *line) {
                let problem = format!("line {earlier} has the same {what}");
                problems.push(LineProblem { line: *line, problem });
            }
        }
    }
    problems
}

/// Names that another account has.
async fn taken(store: &Store, found: &[(usize, User)]) -> Result<Vec<LineProblem>, UserProblem> {
    let mut names = Vec::new();
    for (line, user) in found {
        names.push((*line, "username", user.username.clone()));
        names.extend(user.email.clone().map(|email| (*line, "email address", email)));
    }
    let look = move |db: &mut Db| {
        let mut taken = Vec::new();
        for (line, what, name) in &names {
            let Ok(identifier) = Identifier::parse(name) else { continue };
            if users::find_user_by_identifier(db, &identifier)?.is_some() {
                taken.push((*line, *what));
            }
        }
        Ok::<_, StoreError>(taken)
    };
    let taken = store.read(look).await?;
    let problem = |(line, what)| LineProblem { line, problem: format!("the {what} is taken") };
    Ok(taken.into_iter().map(problem).collect())
}
