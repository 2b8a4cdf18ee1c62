#!/bin/sh
# Builds Dropbear from its own release, by this hash, into /opt/dropbear. Runs in a build stage as root.
# DROPBEAR_TARBALL, a build argument, names another place to have the same file from.
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
  # Debian keeps it, as its authors released it, in the sources of unstable and testing: from the mirror that the base image uses.
  # Its copy of unstable may be older than the date that it was signed for; which file is right, the hash says.
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
# Ciphers and curves by Nettle, whose code is made for speed and uses what the processor has. Without fuzz: a patch that fits
# only nearly was made for other code.
patch -p1 -F0 < /build/gcm-by-nettle.patch
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
mkdir -p /opt/dropbear/sbin /opt/dropbear/bin /opt/dropbear/share/doc/dropbear /opt/dropbear/share/ws/origins
install -s -m 0755 dropbear /opt/dropbear/sbin/
install -s -m 0755 dropbearkey dropbearconvert /opt/dropbear/bin/
cp LICENSE /opt/dropbear/share/doc/dropbear/
echo "$VERSION" > /opt/dropbear/share/doc/dropbear/version
# For the bill of materials: name, version, package URL, checksum of what was fetched, whose it is.
printf '%s\t' dropbear "$VERSION" "pkg:generic/dropbear@$VERSION" "SHA256:$SHA256" > /opt/dropbear/share/ws/origins/dropbear.tsv
echo "Dropbear's own release, with the changes of image/dropbear" >> /opt/dropbear/share/ws/origins/dropbear.tsv
