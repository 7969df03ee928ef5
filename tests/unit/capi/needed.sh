#!/bin/bash
# needed.sh FILE...: fails when a file of the build needs a shared library beyond those that every system has, or that are
# named here.
set -euo pipefail
allowed='^(libc|libm|libstdc\+\+|libgcc_s|ld-linux-[a-z0-9-]+|libz)\.so(\.|$)'
status=0
for file; do
  needed=$(readelf --dynamic --wide "$file" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p')
  [ -n "$needed" ] || { echo "$file: readelf finds nothing"; status=1; }
  while read -r library; do
    if ! [[ $library =~ $allowed ]]; then
      echo "$file needs $library"
      status=1
    fi
  done <<<"$needed"
done
exit "$status"
