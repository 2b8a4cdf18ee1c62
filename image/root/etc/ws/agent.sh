# A name for the forwarded agent that outlives the connection. Dropbear makes a socket for each connection, and what runs in tmux
# keeps the name that it began with; so tmux gets this link, and each login with an agent can lead it to its own socket. It is the
# link of `ws ssh --forward-agent --tmux`, so that either way of coming back serves the panes of the other.
# Read where SSH_AUTH_SOCK is set. Sets ws_agent to the link, or leaves it empty: no forwarded agent, or no place for a link.
ws_agent=
case $SSH_AUTH_SOCK in
  /tmp/dropbear-*)
    ws_link=$HOME/.ssh/agent.sock
    # A login that ends soon must not take the agent from one that stays: a link that leads somewhere is left alone, unless asked.
    # What is there and no link is somebody's own.
    if [ -S "$SSH_AUTH_SOCK" ] && { [ -L "$ws_link" ] || [ ! -e "$ws_link" ]; } && { [ "${ws_renew-}" = yes ] || ! [ -S "$ws_link" ]; }; then
      mkdir -m 0700 "$HOME/.ssh" 2>/dev/null
      { ln -s "$SSH_AUTH_SOCK" "$ws_link.$$" && mv -fT "$ws_link.$$" "$ws_link"; } 2>/dev/null || rm -f "$ws_link.$$"
    fi
    if [ -L "$ws_link" ] && [ -S "$ws_link" ]; then ws_agent=$ws_link; fi
    unset ws_link
    ;;
esac
