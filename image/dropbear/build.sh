#!/bin/sh
# Builds Dropbear from its release, checked by the hash below, into /opt/dropbear. Runs in a build stage as root.
# The build argument DROPBEAR_TARBALL names another place to download the same file from.
set -eu
VERSION=2026.94
SHA256=e098034a843699200c8c977a991fff73159735bf795d5f72ef672c41a6b1ae81

apt-get update -qq
apt-get install -qq -y --no-install-recommends bzip2 ca-certificates gcc libc6-dev make libtomcrypt-dev libtommath-dev nettle-dev patch zlib1g-dev libcrypt-dev

cd /tmp
source=dropbear_$VERSION.orig.tar.bz2
if [ -n "${DROPBEAR_TARBALL:-}" ]; then
  ca=
  if [ -s /run/ca.crt ]; then ca='-o Acquire::https::CAInfo=/run/ca.crt'; fi
  # shellcheck disable=SC2086 # an option, or none
  /usr/lib/apt/apt-helper $ca download-file "$DROPBEAR_TARBALL" "$source" "SHA256:$SHA256"
else
  # Debian's unstable and testing have the authors' release among their sources, on the mirror that the base image uses.
  # A mirror's copy may be older than its signature allows. That is fine, because the hash decides which file is right.
  mirror=$(grep -rhoE 'https?://[^ ]+/debian/?' /etc/apt/sources.list /etc/apt/sources.list.d 2>/dev/null | head -n 1)
  keyring=/usr/share/keyrings/debian-archive-keyring.gpg
  [ -f "$keyring" ] || keyring=/usr/share/keyrings/debian-archive-keyring.pgp
  for suite in sid testing; do
    echo "deb-src [signed-by=$keyring check-valid-until=no] $mirror $suite main"
  done > /etc/apt/sources.list.d/newer-source.list
  apt-get update -qq
  packaged=$(apt-cache showsrc --only-source dropbear | sed -n "s/^Version: \($VERSION-.*\)/\1/p" | head -n 1)
  if [ -z "$packaged" ]; then
    echo "Debian's unstable has no Dropbear $VERSION any more." >&2
    echo "Give its release tarball's address (--build-arg DROPBEAR_TARBALL=...), or change VERSION and SHA256 in image/dropbear/build.sh." >&2
    exit 1
  fi
  apt-get source -qq --download-only --only-source "dropbear=$packaged"
fi
echo "$SHA256  $source" | sha256sum --check --quiet
tar -xf "$source"
cd "dropbear-$VERSION"

cp /build/localoptions.h .
# Nettle computes ciphers and curves: its code is fast and uses the processor's instructions. The patch must fit without
# fuzz, because one that nearly fits was made for other code.
patch -p1 -F0 < /build/gcm-by-nettle.patch
patch -p1 -F0 < /build/sessions.patch
cp /build/curve25519.c src/
# Editors send commands of 11 kB and more. localoptions.h cannot set this limit.
sed -i 's/^#define MAX_CMD_LEN .*/#define MAX_CMD_LEN 32000/' src/sysoptions.h
grep -q 'MAX_CMD_LEN 32000' src/sysoptions.h
# Dropbear uses one descriptor for both directions of a terminal, so the end of one closes the other. A command whose
# input had ended (ssh -tt HOST COMMAND </dev/null) lost its terminal before it ran, and a command that ended lost its
# last output.
sed -i -e 's/channel->writefd = chansess->master;/channel->writefd = dup(chansess->master);/' \
  -e 's/ses\.maxfd = MAX(ses\.maxfd, chansess->master);/ses.maxfd = MAX(ses.maxfd, MAX(chansess->master, channel->writefd));/' src/svr-chansession.c
[ "$(grep -cE 'dup\(chansess->master\)|MAX\(chansess->master, channel->writefd\)' src/svr-chansession.c)" = 2 ]

# Dropbear's default is -Os.
LIBS='-lhogweed -lnettle' CFLAGS='-O2 -W -Wall' ./configure --quiet --prefix=/usr/local --enable-bundled-libtom=no \
  --disable-lastlog --disable-utmp --disable-utmpx --disable-wtmp --disable-wtmpx --disable-loginfunc
make -s -j"$(nproc)" PROGRAMS='dropbear dropbearkey dropbearconvert'
mkdir -p /opt/dropbear/sbin /opt/dropbear/bin /opt/dropbear/share/doc/dropbear /opt/dropbear/share/ws/origins
install -s -m 0755 dropbear /opt/dropbear/sbin/
install -s -m 0755 dropbearkey dropbearconvert /opt/dropbear/bin/
cp LICENSE /opt/dropbear/share/doc/dropbear/
echo "$VERSION" > /opt/dropbear/share/doc/dropbear/version
# For the bill of materials: name, version, package URL, checksum of the download, owner.
printf '%s\t' dropbear "$VERSION" "pkg:generic/dropbear@$VERSION" "SHA256:$SHA256" > /opt/dropbear/share/ws/origins/dropbear.tsv
echo "Dropbear's own release, with the changes of image/dropbear" >> /opt/dropbear/share/ws/origins/dropbear.tsv
