#!/usr/bin/env bash
# Installs what the tests need (on Debian, when it may), then runs every test.
set -euo pipefail
cd "$(dirname "$0")"

need=()
command -v pdftoppm >/dev/null || need+=(poppler-utils)
command -v qpdf >/dev/null || need+=(qpdf)
command -v cc >/dev/null || need+=(gcc libc6-dev)
if [ ${#need[@]} -gt 0 ]; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${need[@]}" >/dev/null
  else
    echo "test.sh: these packages are missing, their tests will be skipped: ${need[*]}"
  fi
fi

cargo fmt --check
cargo test --locked --features panel-tests "$@"
if cargo tree --locked --no-default-features --edges normal --prefix none 2>/dev/null | grep -qE '^(egui|eframe|winit) '; then
  echo "test.sh: the library without the feature app depends on a windowing crate" >&2
  exit 1
fi
