//! Passwords and sealed values, by the line of the threat model they belong to.

mod passwords;
mod pool;
mod sealing;
