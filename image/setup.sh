#!/bin/sh
# The last root step of the image's build: paths, links and configuration that no package brings.
set -eu

# Debian calls it fdfind; everybody else calls it fd.
ln -s fdfind /usr/bin/fd

# Dropbear checks every directory above authorized_keys, and everybody may write to a Secret's volume. This directory is
# root's. Its link leads to the Secret, which changes without a restart.
install -d -m 0755 /etc/ws /etc/ws/auth
ln -s /run/secrets/ws/authorized-keys/authorized_keys /etc/ws/auth/authorized_keys

# The builder's umask must not reach the image: Dropbear takes no key from below a folder that a group may write to.
chmod go-w / /etc /usr /usr/local /usr/local/bin
chmod -R go-w /etc/ws /etc/skel /etc/tmux.conf /usr/local/bin/brew /usr/local/bin/tmux /usr/local/bin/ws-keep

# Mount points, so that the root file system can be read-only.
install -d -m 0755 /run/ws /run/secrets/ws/authorized-keys /run/secrets/ws/host-key /home/linuxbrew/.linuxbrew

# A user for `docker run`. The chart brings its own passwd.
echo 'developer:x:1000:1000:developer:/home/developer:/bin/bash' >> /etc/passwd
echo 'developer:x:1000:' >> /etc/group
install -d -o 1000 -g 1000 -m 0755 /home/developer

# Debian's pip refuses to install beside the system's packages. Here it cannot write to them, so it installs into the
# home. `user = true` would do the same, but break every virtual environment.
install -d -m 0755 /usr/share/ws
printf '[global]\nbreak-system-packages = true\ndisable-pip-version-check = true\n' > /etc/pip.conf
# `npm install --global` goes to the home, like pip, uv and cargo. This is in npm's own configuration, because the
# variable NPM_CONFIG_PREFIX would apply to the npm of every other Node, and nvm refuses to run with it. npm reads the
# first file, yarn the second. Nobody can follow an update notice in a read-only image, so npm shows none.
for file in /usr/local/lib/node_modules/npm/npmrc /usr/local/etc/npmrc; do
  install -d -m 0755 "$(dirname "$file")"
  printf 'prefix=${HOME}/.local\nupdate-notifier=false\nfund=false\n' > "$file"
done
# Terminals whose names Debian does not know.
tic -x -o /usr/share/terminfo /tmp/ws/names.ti
# tmux sends this for Shift-Enter. A shell that reads a line treats it as Enter, in both editing modes.
printf '%s\n' 'set keymap vi-insert' '"\e[13;2u": accept-line' 'set keymap emacs' '"\e[13;2u": accept-line' >> /etc/inputrc
# Set PATH before bash checks whether it is interactive: `ssh host command` must find the same programs.
printf '. /etc/ws/environment.sh\n%s\n' "$(cat /etc/bash.bashrc)" > /etc/bash.bashrc
printf '. /etc/ws/environment.sh\n. /etc/ws/returned.sh\n' > /etc/profile.d/ws.sh
chmod 0755 /usr/local/bin/brew /usr/local/bin/tmux /usr/local/bin/ws-keep
find / -xdev \( -name '*.pyc' -o -name '*.pem.old' \) -path '*/dist-packages/*' -delete
