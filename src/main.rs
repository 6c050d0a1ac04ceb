//! The `tessera` command.

use std::process::ExitCode;

/// Faster than the system's allocator where many threads make many small things.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    tessera::cli::run()
}
