# Gives the forwarded agent a name that outlives the connection. Dropbear makes a socket for each connection, but a
# program in tmux keeps the name that it started with. So tmux gets this link, and each login with an agent can point it
# to its own socket. `ws ssh --forward-agent --tmux` uses the same link, so either way of coming back serves the panes
# of the other. Shells source this if SSH_AUTH_SOCK is set. It sets ws_agent to the link, or to nothing if there is no
# forwarded agent or no place for a link.
ws_agent=
case $SSH_AUTH_SOCK in
  /tmp/dropbear-*)
    ws_link=$HOME/.ssh/agent.sock
    # A short login must not take the agent from one that stays, so a working link stays as it is unless ws_renew asks.
    # Anything there that is not a link belongs to somebody.
    if [ -S "$SSH_AUTH_SOCK" ] && { [ -L "$ws_link" ] || [ ! -e "$ws_link" ]; } && { [ "${ws_renew-}" = yes ] || ! [ -S "$ws_link" ]; }; then
      mkdir -m 0700 "$HOME/.ssh" 2>/dev/null
      { ln -s "$SSH_AUTH_SOCK" "$ws_link.$$" && mv -fT "$ws_link.$$" "$ws_link"; } 2>/dev/null || rm -f "$ws_link.$$"
    fi
    if [ -L "$ws_link" ] && [ -S "$ws_link" ]; then ws_agent=$ws_link; fi
    unset ws_link
    ;;
esac
