#!/usr/bin/env bash
# Installs what was built into a directory of its own, and builds the examples there as others would: by find_package
# and by pkg-config, with nothing of the source tree in sight. Then it runs them and reads what they print.
#   library_test.sh BUILD_DIR COMPILER SANITIZERS
set -euo pipefail
build=$1 compiler=$2 sanitizers=$3
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
fail() { echo "$*" >&2; exit 1; }
quietly() { "$@" >"$room/log" 2>&1 || { cat "$room/log" >&2; exit 1; }; }
flags=(-Wall -Wextra -Werror ${sanitizers:+-fsanitize=$sanitizers})

# Moved after it was installed: nothing in it says where it was.
cmake --install "$build" --prefix "$room/installed" >/dev/null
mv "$room/installed" "$room/prefix"
prefix=$room/prefix
cp -r "$prefix/share/doc/hotclock/examples" "$room/examples"

built_by_cmake() {  # built_by_cmake EXAMPLE
  quietly cmake -G Ninja -S "$room/examples/$1" -B "$room/$1" -DCMAKE_PREFIX_PATH="$prefix" \
    -DCMAKE_CXX_COMPILER="$compiler" -DCMAKE_CXX_FLAGS="${flags[*]}"
  quietly cmake --build "$room/$1"
}
worked_a_schedule() {  # worked_a_schedule PROGRAM
  timeout 60 "$1" >"$room/said"
  head -1 "$room/said" | grep -qx 'due every second' || fail "$(cat "$room/said")"
  grep -qx 'digest: attempt 1 failed: the mail server is away' "$room/said" || fail "$(cat "$room/said")"
  grep -qx 'digest: attempt 2 completed, 12 letters' "$room/said" || fail "$(cat "$room/said")"
  [ "$(grep -c ' completed, 12 letters$' "$room/said")" -ge 3 ] || fail "$(cat "$room/said")"
}

! grep -rn '#include "' "$prefix/include/hotclock" || fail "a header includes what is not installed by that name"
grep -rhoP '#include <hotclock/\K[^>]*' "$prefix/include/hotclock" | sort -u | while read -r header; do
  [ -e "$prefix/include/hotclock/$header" ] || fail "hotclock/$header is included, and not installed"
done
! grep -rlF "$build" "$prefix/lib" --include=*.cmake --include=*.pc || fail "it names the tree it was built in"

built_by_cmake own-scheduler
worked_a_schedule "$room/own-scheduler/own-scheduler"

export PKG_CONFIG_PATH
PKG_CONFIG_PATH=$(dirname "$(find "$prefix" -name hotclock-scheduler.pc)")
# shellcheck disable=SC2046 # words, as everybody uses them
"$compiler" -std=c++20 "${flags[@]}" "$room/examples/own-scheduler/main.cpp" -o "$room/by-pkg-config" \
  $(pkg-config --cflags --libs hotclock-scheduler)
worked_a_schedule "$room/by-pkg-config"

# A job of one's own beside the platform's: known to every command, checked, rehearsed and worked.
built_by_cmake own-job
own_job() { (cd "$room" && env -u HOTCLOCK_CONFIG HOTCLOCK_DATABASE_URL=sqlite:own.db "$room/own-job/own-job" "$@"); }
own_job demo --users 50 --streams 5 >/dev/null
own_job jobs --json | grep -q '"newcomers"' || fail "its job is not listed: $(own_job jobs --json)"
own_job jobs --json | grep -q '"og-daily-bonus"' || fail "the platform's jobs are not listed"
own_job next newcomers --from 2026-11-23T00:00Z -n 1 --json | grep -q '2026-11-23T19:00:00' ||
  fail "$(own_job next newcomers --from 2026-11-23T00:00Z -n 1 --json)"
own_job run newcomers --dry-run | grep -q 'would do: [0-9]* newcomers' || fail "$(own_job run newcomers --dry-run)"
own_job run newcomers --json >"$room/said"
grep -q '"completed"' "$room/said" || fail "$(cat "$room/said")"
[ "$(sqlite3 "$room/own.db" "SELECT count(*) FROM outbox WHERE event = 'newcomers:counted'")" = 1 ] ||
  fail "its event is not in the outbox: $(sqlite3 "$room/own.db" .tables)"
! HOTCLOCK_JOBS__NEWCOMERS__SETTINGS__DAYS=0 own_job config check >"$room/said" 2>&1 || fail "its settings are not checked"
grep -q 'days' "$room/said" || fail "$(cat "$room/said")"

# Another version than was asked for is refused.
printf '%s\n' 'cmake_minimum_required(VERSION 3.25)' 'project(newer LANGUAGES CXX)' \
  'find_package(Hotclock 0.2 REQUIRED)' >"$room/examples/own-scheduler/CMakeLists.txt"
! cmake -S "$room/examples/own-scheduler" -B "$room/newer" -DCMAKE_PREFIX_PATH="$prefix" >"$room/log" 2>&1 ||
  fail "0.2 was found, where there is none"
