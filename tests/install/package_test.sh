#!/usr/bin/env bash
# Makes the Debian package of what was built and looks into it: what it lays down and where, what it needs, that the
# unit is one, and that the program works from there.
#   package_test.sh BUILD_DIR
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT

cpack --config "$1/CPackConfig.cmake" -B "$room/made" >"$room/log" 2>&1 || { cat "$room/log" >&2; exit 1; }
package=$(echo "$room"/made/hotclock_*.deb)
dpkg-deb --extract "$package" "$room/root"
dpkg-deb --control "$package" "$room/control"

fail() { echo "$*" >&2; exit 1; }
for file in usr/bin/hotclock usr/share/man/man1/hotclock.1 usr/share/doc/hotclock/operating.md \
            usr/share/bash-completion/completions/hotclock lib/systemd/system/hotclock.service \
            usr/lib/sysusers.d/hotclock.conf usr/lib/tmpfiles.d/hotclock.conf usr/share/doc/hotclock/copyright etc/hotclock/hotclock.toml; do
  [ -s "$room/root/$file" ] || fail "not in the package, or empty: $file"
done
[ -z "$(find "$room/root" -perm /022 -not -type l)" ] || fail "others than root may write: $(find "$room/root" -perm /022)"

depends=$(dpkg-deb --field "$package" Depends)
for need in libpq5 libsqlite3-0 libssl3 zlib1g tzdata; do
  [[ $depends == *"$need"* ]] || fail "does not depend on $need: $depends"
done
grep -qx /etc/hotclock/hotclock.toml "$room/control/conffiles" || fail "the settings would be overwritten by an upgrade"
for script in postinst prerm postrm; do
  [ -x "$room/control/$script" ] || fail "$script cannot be run"
  sh -n "$room/control/$script"
done

"$room/root/usr/bin/hotclock" version | grep -q '^hotclock '
"$room/root/usr/bin/hotclock" --config "$room/root/etc/hotclock/hotclock.toml" config check | grep -q 'as they should be'

unit=$room/root/lib/systemd/system/hotclock.service
sed "s|/usr/bin/hotclock|$room/root/usr/bin/hotclock|" "$unit" >"$room/hotclock.service"
systemd-analyze verify --man=no "$room/hotclock.service"
# 10 is a unit that may do everything; the threshold is in tenths.
systemd-analyze security --offline=yes --threshold=20 --no-pager "$room/hotclock.service" >"$room/exposure" ||
  fail "the unit may do more than it should: $(tail -1 "$room/exposure")"
