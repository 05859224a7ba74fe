#!/usr/bin/env bash
# Installs what the build and the tests need: Debian 12's packages, and only those that are missing.
set -euo pipefail

packages=(
  g++-12 clang-14 libclang-rt-14-dev llvm-14 lld cmake ninja-build make ccache pkg-config git python3 clang-format-14
  libboost1.81-dev libboost-filesystem1.81-dev rapidjson-dev libexpected-dev libcli11-dev libfmt-dev libspdlog-dev
  libyaml-cpp-dev libsodium-dev nettle-dev libsmartcols-dev catch2 nlohmann-json3-dev libbenchmark-dev
  libcurl4-openssl-dev libarchive-dev libseccomp-dev libutf8proc-dev zlib1g-dev openssl
  chromium fonts-dejavu-core socat curl valgrind
)
# What the benchmarks are compared with, and what draws their plots.
benchmark_packages=(libclass-loader-dev qtbase5-dev gnuplot-nox)
# Only where no other Node is there: the console is rebuilt and tested with it, the C++ project needs none.
command -v node >/dev/null || packages+=(nodejs)
command -v npm >/dev/null || packages+=(npm)

usage() {
  cat <<'TEXT'
usage: scripts/install-deps.sh [--benchmarks] [--list]

Installs the packages that cowork is built and tested with, where they are missing (Debian 12; as root or with sudo).
On another system it says what is needed and fails when a tool or a library is missing.

  --benchmarks  also what only the benchmarks use
  --list        only print the packages
TEXT
}

is_debian_12() {
  # shellcheck source=/dev/null
  [ -r /etc/os-release ] && (. /etc/os-release && [ "${ID:-}" = debian ] && [ "${VERSION_ID:-}" = 12 ])
}

missing_packages() {
  local package
  for package in "${packages[@]}"; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || printf '%s\n' "$package"
  done
}

install_packages() {
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
      echo "These packages are missing, and only root can install them: $*" >&2
      echo "As root: apt-get install --no-install-recommends $*" >&2
      exit 1
    fi
    as_root=(sudo)
  fi
  echo "Installing: $*" >&2
  "${as_root[@]}" apt-get -qq update
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -y install --no-install-recommends "$@" >/dev/null
}

# A header says that a library's development files are there; elsewhere they have other packages' names.
missing_elsewhere() {
  local tool header
  for tool in g++-12 clang++-14 cmake ninja make pkg-config git python3 openssl node npm chromium socat curl; do
    command -v "$tool" >/dev/null || echo "program $tool"
  done
  for header in boost/filesystem.hpp boost/beast.hpp rapidjson/reader.h tl/expected.hpp CLI/CLI.hpp fmt/format.h \
    yaml-cpp/yaml.h sodium.h nettle/sha2.h libsmartcols/libsmartcols.h catch2/catch.hpp nlohmann/json.hpp benchmark/benchmark.h curl/curl.h archive.h \
    seccomp.h utf8proc.h zlib.h valgrind/callgrind.h; do
    printf '#if !__has_include(<%s>)\n#error\n#endif\n' "$header" | "${CXX:-c++}" -x c++ -E - >/dev/null 2>&1 || echo "header $header"
  done
}

if [ "${1:-}" = --benchmarks ]; then
  packages+=("${benchmark_packages[@]}")
  shift
fi
case "${1:-}" in
  '') ;;
  --list) printf '%s\n' "${packages[@]}"; exit 0 ;;
  -h | --help) usage; exit 0 ;;
  *) usage >&2; exit 2 ;;
esac

if is_debian_12; then
  mapfile -t missing < <(missing_packages)
  [ "${#missing[@]}" -eq 0 ] || install_packages "${missing[@]}"
  exit 0
fi

mapfile -t missing < <(missing_elsewhere)
[ "${#missing[@]}" -gt 0 ] || exit 0
{
  echo "This is not Debian 12, so nothing was installed. Missing:"
  printf '  %s\n' "${missing[@]}"
  echo "Needed: g++ 12, clang 14 with its sanitizer runtimes, CMake >= 3.25, Ninja, Boost >= 1.81 (Filesystem, DLL, Asio, Beast), RapidJSON,"
  echo "tl-expected, CLI11, fmt, yaml-cpp, libsodium, nettle, libsmartcols, libcurl, libarchive, libseccomp, utf8proc; for the tests"
  echo "Catch2, nlohmann-json, zlib, openssl, Node >= 18 with npm, Chromium, socat and curl, for the benchmarks Google Benchmark. Debian 12 calls them: ${packages[*]}"
} >&2
exit 1
