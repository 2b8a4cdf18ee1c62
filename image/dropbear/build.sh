#!/bin/sh
# Builds Dropbear from Debian's source package of unstable into /opt/dropbear. Runs in a build stage as root.
set -eu
MINIMUM=2026.94

# The same mirror that the base image uses. Its copy of unstable may be older than the date that it was signed for.
mirror=$(grep -rhoE 'https?://[^ ]+/debian/?' /etc/apt/sources.list /etc/apt/sources.list.d 2>/dev/null | head -n 1)
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
[ -f "$keyring" ] || keyring=/usr/share/keyrings/debian-archive-keyring.pgp
echo "deb-src [signed-by=$keyring check-valid-until=no] $mirror sid main" > /etc/apt/sources.list.d/unstable-source.list
apt-get update -qq
apt-get install -qq -y --no-install-recommends gcc libc6-dev make dpkg-dev libtomcrypt-dev libtommath-dev nettle-dev patch zlib1g-dev libcrypt-dev

cd /tmp
apt-get source -qq --only-source dropbear
cd dropbear-*/
version=$(dpkg-parsechangelog -S Version)
dpkg --compare-versions "$version" ge "$MINIMUM" || { echo "Dropbear $version is older than $MINIMUM" >&2; exit 1; }

cp /build/localoptions.h .
# Ciphers and curves by Nettle, whose code is made for speed and uses what the processor has.
patch -p1 < /build/gcm-by-nettle.patch
cp /build/curve25519.c src/
# The one limit that localoptions.h cannot set: editors send commands of 11 kB and more.
sed -i 's/^#define MAX_CMD_LEN .*/#define MAX_CMD_LEN 32000/' src/sysoptions.h
grep -q 'MAX_CMD_LEN 32000' src/sysoptions.h
# One descriptor for both directions of a terminal, so that the end of one closed the other: a command whose input had ended
# (ssh -tt HOST COMMAND </dev/null) lost its terminal before it ran, and one that ended lost what it had printed last.
sed -i -e 's/channel->writefd = chansess->master;/channel->writefd = dup(chansess->master);/' \
  -e 's/ses\.maxfd = MAX(ses\.maxfd, chansess->master);/ses.maxfd = MAX(ses.maxfd, MAX(chansess->master, channel->writefd));/' src/svr-chansession.c
[ "$(grep -cE 'dup\(chansess->master\)|MAX\(chansess->master, channel->writefd\)' src/svr-chansession.c)" = 2 ]

# Dropbear's default is -Os.
LIBS='-lhogweed -lnettle' CFLAGS='-O2 -W -Wall' ./configure --quiet --prefix=/usr/local --enable-bundled-libtom=no \
  --disable-lastlog --disable-utmp --disable-utmpx --disable-wtmp --disable-wtmpx --disable-loginfunc
make -s -j"$(nproc)" PROGRAMS='dropbear dropbearkey dropbearconvert'
mkdir -p /opt/dropbear/sbin /opt/dropbear/bin /opt/dropbear/share/doc/dropbear
install -s -m 0755 dropbear /opt/dropbear/sbin/
install -s -m 0755 dropbearkey dropbearconvert /opt/dropbear/bin/
cp LICENSE /opt/dropbear/share/doc/dropbear/
echo "$version" > /opt/dropbear/share/doc/dropbear/version
