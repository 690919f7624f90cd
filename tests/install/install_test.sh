#!/usr/bin/env bash
# Installs what was built into a directory of its own, and uses it as a newcomer would: the program
# runs from there, its settings are good, its manual can be read.
#   install_test.sh BUILD_DIR
set -euo pipefail
prefix=$(mktemp -d)
trap 'rm -rf "$prefix"' EXIT

cmake --install "$1" --prefix "$prefix" >/dev/null
expect() {  # expect FILE
  [ -s "$prefix/$1" ] || { echo "not installed, or empty: $1" >&2; exit 1; }
}
expect bin/hotclock
expect share/man/man1/hotclock.1.gz
expect share/man/man1/hotclock-festivals-show.1.gz
expect share/man/man5/hotclock.toml.5.gz
expect share/bash-completion/completions/hotclock
expect share/zsh/site-functions/_hotclock
expect share/fish/vendor_completions.d/hotclock.fish
expect share/doc/hotclock/LICENSE
expect share/doc/hotclock/monitoring.md
expect share/doc/hotclock/runbook/HotclockDown.md
expect share/hotclock/monitoring/prometheus.yml
expect share/hotclock/monitoring/grafana/hotclock.json
expect share/doc/hotclock/adopting.md
expect share/doc/hotclock/adopting/example.sql

bash -n "$prefix/share/bash-completion/completions/hotclock"
gunzip "$prefix"/share/man/man1/hotclock.1.gz
grep -q '^\.TH "hotclock" "1"' "$prefix/share/man/man1/hotclock.1"

cd "$prefix/share/doc/hotclock"
"$prefix/bin/hotclock" version | grep -q '^hotclock '
"$prefix/bin/hotclock" --config hotclock.toml config >/dev/null
"$prefix/bin/hotclock" next --from 2026-11-23T00:00:00Z -n 1 '5 0 * * *' >/dev/null

# The manual names every command that the program has, by itself or with an act.
"$prefix/bin/hotclock" --help | sed -n '/^Subcommands:/,$s/^  \([a-z-]*\) .*/\1/p' | while read -r command; do
  grep -qE "\\\\fB$command( [a-z]+)?\\\\fR" "$prefix/share/man/man1/hotclock.1" ||
    { echo "the manual does not name '$command'" >&2; exit 1; }
done
