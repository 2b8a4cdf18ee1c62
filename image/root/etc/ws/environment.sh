# Puts the home's folders for installed programs at the front of PATH. Every bash sources this, login or not, so it
# skips what Dropbear or an outer shell has already added.
for ws_folder in /home/linuxbrew/.linuxbrew/sbin /home/linuxbrew/.linuxbrew/bin "$HOME/go/bin" "$HOME/.cargo/bin" "$HOME/.local/bin"; do
  case ":$PATH:" in
    *":$ws_folder:"*) ;;
    *) PATH="$ws_folder:$PATH" ;;
  esac
done
unset ws_folder
export PATH
# In a home of version 0.1, ~ is a link to the volume's root, /home. A login should then show ~, not /home.
if [ "$PWD" != "$HOME" ] && [ "$PWD" -ef "$HOME" ]; then cd "$HOME" || :; fi
# The output of `brew shellenv`. The prefix never changes.
export HOMEBREW_PREFIX=/home/linuxbrew/.linuxbrew
export HOMEBREW_CELLAR=/home/linuxbrew/.linuxbrew/Cellar
export HOMEBREW_REPOSITORY=/home/linuxbrew/.linuxbrew/Homebrew
if [ -n "${TERM-}" ]; then . /etc/ws/terminal.sh; fi
if [ -n "${SSH_AUTH_SOCK-}" ]; then
  . /etc/ws/agent.sh
  unset ws_agent
fi
