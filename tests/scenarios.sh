#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Every scenario of the project is sound, without a warning: `zopa check --strict` on all of scenarios/.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
find scenarios -name '*.yaml' | sort | xargs -d '\n' "$ZOPA" check --strict
