#!/usr/bin/env bash
# Makes the Debian packages of what was built and looks into them: what they lay down and where, what they need, that
# the unit is one, that the program works from there, and what lintian says.
#   package_test.sh BUILD_DIR
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
fail() { echo "$*" >&2; exit 1; }

# Packed in haste: what is looked at is what is in it.
cpack --config "$1/CPackConfig.cmake" -D CPACK_DEBIAN_COMPRESSION_TYPE=gzip -B "$room/made" >"$room/log" 2>&1 || { cat "$room/log" >&2; exit 1; }
package=$(echo "$room"/made/hotclock_*.deb)
library=$(echo "$room"/made/libhotclock-dev_*.deb)
for one in "$package" "$library"; do
  dpkg-deb --extract "$one" "$room/root"
done
dpkg-deb --control "$package" "$room/control"

for file in usr/bin/hotclock usr/share/man/man1/hotclock.1.gz usr/share/man/man1/hotclock-festivals-show.1.gz \
            usr/share/man/man5/hotclock.toml.5.gz usr/share/doc/hotclock/operating.md \
            usr/share/bash-completion/completions/hotclock usr/share/zsh/site-functions/_hotclock \
            usr/share/fish/vendor_completions.d/hotclock.fish lib/systemd/system/hotclock.service \
            usr/lib/sysusers.d/hotclock.conf usr/lib/tmpfiles.d/hotclock.conf usr/share/doc/hotclock/copyright \
            etc/hotclock/hotclock.toml usr/include/hotclock/scheduler.h usr/lib/libhotclock_service.a \
            usr/lib/cmake/Hotclock/HotclockConfig.cmake usr/share/doc/hotclock/runbook/failed.md \
            usr/share/hotclock/monitoring/prometheus.yml usr/share/hotclock/monitoring/hotclock.rules.yml \
            usr/share/hotclock/monitoring/alertmanager.yml usr/share/hotclock/monitoring/grafana/hotclock.json; do
  [ -s "$room/root/$file" ] || fail "not in the packages, or empty: $file"
done
[ -z "$(find "$room/root" -perm /022 -not -type l)" ] || fail "others than root may write: $(find "$room/root" -perm /022)"
! dpkg-deb --contents "$package" | grep -E '\./usr/(include|lib/lib|lib/cmake)' || fail "a node gets what only builders need"

depends=$(dpkg-deb --field "$package" Depends)
for need in libpq5 libsqlite3-0 libssl3 zlib1g tzdata ca-certificates; do
  [[ $depends == *"$need"* ]] || fail "does not depend on $need: $depends"
done
# Every library that the program loads comes with what the package depends on: a container installs nothing else.
names=$(tr ',|' '\n\n' <<<"$depends" | sed 's/(.*//; s/ //g; /^$/d')
for name in $names; do  # some are what other packages provide
  names+=" $(dpkg-query -W -f '${Package} ${Provides}\n' | awk -v name="$name" '(" " $0 " ") ~ "[ ,]" name "[ ,]" { print $1 }')"
done
# shellcheck disable=SC2086 # names, one by one
brought=$(apt-cache depends --recurse --installed --no-recommends --no-suggests --no-conflicts --no-breaks --no-replaces \
  --no-enhances $names | grep '^[a-z0-9]' | sed 's/:.*//')
ldd "$room/root/usr/bin/hotclock" | sed -n 's/.*=> \(\/[^ ]*\).*/\1/p' | while read -r loaded; do
  file=$(realpath "$loaded")
  # Packages may name it without the /usr that /lib leads to.
  owner=$({ dpkg -S "$file" || dpkg -S "${file#/usr}"; } 2>/dev/null | sed 's/:.*//')
  grep -qx "$owner" <<<"$brought" || fail "$loaded is of $owner, which the package does not bring"
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

lintian --no-cfg --fail-on error --allow-root "$package" "$library" >"$room/lintian" 2>&1 || fail "$(grep '^E' "$room/lintian")"
