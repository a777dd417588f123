#!/usr/bin/env bash
# What every commit passes: form, lints as errors, the laws of the house, documentation, quick tests.
set -euo pipefail
cd "$(dirname "$0")"
cargo fmt --check
cargo clippy --locked --all-targets --features panel-tests -- -D warnings
cargo test --locked --features panel-tests --test suite house
RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps --lib --features panel-tests --quiet
cargo test --locked --features panel-tests --lib --quiet
