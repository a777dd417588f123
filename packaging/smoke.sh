#!/usr/bin/env bash
# Starts the real window under Xvfb, drives it through the main job and fails where it shows an error or no trace.
# Uses the build of the tests, so that nothing is built twice.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo build --locked --features panel-tests --bins
program="${CARGO_TARGET_DIR:-target}/debug/einthoven"
recording=../shared/data/ptbxl/records500/00000/00030_hr.hea
[ -e "$recording" ] || recording=assets/sample/sample.hea

work="$(mktemp -d)"
cleanup() { [ -z "${xvfb:-}" ] || kill "$xvfb" 2>/dev/null || true; rm -rf "$work"; }
trap cleanup EXIT
# Xvfb picks a free display by itself and says which.
Xvfb -displayfd 3 -screen 0 1920x1080x24 -nolisten tcp 3>"$work/display" 2>"$work/xvfb.log" &
xvfb=$!
for _ in $(seq 100); do [ -s "$work/display" ] && break; sleep 0.1; done
DISPLAY=":$(cat "$work/display")"
export DISPLAY
unset WAYLAND_DISPLAY

for size in "1280 800" "1920 1080"; do
  for theme in light dark; do
    name="${size// /x}-$theme"
    cat >"$work/$name.script" <<SCRIPT
size $size
theme $theme
open $recording
wait analysis
next-segment
shot $work/$name.png
export-pdf $work/$name.pdf
export-json $work/$name.json
quit
SCRIPT
    timeout 120 "$program" --config "$work/config-$name" --script "$work/$name.script"
    for file in "$work/$name.png" "$work/$name.pdf" "$work/$name.json"; do
      [ -s "$file" ] || { echo "smoke: $file was not written" >&2; exit 1; }
    done
    echo "smoke: window at $name: opened, analysed, stepped, exported"
  done
done
if command -v qpdf >/dev/null; then qpdf --check "$work/1280x800-light.pdf" >/dev/null; fi
echo "smoke: ok"
