#!/usr/bin/env bash
# Installs what bench/peers.bench.ts compares with, each in a virtual environment of its own, so that their pins do not meet.
# The folder is the one that temporal/cache-dir.ts names.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
case "$(uname -s)" in
  Darwin) cache="$HOME/Library/Caches" ;;
  *) cache="${XDG_CACHE_HOME:-$HOME/.cache}" ;;
esac
folder="$cache/agent-orchestration-service/peers"

for peer in crewai langgraph; do
  python3 -m venv "$folder/$peer"
  "$folder/$peer/bin/python" -m pip install --quiet --requirement "$here/requirements-$peer.txt"
  echo "$peer: $folder/$peer"
done
