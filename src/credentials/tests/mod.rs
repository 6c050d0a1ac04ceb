//! Passwords and sealed values, by the line of the threat model they belong to.

mod imported;
mod passwords;
mod pool;
mod sealing;
