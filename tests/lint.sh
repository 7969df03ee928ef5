#!/usr/bin/env bash
# What a machine can check about the form of the code.
#
#   tests/lint.sh format          every C++ file is formatted as .clang-format says (a CTest entry)
#   tests/lint.sh fix             formats them
#   tests/lint.sh python          ruff as .ruff.toml says and mypy, on all Python (a CTest entry); RBLNC_TEST_PYTHON has both
#   tests/lint.sh tidy [FILE...]  clang-tidy with .clang-tidy, on all of src by default; needs build/release (or RBLNC_BUILD)
set -euo pipefail
cd "$(dirname "$0")/.."

mapfile -t files < <(find include src tests -name '*.cpp' -o -name '*.h' | sort)
case "${1:-format}" in
format) clang-format-22 --dry-run --Werror "${files[@]}" ;;
fix) clang-format-22 -i "${files[@]}" ;;
python)
  python="${RBLNC_TEST_PYTHON:-python3}"
  "$python" -m ruff check --no-cache kernels tests examples
  # Of what the package imports only its own annotations count: Triton and PyTorch are optional.
  (cd kernels && MYPYPATH=. "$python" -m mypy --explicit-package-bases --ignore-missing-imports --follow-imports=silent \
    --cache-dir=/dev/null rblnc attention rblib)
  ;;
tidy)
  shift
  if [ $# = 0 ]; then
    mapfile -t sources < <(find src -name '*.cpp' | sort)
    set -- "${sources[@]}"
  fi
  printf '%s\n' "$@" | xargs -P "$(nproc)" -n 4 clang-tidy-22 --quiet -p "${RBLNC_BUILD:-build/release}" 2>/dev/null
  ;;
*)
  echo "lint: unknown part '$1': format, fix, python or tidy" >&2
  exit 2
  ;;
esac
