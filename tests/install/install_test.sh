#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Installs zopa::model and builds a ten-line program against the installed package.
#
#   install_test.sh BUILD_DIRECTORY C++-COMPILER
set -euo pipefail
build=$1 compiler=$2
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
cmake --install "$build" --prefix "$tree/prefix" >/dev/null
cp "$here/CMakeLists.txt" "$here/divide.cpp" "$tree"
cmake -S "$tree" -B "$tree/build" -G Ninja -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_COMPILER="$compiler" \
  -DCMAKE_PREFIX_PATH="$tree/prefix" >"$tree/log" 2>&1 || { cat "$tree/log"; exit 1; }
cmake --build "$tree/build" >"$tree/log" 2>&1 || { cat "$tree/log"; exit 1; }
output=$("$tree/build/divide")
[ "$output" = "1/3" ] || { echo "expected 1/3, got: $output"; exit 1; }
