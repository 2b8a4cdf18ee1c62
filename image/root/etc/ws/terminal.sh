# TERM of a session whose terminal the workspace has no description of: nearly every terminal that gives itself a name of its own
# understands xterm-256color, and without any description tmux, less and editors do not start. Read where TERM is set.
ws_first=${TERM%"${TERM#?}"}
case $TERM in
  # No name that ncurses would look for, and a path to a file that is there.
  */*) TERM=xterm-256color ;;
  *)
    # The second question knows ~/.terminfo, TERMINFO and TERMINFO_DIRS as well, and costs a process.
    [ -f "/usr/share/terminfo/$ws_first/$TERM" ] || infocmp -- "$TERM" >/dev/null 2>&1 || TERM=xterm-256color
    ;;
esac
export TERM
unset ws_first
