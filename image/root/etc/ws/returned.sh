# Says what came back in tmux after a restart, and how to return to it. The server writes that and takes it away once
# somebody has attached to it. Login shells source this. ~/.hushlogin silences it, as it does other greetings. The
# login that starts a workspace is quicker than the server, which is still at it: it waits two seconds at most.
case $- in
  *i*)
    if [ -z "${TMUX-}" ] && [ ! -e "$HOME/.hushlogin" ]; then
      ws_try=0
      while [ -s /run/ws/returning ] && [ "$ws_try" -lt 20 ]; do
        sleep 0.1
        ws_try=$((ws_try + 1))
      done
      unset ws_try
      if [ -s /run/ws/returned ]; then head -c 500 /run/ws/returned; fi
    fi
    ;;
esac
