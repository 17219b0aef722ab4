#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The script ./zopa, on a tree of its own with a program of five lines: what it builds, when, and what it says.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
command -v dpkg-query >/dev/null || { echo "skipped: no dpkg here"; exit 77; }
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
unset CMAKE_CXX_COMPILER_LAUNCHER

tree=$scratch/tree
mkdir -p "$tree/model" "$tree/src" "$scratch/elsewhere"
cp "$here/zopa" "$here/CMakePresets.json" "$tree"
cat >"$tree/CMakeLists.txt" <<'CMAKE'
cmake_minimum_required(VERSION 3.25)
project(zopa LANGUAGES CXX)
add_executable(zopa src/main.cpp)
CMAKE
program() {
  cat >"$tree/src/main.cpp" <<CPP
#include <cstdio>
int main(int n, char** words) {
  std::printf("$1");
  for (int k = 1; k < n; ++k) std::printf(" [%s]", words[k]);
  return n;
}
CPP
}

# expect TITLE STATUS OUTPUT MESSAGE COMMAND…: MESSAGE is a part of stderr; empty: nothing may be there.
expect() {
  local title=$1 status=$2 output=$3 message=$4 got=0
  shift 4
  "$@" >"$scratch/out" 2>"$scratch/err" </dev/null || got=$?
  if [[ $got != "$status" || $(cat "$scratch/out") != "$output" || $(cat "$scratch/err") != *"$message"* ||
    (-z $message && -s $scratch/err) ]]; then
    printf '%s: status %s, expected %s\nstdout: %s\nstderr: %s\n' "$title" "$got" "$status" "$(cat "$scratch/out")" "$(cat "$scratch/err")"
    exit 1
  fi
}

program one
cd "$scratch/elsewhere"
expect 'the first run builds, passes arguments and the status' 3 'one [a b] [c]' 'building the program' ../tree/zopa 'a b' c
expect 'the second run says nothing of its own' 1 'one' '' ../tree/zopa
program two
expect 'a newer source is built' 1 'two' 'building the program' "$tree/zopa"
ln -s "$tree/zopa" "$scratch/link"
expect 'a link to it works' 1 'two' '' "$scratch/link"
echo 'no C++' >>"$tree/src/main.cpp"
expect 'a build that fails shows the error' 70 '' 'error: ' "$tree/zopa"
program three
"$tree/zopa" >"$scratch/first" 2>/dev/null & first=$!
"$tree/zopa" >"$scratch/second" 2>/dev/null & second=$!
wait $first || true
wait $second || true
[[ $(cat "$scratch/first" "$scratch/second") == threethree ]] || { echo 'two runs at once disturb each other'; exit 1; }
mv "$tree" "$scratch/moved"
tree=$scratch/moved
expect 'a tree that was moved is built again' 1 'three' 'building the program' "$tree/zopa"

# Debian without the packages, and without apt or sudo.
mkdir "$scratch/bin"
for tool in bash cat find flock grep mkdir touch readlink rm; do ln -s "$(command -v $tool)" "$scratch/bin"; done
printf '#!/bin/sh\nexit 1\n' >"$scratch/fails"
chmod +x "$scratch/fails"
ln -s "$scratch/fails" "$scratch/bin/dpkg-query"
program four
expect 'without apt the packages are named' 70 '' 'building zopa needs these Debian packages: cmake ninja-build g++' \
  env PATH="$scratch/bin" "$tree/zopa"
if ((EUID != 0)); then
  ln -s "$scratch/fails" "$scratch/bin/apt-get"
  expect 'without sudo the command is named' 70 '' 'As root: apt-get install cmake' env PATH="$scratch/bin" "$tree/zopa"
  rm -rf "$tree/build"
  chmod -w "$tree"
  expect 'a tree that cannot be written to is named' 70 '' 'cannot write to' "$tree/zopa"
  chmod +w "$tree"
fi
