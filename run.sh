#!/usr/bin/env bash
# ./run.sh [FILE…]: opens the viewer, on the embedded sample when no file is given.
# Where there is no display it does the main job headless: analyses, prints the findings, writes the report PDF.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
target="${CARGO_TARGET_DIR:-$here/target}"
build() { cargo build --locked --release --manifest-path "$here/Cargo.toml" "$@"; }

missing=()
command -v cc >/dev/null || missing+=(gcc libc6-dev)
if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
  has() { ldconfig -p 2>/dev/null | grep -q "$1"; }
  has libGL.so.1 || missing+=(libgl1)
  has libEGL.so.1 || missing+=(libegl1 libgl1-mesa-dri)
  has libxkbcommon-x11.so.0 || missing+=(libxkbcommon-x11-0)
  has libX11-xcb.so.1 || missing+=(libx11-xcb1)
  has libXcursor.so.1 || missing+=(libxcursor1)
  has libXi.so.6 || missing+=(libxi6)
  has libXrandr.so.2 || missing+=(libxrandr2)
fi
if [ ${#missing[@]} -gt 0 ]; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${missing[@]}" >/dev/null
  else
    echo "run.sh: install these packages first: ${missing[*]}" >&2
    exit 1
  fi
fi
command -v cargo >/dev/null || { echo "run.sh: install Rust first (rustup, the toolchain is named in rust-toolchain.toml)" >&2; exit 1; }

if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
  build --bin einthoven
  exec "$target/release/einthoven" "$@"
fi

echo "run.sh: no display here, so this reads the recording without a window"
build --no-default-features --bin ecg
[ $# -gt 0 ] || set -- "$here/assets/sample/sample.hea"
code=0
"$target/release/ecg" analyze "$@" || code=$?
for file in "$@"; do
  out="$(basename "${file%.*}").pdf"
  "$target/release/ecg" report "$file" -o "$out" >/dev/null && echo "report: $(pwd)/$out" || code=$?
done
exit "$code"
