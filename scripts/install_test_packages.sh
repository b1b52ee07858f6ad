#!/usr/bin/env bash
# Installs the Debian packages that only the tests need, where it may; else names them and stops.
set -euo pipefail

packages=(chromium fonts-noto-cjk pocketsphinx-testdata)

missing=()
for package in "${packages[@]}"; do
  state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
  [ "$state" = installed ] || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

line="apt-get install -y --no-install-recommends ${missing[*]}"
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
  echo "The tests need packages that are not installed. As root, run: $line" >&2
  exit 1
fi
echo "installing the packages that the tests need: ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
$line -qq >/dev/null
