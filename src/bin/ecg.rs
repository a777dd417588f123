//! The command line `ecg`: everything is in the library's `cli`.

use std::process::ExitCode;

fn main() -> ExitCode {
    einthoven::cli::main()
}
