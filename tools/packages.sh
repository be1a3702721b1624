# Debian packages: installed where this user may, named where not. Sourced, not run.

# as_root COMMAND…: runs it as root, or fails where that needs a password
as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@" 2>/dev/null; fi
}

may_install() {
  command -v apt-get >/dev/null 2>&1 || return 1
  [ "$(id -u)" = 0 ] || { command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; }
}

# debian PACKAGE…: installs them; on failure prints the command that would
debian() {
  local log
  if may_install; then
    echo "Installing Debian packages: $*"
    log=$(mktemp)
    for attempt in 1 2; do
      if as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends \
        "$@" </dev/null >"$log" 2>&1; then
        rm -f "$log"
        return 0
      fi
      # A new machine has no package lists yet, an old one may have outdated ones.
      [ "$attempt" = 2 ] || as_root apt-get update -q </dev/null >"$log" 2>&1 || true
    done
    tail -n 5 "$log" >&2
    rm -f "$log"
  fi
  echo "Please install and try again:  sudo apt-get install -y --no-install-recommends $*" >&2
  return 1
}
