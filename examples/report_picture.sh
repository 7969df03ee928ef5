#!/usr/bin/env bash
# Makes examples/report.png: what `rblnc report` shows of a causal flash attention kernel. Needs a built rblnc and Chromium.
set -euo pipefail
cd "$(dirname "$0")/.."

rblnc=build/release/bin/rblnc
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome)

"$rblnc" compile kernels/attention/ttir/3.6.0/flash_causal_attention_prefill.h8g4d64.ttir -o "$folder/k.rbln"
"$rblnc" report "$folder/k.rbln" -o "$folder/report.html"
"$browser" --headless --no-sandbox --disable-gpu --hide-scrollbars --window-size=1280,1000 \
  --virtual-time-budget=5000 --screenshot="$folder/report.png" "file://$folder/report.html" 2>/dev/null
cp "$folder/report.png" examples/report.png
echo "examples/report.png: $(stat -c %s examples/report.png) bytes"
