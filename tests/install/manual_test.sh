#!/usr/bin/env bash
# Reads every page of the manual as `man` and `apropos` do: no warning, and one line that says what it is.
#   manual_test.sh BUILD_DIR
set -euo pipefail
export LC_ALL=C.UTF-8 MANWIDTH=80
pages=$1/generated/man
hotclock=$1/bin/hotclock
fail() { echo "$*" >&2; exit 1; }

read_page() {  # read_page FILE NAME
  [ -s "$1" ] || fail "there is no page $2"
  warnings=$(groff -man -ww -Kutf8 -Tutf8 -z "$1" 2>&1) || fail "$1: $warnings"
  [ -z "$warnings" ] || fail "$warnings"
  lexgrog "$1" | grep -qF ": \"$2 - " || fail "apropos would not find $2: $(lexgrog "$1")"
}

read_page "$pages/man1/hotclock.1" hotclock
count=1
for page in $("$hotclock" __man); do
  read_page "$pages/man1/hotclock-$page.1" "hotclock-$page"
  count=$((count + 1))
done
[ "$count" -gt 20 ] || fail "only $count pages"
[ "$(find "$pages/man1" -type f | wc -l)" -eq "$count" ] || fail "there is a page of a command that is not"

# What is called is told in the words of hotclock(1), once more, with all options.
man -l "$pages/man1/hotclock-run.1" | col -b >"$pages/../run.text"
grep -q 'hotclock run JOB \[--at TEXT\]' "$pages/../run.text" || fail "$(cat "$pages/../run.text")"
grep -q 'jobs change nothing twice' "$pages/../run.text" || fail "$(cat "$pages/../run.text")"

# Every key of the settings, with what it is by itself.
read_page "$pages/man5/hotclock.toml.5" hotclock.toml
MANWIDTH=400 man -l "$pages/man5/hotclock.toml.5" | col -b >"$pages/../settings.text"
source=$(dirname "$0")/../../docs
sed -n 's/^\([a-z_]*\) = .*/\1/p' "$source/hotclock.toml" "$source/jobs.d/og-daily-bonus.toml" | while read -r key; do
  grep -qE "(^|[ ,])$key = " "$pages/../settings.text" || fail "hotclock.toml(5) has no $key"
done
grep -q '^   \[database\]' "$pages/../settings.text" || fail "hotclock.toml(5) has no section [database]"
