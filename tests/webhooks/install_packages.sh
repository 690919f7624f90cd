#!/usr/bin/env bash
# Installs what package-lock.json names into node_modules beside it, unless that is what is there already.
set -euo pipefail
cd "$(dirname "$0")"
cmp -s package-lock.json node_modules/.installed && exit 0
npm ci --no-audit --no-fund --silent
cp package-lock.json node_modules/.installed
