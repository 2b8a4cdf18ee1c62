#!/bin/sh
# Makes /opt/locale: the real en_US.UTF-8, and a link to C.utf8 for every other language in UTF-8. So every language
# that dotfiles set exists and no program warns. Real locales would make the image a third larger. Runs in a build stage
# as root.
set -eu
apt-get update -qq
apt-get install -qq -y --no-install-recommends locales
mkdir -p /opt/locale
localedef --no-archive -i en_US -f UTF-8 /opt/locale/en_US.utf8
ln -s en_US.utf8 /opt/locale/en_US

# glibc looks for "de_DE.UTF-8" as de_DE.utf8, for "ca_ES.UTF-8@valencia" as ca_ES.utf8@valencia, and for "de_DE" as
# de_DE.
for name in $(sed -n '/^C/d; s/ UTF-8$//p' /usr/share/i18n/SUPPORTED); do
  language=${name%%[.@]*} variant=
  case $name in *@*) variant=@${name#*@} ;; esac
  # macOS combines the user's language with the region, so English may come with any region.
  for spelled in "$language" "en_${language#*_}"; do
    [ "$spelled" != en_US ] || continue
    ln -sfn C.utf8 "/opt/locale/$spelled$variant"
    ln -sfn C.utf8 "/opt/locale/$spelled.utf8$variant"
  done
done
# macOS sets LC_CTYPE to this if it knows no combination.
ln -s C.utf8 /opt/locale/UTF-8
