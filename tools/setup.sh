#!/usr/bin/env bash
# Makes .venv and installs the pinned requirements where they changed, and what WeasyPrint needs.
#   setup.sh         what `make run` needs
#   setup.sh --dev   and what the tests and checks need; servers and browser: see tools/suites.py
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/packages.sh

requirements=requirements.txt
[ "${1:-}" != --dev ] || requirements=requirements-dev.txt

stop() {
  echo "$*" >&2
  exit 1
}

find_python() {
  local name
  for name in "${PYTHON:-}" python3.11 python3 python3.12 python3.13; do
    if [ -n "$name" ] && "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      echo "$name"
      return 0
    fi
  done
  return 1
}

if ! .venv/bin/python -c 'import pip' 2>/dev/null; then
  python=$(find_python) || stop "Python 3.11 or newer is needed and was not found (PYTHON=… names one)."
  echo "Making .venv with $($python --version)"
  if ! $python -c 'import ensurepip, venv' 2>/dev/null; then
    debian python3-venv || exit 1
  fi
  rm -rf .venv
  $python -m venv .venv || stop "Could not make .venv."
fi

# The stamp holds what was installed: --dev covers the plain requirements too.
stamp=".venv/.installed-$requirements"
wanted=$(cat requirements.txt "$requirements" | cksum)
if [ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ]; then
  echo "Installing $requirements"
  rm -f .venv/.installed-*
  .venv/bin/python -m pip install -qq --disable-pip-version-check --no-input \
    --require-hashes -r "$requirements" </dev/null || stop "Could not install $requirements."
  echo "$wanted" >"$stamp"
  [ "$requirements" = requirements.txt ] || cat requirements.txt requirements.txt | cksum >.venv/.installed-requirements.txt
fi

if ! .venv/bin/python -c 'import weasyprint' >/dev/null 2>&1; then
  debian libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 || exit 1
  .venv/bin/python -c 'import weasyprint' || stop "WeasyPrint still cannot be loaded; see above."
fi
