#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Runs every notebook on the program that ZOPA names. Notebooks are stored without outputs, so that
# a change of them reads well; executed copies go to a temporary folder. 77: skipped.
set -u
cd "$(dirname "$0")/../notebooks" || exit 1
: "${ZOPA:?names the program to run}"

if [ ! -x /usr/bin/jupyter-nbconvert ]; then
  echo "skipped: /usr/bin/jupyter-nbconvert is not installed (apt-get install jupyter-nbconvert python3-ipykernel)"
  exit 77
fi
if ! /usr/bin/python3 -c 'import ipykernel, matplotlib, pandas' 2>/dev/null; then
  echo "skipped: python3-ipykernel, python3-matplotlib or python3-pandas is not installed"
  exit 77
fi

scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
# Jupyter and matplotlib write to the home folder, which a test has no business in.
export HOME=$scratch MPLCONFIGDIR=$scratch/matplotlib IPYTHONDIR=$scratch/ipython
export JUPYTER_RUNTIME_DIR=$scratch/runtime JUPYTER_DATA_DIR=$scratch/data JUPYTER_CONFIG_DIR=$scratch/config

status=0
for notebook in *.ipynb; do
  if grep -Eq '"(output_type|execution_count": [0-9])' "$notebook"; then
    echo "$notebook: stored with outputs; clear them with jupyter-nbconvert --clear-output --inplace"
    status=1
  fi
  # Debian's kernel runs Debian's Python, where pandas and matplotlib are.
  if /usr/bin/jupyter-nbconvert --to notebook --execute --ExecutePreprocessor.timeout=300 \
    --output-dir "${NOTEBOOKS_OUT:-$scratch}" "$notebook" >"$scratch/log" 2>&1; then
    echo "$notebook: ran"
  else
    cat "$scratch/log"
    echo "$notebook: failed"
    status=1
  fi
done
exit $status
