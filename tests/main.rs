//! One integration binary: one link step instead of one for each file.

mod cli;
