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
mkdir -p "$out"

# How many of ninja's steps are done: in place on a terminal, a line for every tenth of them elsewhere.
progress() {
  awk -v terminal="$([ -t 1 ] && echo 1)" '
    match($0, /^\[[0-9]+\/[0-9]+\]/) {
      split(substr($0, 2, RLENGTH - 2), part, "/")
      line = sprintf("quickstart: building, %d of %d", part[1], part[2])
      if (terminal) { printf "\r%s", line; fflush() }
      else if (int(part[1] * 10 / part[2]) > tenth) { tenth = int(part[1] * 10 / part[2]); print line; fflush() }
      any = 1
    }
    END { if (terminal && any) print "" }'
}

echo "quickstart: building (a first build takes minutes; the log is $out/build.log)"
{ cmake --preset release && cmake --build build/release --target rblnc; } 2>&1 | tee "$out/build.log" | progress ||
  { tail -n 40 "$out/build.log" >&2; echo "quickstart: the build failed; see $out/build.log" >&2; exit 1; }

"$python" examples/flash_attention_reference.py make "$out"
"$rblnc" compile "$kernel" -o "$out/flash_attention.rbln"
"$rblnc" run "$out/flash_attention.rbln" --arg q="$out/q.npy" --arg k="$out/k.npy" --arg v="$out/v.npy" --arg scale=0.125 \
  --out o="$out/o.npy" --stats="$out/stats.json"
"$python" examples/flash_attention_reference.py check "$out"
echo "bundle:       $out/flash_attention.rbln (rblnc inspect shows what is in it)"
