#!/bin/sh
# Makes /opt/locale: en_US.UTF-8 as it is, and a link to C.utf8 for every other language in UTF-8, so that what dotfiles set is
# there and no program warns. A locale of its own for each would be a third of the image. Runs in a build stage as root.
set -eu
apt-get update -qq
apt-get install -qq -y --no-install-recommends locales
mkdir -p /opt/locale
localedef --no-archive -i en_US -f UTF-8 /opt/locale/en_US.utf8
ln -s en_US.utf8 /opt/locale/en_US

# glibc looks for "de_DE.UTF-8" as de_DE.utf8, for "ca_ES.UTF-8@valencia" as ca_ES.utf8@valencia, for "de_DE" as it stands.
for name in $(sed -n '/^C/d; s/ UTF-8$//p' /usr/share/i18n/SUPPORTED); do
  language=${name%%[.@]*} variant=
  case $name in *@*) variant=@${name#*@} ;; esac
  # macOS combines a language with a region as its user chose: English in any of them.
  for spelled in "$language" "en_${language#*_}"; do
    [ "$spelled" != en_US ] || continue
    ln -sfn C.utf8 "/opt/locale/$spelled$variant"
    ln -sfn C.utf8 "/opt/locale/$spelled.utf8$variant"
  done
done
# What macOS sets as LC_CTYPE where it knows no combination.
ln -s C.utf8 /opt/locale/UTF-8
