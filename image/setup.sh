#!/bin/sh
# The last root step of the image: paths, links and configuration that packages do not bring. Runs once, in the build.
set -eu

# Debian calls it fdfind, everybody else fd.
ln -s fdfind /usr/bin/fd

# Keys come from a Secret. Dropbear checks every directory above authorized_keys, and a Secret's volume is open to all;
# this directory is root's, and what it points to changes without a restart.
install -d -m 0755 /etc/ws /etc/ws/auth
ln -s /run/secrets/ws/authorized-keys/authorized_keys /etc/ws/auth/authorized_keys

# The builder's umask must not reach the image: Dropbear takes no key from below a folder that a group may write to.
chmod go-w / /etc /usr /usr/local /usr/local/bin
chmod -R go-w /etc/ws /etc/skel /etc/tmux.conf /usr/local/bin/brew /usr/local/bin/tmux

# Mount points, so that the root file system can be read-only.
install -d -m 0755 /run/ws /run/secrets/ws/authorized-keys /run/secrets/ws/host-key /home/linuxbrew/.linuxbrew

# A user for `docker run` without a chart, which brings its own passwd.
echo 'developer:x:1000:1000:developer:/home/developer:/bin/bash' >> /etc/passwd
echo 'developer:x:1000:' >> /etc/group
install -d -o 1000 -g 1000 -m 0755 /home/developer

# Debian's pip refuses to install beside the system's packages. Here it cannot touch them: without the right to write there it
# takes the home by itself. (`user = true` would say the same, and break every virtual environment.)
install -d -m 0755 /usr/share/ws
printf '[global]\nbreak-system-packages = true\ndisable-pip-version-check = true\n' > /etc/pip.conf
# `npm install --global` goes to the home, next to what pip, uv and cargo install. As npm's own configuration, since the variable
# NPM_CONFIG_PREFIX would bind every other Node's npm as well, and nvm refuses to run with it. The first file is this npm's, the
# second is for yarn. The update notice would ask for what a user of a read-only image cannot do.
for file in /usr/local/lib/node_modules/npm/npmrc /usr/local/etc/npmrc; do
  install -d -m 0755 "$(dirname "$file")"
  printf 'prefix=${HOME}/.local\nupdate-notifier=false\nfund=false\n' > "$file"
done
# Terminals that Debian does not know by the name that they send.
tic -x -o /usr/share/terminfo /tmp/ws/names.ti
# Shift-Enter in tmux, where a shell reads a line: the same as Enter, in each way to edit.
printf '%s\n' 'set keymap vi-insert' '"\e[13;2u": accept-line' 'set keymap emacs' '"\e[13;2u": accept-line' >> /etc/inputrc
# PATH first, before bash decides whether it is interactive: `ssh host command` must find the same programs.
printf '. /etc/ws/environment.sh\n%s\n' "$(cat /etc/bash.bashrc)" > /etc/bash.bashrc
printf '. /etc/ws/environment.sh\n' > /etc/profile.d/ws.sh
chmod 0755 /usr/local/bin/brew /usr/local/bin/tmux
find / -xdev \( -name '*.pyc' -o -name '*.pem.old' \) -path '*/dist-packages/*' -delete
