#!/usr/bin/env bash
# Runs the image as a cluster would, in its chart's order: migrate, a versioned worker, set-current, a gateway beyond loopback, which wants callers
# with keys, the first key, a run over HTTP, builds, and both told to stop. On this machine's loopback, with the development server, the embedded store and a scripted model, by podman.
#   scripts/image-local.sh && scripts/image-trial.sh          # TAG=… another image; TEMPORAL_CLI=… another CLI
set -euo pipefail
cd "$(dirname "$0")/.."
TAG=${TAG:-localhost/agent-orchestration-service:local}
cli=${TEMPORAL_CLI:-$(command -v temporal || ls "${XDG_CACHE_HOME:-$HOME/.cache}"/agent-orchestration-service/temporal-cli-*/temporal | tail -1)}
work=$(mktemp -d)
pids=()
containers=()
# shellcheck disable=SC2317 # called by the trap
finish() {
  for name in "${containers[@]}"; do podman --runtime runc rm --force --time 0 "$name" >/dev/null 2>&1 || true; done
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  wait
  rm -rf "$work"
}
trap finish EXIT
free() { node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })'; }
until_ok() { for _ in $(seq 120); do if "$@" >/dev/null 2>&1; then return; fi; sleep 0.5; done; echo "gave up: $*" >&2; return 1; }

temporal=$(free) store=$(free) model=$(free) gateway=$(free) health=$(free)
"$cli" server start-dev --headless --port "$temporal" --log-level error >"$work/temporal.log" 2>&1 & pids+=($!)
node --import tsx src/dev/embedded-store.ts --port "$store" >"$work/store.log" 2>&1 & pids+=($!)
node --import tsx src/scripted-model/main.ts test/e2e/answers.yaml --port "$model" >"$work/model.log" 2>&1 & pids+=($!)
until_ok grep -q 'Embedded store' "$work/store.log"
until_ok grep -q 'Scripted model' "$work/model.log"
until_ok "$cli" operator cluster health --address "127.0.0.1:$temporal"

run() {
  podman --runtime runc run --read-only --tmpfs /tmp --cap-drop all --security-opt no-new-privileges --network host \
    --ulimit nofile=4096:4096 --ulimit nproc=4096:4096 \
    --env "TEMPORAL_ADDRESS=127.0.0.1:$temporal" --env "DATABASE_URL=postgres://postgres@127.0.0.1:$store/postgres" \
    --env "OPENAI_BASE_URL=http://127.0.0.1:$model/v1" --env OPENAI_API_KEY=none \
    --env WORKER_DEPLOYMENT_NAME=crews --env WORKER_BUILD_ID=1 "$@" 2> >(grep -v 'systemd connection' >&2)
}
command() { run --rm "$TAG" "$@"; }
part() {
  local name="trial-$$-$1"
  containers+=("$name")
  run --detach --name "$name" --env "PORT=$gateway" --env "WORKER_HEALTH_PORT=$health" "${@:2}" "$TAG" "$1" >/dev/null
}
healthy() { podman --runtime runc healthcheck run "trial-$$-$1"; }
ready() { curl -sf "http://127.0.0.1:$1/readyz"; }

command migrate
part worker
until_ok ready "$health"
echo "worker: $(ready "$health")"
command set-current --timeout 30
if run --rm --env HOST=0.0.0.0 --env "PORT=$gateway" "$TAG" gateway; then echo 'a gateway beyond loopback that nobody guards has started' >&2; exit 1; fi
part gateway --env HOST=0.0.0.0 --env AUTH_API_KEYS=true
until_ok ready "$gateway"
echo "gateway: $(ready "$gateway")"
healthy worker && healthy gateway && echo 'both healthy by their own HEALTHCHECK'
execute() { curl -s "http://127.0.0.1:$gateway/agents/execute" -H 'content-type: application/json' "$@"; }
unknown=$(execute -o /dev/null -w '%{http_code}' -d '{}')
echo "without a key: $unknown"
[ "$unknown" = 401 ]
key=$(podman --runtime runc exec "trial-$$-gateway" node dist/crew-cli.js key create trial --bootstrap --json | node -p 'JSON.parse(require("fs").readFileSync(0, "utf8")).key')
execute -H "authorization: Bearer $key" \
  -d '{"workflow_id": "test123", "parameters": {"topic": "AI"}}' >"$work/answer"
node -e 'const r = JSON.parse(require("fs").readFileSync(process.argv[1], "utf8")); console.log("run:", JSON.stringify(r).slice(0, 300)); if (r.status !== "success") process.exit(1)' "$work/answer"
podman --runtime runc exec "trial-$$-gateway" node dist/main.js builds
podman --runtime runc stats --no-stream --format '{{.Name}} {{.MemUsage}}' "trial-$$-gateway" "trial-$$-worker" 2>/dev/null || true
for name in worker gateway; do
  podman --runtime runc stop --time 60 "trial-$$-$name" >/dev/null
  code=$(podman inspect --format '{{.State.ExitCode}}' "trial-$$-$name")
  echo "$name: told to stop, ended with $code"
  [ "$code" -eq 0 ]
done
