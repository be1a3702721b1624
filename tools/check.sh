#!/usr/bin/env bash
# Every check, all of them even when one fails; the last line names those that did.
set -uo pipefail
cd "$(dirname "$0")/.."

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
# None of these needs this machine's own desk or its settings.
unset DATABASE_URL REDIS_URL EMAIL_URL SECRET_KEY DEBUG CLIENTDESK_BASE_URL
export CLIENTDESK_DATA="$scratch"

failed=()
check() { # name, command…
  local name=$1 started=$SECONDS
  shift
  if "$@" >"$scratch/out" 2>&1; then
    printf 'ok      %-16s %3ds\n' "$name" $((SECONDS - started))
  else
    printf 'FAILED  %-16s\n' "$name"
    sed 's/^/        /' "$scratch/out"
    failed+=("$name")
  fi
}

production=(
  env CLIENTDESK_BASE_URL=https://desk.example.com EMAIL_URL=smtp+tls://user:word@mail.example.com:587
  "SECRET_KEY=$(.venv/bin/python -c 'import secrets; print(secrets.token_urlsafe(64))')"
)

check "ruff check" .venv/bin/ruff check .
check "ruff format" .venv/bin/ruff format --check .
check "mypy" .venv/bin/mypy
check "import layers" .venv/bin/lint-imports
[ ! -d templates ] || check "djlint" .venv/bin/djlint templates --lint --quiet
check "migrations" .venv/bin/python manage.py makemigrations --check --dry-run
check "check --deploy" "${production[@]}" .venv/bin/python manage.py check --deploy --fail-level WARNING

if [ ${#failed[@]} -gt 0 ]; then
  echo "checks failed: ${failed[*]}"
  exit 1
fi
echo "every check passed"
