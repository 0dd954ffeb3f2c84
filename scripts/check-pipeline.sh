#!/usr/bin/env bash
# `npm run check:pipeline`: workflows (actionlint, zizmor), scripts (shellcheck) and the Dockerfile (hadolint). Programs come from the PATH or the
# user's cache folder, where scripts/chart-tools.sh puts them. One that is not there is skipped, with REQUIRE_ALL=1 a failure.
set -uo pipefail
cd "$(dirname "$0")/.." || exit
tools=${XDG_CACHE_HOME:-$HOME/.cache}/agent-orchestration-service/tools
export PATH=$PATH:$tools:$tools/python/bin
failed=0
check() {
  if ! command -v "$1" >/dev/null; then
    echo "$1 is not installed: left out (scripts/chart-tools.sh gets it, or your package manager)"
    [ "${REQUIRE_ALL:-}" != 1 ] || failed=1
  elif ! output=$("$@" 2>&1); then
    echo "$output"
    failed=1
  else
    echo "$1: clean"
  fi
}
check actionlint
check zizmor --offline --quiet --no-progress .github
check shellcheck --severity=warning scripts/*.sh .ci/run
check hadolint Dockerfile
exit $failed
