#!/usr/bin/env bash
# From nothing to a checked result: installs what is missing, builds rblnc, compiles a flash attention kernel that Triton
# printed, runs it on the emulator and compares with NumPy in float64. Ends with status 1 when the numbers are wrong.
set -euo pipefail
cd "$(dirname "$0")/.."

kernel=kernels/ttir/3.6.0/flash_attention.h2l64s256.raw.ttir
out=build/quickstart
rblnc=build/release/bin/rblnc
python=/usr/bin/python3

bash tests/setup.sh quickstart
echo "quickstart: building (a first build takes minutes)"
mkdir -p "$out"
{ cmake --preset release && cmake --build build/release --target rblnc; } >"$out/build.log" 2>&1 ||
  { tail -n 40 "$out/build.log" >&2; echo "quickstart: the build failed; see $out/build.log" >&2; exit 1; }

"$python" examples/flash_attention_reference.py make "$out"
"$rblnc" compile "$kernel" -o "$out/flash_attention.rbln"
"$rblnc" run "$out/flash_attention.rbln" --arg q="$out/q.npy" --arg k="$out/k.npy" --arg v="$out/v.npy" --arg scale=0.125 \
  --out o="$out/o.npy" --stats="$out/stats.json"
"$python" examples/flash_attention_reference.py check "$out"
echo "bundle:       $out/flash_attention.rbln (rblnc inspect shows what is in it)"
