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
chmod -R go-w /etc/ws /etc/skel /usr/local/bin/brew

# Mount points, so that the root file system can be read-only.
install -d -m 0755 /run/ws /run/secrets/ws/authorized-keys /run/secrets/ws/host-key /home/linuxbrew/.linuxbrew

# A user for `docker run` without a chart, which brings its own passwd.
echo 'developer:x:1000:1000:developer:/home/developer:/bin/bash' >> /etc/passwd
echo 'developer:x:1000:' >> /etc/group
install -d -o 1000 -g 1000 -m 0755 /home/developer

# Debian's pip refuses to touch the system's packages; with PIP_USER it has no reason to.
install -d -m 0755 /etc/xdg/pip /usr/share/ws
printf '[global]\nuser = true\nbreak-system-packages = true\ndisable-pip-version-check = true\n' > /etc/pip.conf
# The update notice would ask for what a user of a read-only image cannot do.
npm config --location=global set update-notifier false fund false
# PATH first, before bash decides whether it is interactive: `ssh host command` must find the same programs.
printf '. /etc/ws/environment.sh\n%s\n' "$(cat /etc/bash.bashrc)" > /etc/bash.bashrc
printf '. /etc/ws/environment.sh\n' > /etc/profile.d/ws.sh
chmod 0755 /usr/local/bin/brew
find / -xdev \( -name '*.pyc' -o -name '*.pem.old' \) -path '*/dist-packages/*' -delete
