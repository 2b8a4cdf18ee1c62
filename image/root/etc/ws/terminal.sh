# Sets TERM to xterm-256color if the workspace has no description of the terminal. Nearly every terminal understands
# that one, and without any description tmux, less and editors do not start. Shells source this if TERM is set.
ws_first=${TERM%"${TERM#?}"}
case $TERM in
  # A path, not a name: ncurses would not look for it, but the test below might find a file.
  */*) TERM=xterm-256color ;;
  *)
    # infocmp also knows ~/.terminfo, TERMINFO and TERMINFO_DIRS, but costs a process.
    [ -f "/usr/share/terminfo/$ws_first/$TERM" ] || infocmp -- "$TERM" >/dev/null 2>&1 || TERM=xterm-256color
    ;;
esac
export TERM
unset ws_first
