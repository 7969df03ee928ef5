#!/usr/bin/env bash
# Installs what is missing, builds the release preset and runs every test. Ends with CTest's summary and its status.
# Arguments are passed on to ctest, e.g. `tests/run.sh -R unit`.
set -euo pipefail
cd "$(dirname "$0")/.."

bash tests/setup.sh test
cmake --preset release
cmake --build --preset release
exec ctest --test-dir build/release --output-on-failure --no-tests=error "$@"
