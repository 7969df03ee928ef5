#!/usr/bin/env bash
# The library shows the functions of its header, every one of them, and nothing else: no symbol of LLVM or of C++ may meet
# those of the process that loads it.
#
#   exports.sh NM LIBRARY HEADER
set -euo pipefail
declared="$(grep -oE '\brblnc_[a-z_]+\(' "$3" | tr -d '(' | sort -u)"
exported="$("$1" -D --defined-only --format=posix "$2" | cut -d' ' -f1 | sort -u)"
[ -n "$declared" ]
diff <(echo "$declared") <(echo "$exported") || {
  echo "exports: < is declared and not exported, > is exported and not declared" >&2
  exit 1
}
