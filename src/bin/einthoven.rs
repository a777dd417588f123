//! The viewer.

use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match einthoven::app::run(std::env::args().skip(1)) {
        Ok(words) => {
            if let Some(words) = words {
                println!("{words}");
            }
            ExitCode::SUCCESS
        }
        Err(why) => {
            eprintln!("einthoven: {why}");
            ExitCode::FAILURE
        }
    }
}
