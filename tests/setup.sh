#!/usr/bin/env bash
# Installs what is missing. Idempotent; needs root or sudo only when something is missing.
#
#   tests/setup.sh build      what building rblnc needs
#   tests/setup.sh quickstart the same, and NumPy for examples/quickstart.sh
#   tests/setup.sh test       the same, clang-format, Chromium for the test of reports where there is no such browser, and
#                             a virtual environment outside of the tree with pytest, PyTorch and Triton; in a folder
#                             beside it the newest Triton that the package works with
set -euo pipefail

build_packages=(
  ca-certificates git cmake ninja-build clang-22 lld-22 ccache
  libmlir-22-dev llvm-22-dev mlir-22-tools llvm-22-tools
  libfmt-dev libspdlog-dev libcli11-dev libtomlplusplus-dev catch2 libflatbuffers-dev flatbuffers-compiler
  libzstd-dev zlib1g-dev python3)
newest_triton=triton-3.7.1
venv="${RBLNC_VENV:-${XDG_CACHE_HOME:-$HOME/.cache}/rblnc/venv}"

lacks() {
  echo "setup: $*" >&2
  exit 1
}

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  else
    sudo "$@"
  fi
}

install_packages() {
  local missing=() package
  for package in "$@"; do
    dpkg-query -W -f='${db:Status-Abbrev}\n' "$package" 2>/dev/null | grep -q '^ii' || missing+=("$package")
  done
  if [ ${#missing[@]} = 0 ]; then
    return
  fi
  command -v apt-get >/dev/null || lacks "these packages are missing, and there is no apt-get: ${missing[*]}"
  [ "$(id -u)" = 0 ] || command -v sudo >/dev/null ||
    lacks "these packages are missing, and installing them needs root or sudo: ${missing[*]}"
  echo "setup: installing ${missing[*]}"
  local install=(env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}")
  # The lists of packages are fetched only when what there is does not do.
  if ! as_root "${install[@]}" >/dev/null 2>&1; then
    as_root apt-get update -q >/dev/null || lacks "apt-get update failed"
    as_root "${install[@]}" >/dev/null || lacks "apt-get cannot install: ${missing[*]}"
  fi
}

# The names that tests/e2e/test_cli_profile.py looks for.
has_browser() {
  command -v chromium || command -v chromium-browser || command -v google-chrome
} >/dev/null

in_venv() {
  "$venv/bin/python" -m pip install -q --disable-pip-version-check "$@"
}

# On x86 the default index has PyTorch for CUDA, gigabytes of which nothing is used here. A build for the CPU has "+cpu"
# in its version; it comes from a folder that pip is told of (PIP_FIND_LINKS) or from PyTorch's own index.
install_torch() {
  local index=https://download.pytorch.org/whl/cpu
  in_venv "torch==$1+cpu" 2>/dev/null && return
  if "$venv/bin/python" -c "import urllib.request as u; u.urlopen('$index/', timeout=10)" 2>/dev/null; then
    in_venv --extra-index-url "$index" "torch==$1+cpu" && return
  fi
  echo "setup: there is no PyTorch $1 for the CPU alone; taking the default one"
  in_venv "torch==$1" || lacks "pip cannot install torch==$1"
}

make_venv() {
  local requirements wanted
  requirements="$(dirname "$0")/requirements.txt"
  wanted="$(sha256sum <"$requirements") $newest_triton"
  if [ -x "$venv/bin/python" ] && [ "$(cat "$venv/rblnc-requirements" 2>/dev/null)" = "$wanted" ]; then
    return
  fi
  echo "setup: making the Python environment $venv"
  rm -rf "$venv"
  mkdir -p "$(dirname "$venv")"
  /usr/bin/python3 -m venv "$venv" || lacks "python3 cannot make a virtual environment in $venv"
  install_torch "$(sed -n 's/^torch==//p' "$requirements")"
  in_venv -r "$requirements" || lacks "pip cannot install $(tr '\n' ' ' <"$requirements")"
  in_venv --no-deps --target "$venv/$newest_triton" "${newest_triton/-/==}" || lacks "pip cannot install $newest_triton"
  echo "$wanted" >"$venv/rblnc-requirements"
}

case "${1:-test}" in
build) install_packages "${build_packages[@]}" ;;
quickstart) install_packages "${build_packages[@]}" python3-numpy ;;
test)
  install_packages "${build_packages[@]}" python3-venv clang-format-22
  # Where Debian's package has another name, a browser may be there all the same.
  has_browser || install_packages chromium
  make_venv
  ;;
*) lacks "unknown part '$1': build, quickstart or test" ;;
esac
