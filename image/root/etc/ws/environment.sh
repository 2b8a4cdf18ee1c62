# Folders of the home that installers write to, in front of everything else. Read by every bash, login or not: what is on
# PATH already, because Dropbear or an outer shell put it there, is not put again.
for ws_folder in /home/linuxbrew/.linuxbrew/sbin /home/linuxbrew/.linuxbrew/bin "$HOME/go/bin" "$HOME/.cargo/bin" "$HOME/.local/bin"; do
  case ":$PATH:" in
    *":$ws_folder:"*) ;;
    *) PATH="$ws_folder:$PATH" ;;
  esac
done
unset ws_folder
export PATH
# A home of version 0.1 is the volume's root, and ~ a link to it: a login is in ~ then, and not in /home.
if [ "$PWD" != "$HOME" ] && [ "$PWD" -ef "$HOME" ]; then cd "$HOME" || :; fi
# What `brew shellenv` would print; the prefix never changes.
export HOMEBREW_PREFIX=/home/linuxbrew/.linuxbrew
export HOMEBREW_CELLAR=/home/linuxbrew/.linuxbrew/Cellar
export HOMEBREW_REPOSITORY=/home/linuxbrew/.linuxbrew/Homebrew
if [ -n "${TERM-}" ]; then . /etc/ws/terminal.sh; fi
if [ -n "${SSH_AUTH_SOCK-}" ]; then
  . /etc/ws/agent.sh
  unset ws_agent
fi
