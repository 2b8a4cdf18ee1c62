# This ~/.bashrc is yours. The workspace copied it into an empty home and never touches it again.
case $- in *i*) ;; *) return ;; esac

HISTCONTROL=ignoreboth
HISTSIZE=100000
HISTFILESIZE=200000
shopt -s histappend checkwinsize globstar
PS1='\[\e[1;36m\]${WS_WORKSPACE:-\h}\[\e[0m\] \[\e[1;34m\]\w\[\e[0m\] \$ '
alias ls='ls --color=auto' grep='grep --color=auto' ll='ls -l' la='ls -A'
# /etc/profile has already loaded it in a login shell.
if [ -z "${BASH_COMPLETION_VERSINFO-}" ] && [ -r /usr/share/bash-completion/bash_completion ]; then . /usr/share/bash-completion/bash_completion; fi
if command -v fzf >/dev/null; then eval "$(fzf --bash)"; fi
