#!/usr/bin/env bash
# Makes .venv with the first Python found that fits, and puts the pinned uv into it.
set -euo pipefail
cd "$(dirname "$0")/.."

if [ ! -x .venv/bin/python ]; then
  python=""
  for candidate in ${PYTHON:-python3.11 python3.12 python3.13 python3}; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      python=$candidate
      break
    fi
  done
  if [ -z "$python" ]; then
    echo "Livecue needs Python 3.11 or newer and found none (PYTHON=/path/to/python names one)." >&2
    exit 1
  fi
  echo "creating .venv with $("$python" --version)"
  if ! "$python" -m venv .venv; then
    rm -rf .venv
    echo "This Python cannot make a virtual environment. On Debian: apt-get install python3-venv" >&2
    exit 1
  fi
fi
.venv/bin/python -m pip install --quiet --disable-pip-version-check \
  --require-hashes -r requirements/bootstrap.txt
touch .venv/bin/uv
