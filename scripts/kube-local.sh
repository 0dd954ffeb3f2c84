#!/usr/bin/env bash
# Installs the chart on a real Kubernetes API server on this machine, with server-side validation and Pod Security `restricted` enforced:
# kube-apiserver built with Go (9 minutes or more, once; kept in the user's cache folder) on Debian's etcd, both on loopback.
#   scripts/kube-local.sh [--build-only]      # needs: go, helm, kubectl, etcd (apt-get install etcd-server)
# No kubelet and no controllers run: what is shown is that the server takes every resource, not that pods come up.
set -euo pipefail
cd "$(dirname "$0")/.."
VERSION=${KUBERNETES_VERSION:-1.37.2}
cache=${XDG_CACHE_HOME:-$HOME/.cache}/agent-orchestration-service
export PATH=$PATH:$cache/tools
apiserver=$cache/tools/kube-apiserver-$VERSION

if [ ! -x "$apiserver" ]; then
  module=$(mktemp -d)
  (
    cd "$module"
    go mod init local >/dev/null 2>&1
    staging=$(go mod download -json "k8s.io/kubernetes@v$VERSION" | node -e '
      const { GoMod } = JSON.parse(require("fs").readFileSync(0, "utf8"));
      const text = require("fs").readFileSync(GoMod, "utf8");
      const names = [...text.matchAll(/^\s*(k8s\.io\/[\w-]+) v0\.0\.0$/gm)].map(([, name]) => name);
      console.log([...new Set(names)].join(" "));')
    for name in $staging; do go mod edit -replace "$name=$name@v0${VERSION#1}"; done
    go mod edit -require "k8s.io/kubernetes@v$VERSION"
    printf '//go:build tools\n\npackage local\n\nimport _ "k8s.io/kubernetes/cmd/kube-apiserver"\n' >tools.go
    go mod tidy >/dev/null 2>&1 || true
    minor=${VERSION#1.}
    X=k8s.io/component-base/version
    nice -n 19 go build -mod=mod -p 2 -o "$apiserver.part" \
      -ldflags "-s -w -X $X.gitVersion=v$VERSION -X $X.gitMajor=1 -X $X.gitMinor=${minor%%.*}" k8s.io/kubernetes/cmd/kube-apiserver
    mv "$apiserver.part" "$apiserver"
  )
  rm -rf "$module"
fi
[ "${1:-}" != --build-only ] || exit 0

work=$(mktemp -d)
pids=()
# shellcheck disable=SC2317 # called by the trap
finish() {
  # Nothing of it is kept, and the server waits for its etcd when both are asked to stop.
  for pid in "${pids[@]}"; do kill -9 "$pid" 2>/dev/null || true; done
  wait
  rm -rf "$work"
}
trap finish EXIT
free() { node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })'; }
etcd_port=$(free); peer_port=$(free); port=$(free)
etcd --data-dir "$work/etcd" --listen-client-urls "http://127.0.0.1:$etcd_port" --advertise-client-urls "http://127.0.0.1:$etcd_port" \
  --listen-peer-urls "http://127.0.0.1:$peer_port" >"$work/etcd.log" 2>&1 &
pids+=($!)
openssl genrsa -out "$work/sa.key" 2048 2>/dev/null
token=$(openssl rand -hex 16)
echo "$token,admin,admin,system:masters" >"$work/tokens.csv"
"$apiserver" --etcd-servers "http://127.0.0.1:$etcd_port" --bind-address 127.0.0.1 --secure-port "$port" --cert-dir "$work/certs" \
  --service-account-issuer https://local --service-account-key-file "$work/sa.key" --service-account-signing-key-file "$work/sa.key" \
  --token-auth-file "$work/tokens.csv" --authorization-mode RBAC --service-cluster-ip-range 10.0.0.0/24 \
  --disable-admission-plugins ServiceAccount >"$work/apiserver.log" 2>&1 &
pids+=($!)
export KUBECONFIG=$work/kubeconfig
kubectl config set-cluster local --server "https://127.0.0.1:$port" --insecure-skip-tls-verify=true >/dev/null
kubectl config set-credentials admin --token "$token" >/dev/null
kubectl config set-context local --cluster local --user admin >/dev/null
kubectl config use-context local >/dev/null
for _ in $(seq 60); do kubectl get --raw /readyz >/dev/null 2>&1 && break; sleep 1; done
kubectl get --raw /readyz >/dev/null || { tail -20 "$work/apiserver.log" >&2; exit 1; }
kubectl version | grep Server

failed=0
chart=deploy/helm/agent-orchestration-service
for values in test/helm/values/*.yaml; do
  set=$(basename "$values" .yaml)
  kubectl create namespace "$set" >/dev/null
  kubectl label namespace "$set" pod-security.kubernetes.io/enforce=restricted pod-security.kubernetes.io/warn=restricted >/dev/null
  # KEDA's and Prometheus' resources have no definition on this server.
  helm template crews "$chart" --namespace "$set" -f "$values" |
    node --input-type=module -e '
      import { readFileSync } from "node:fs";
      const documents = readFileSync(0, "utf8").split(/^---$/m);
      process.stdout.write(documents.filter((text) => !/^kind: (ScaledObject|ServiceMonitor)$/m.test(text)).join("---"));' >"$work/$set.yaml"
  if kubectl apply --namespace "$set" --dry-run=server --validate=strict -f "$work/$set.yaml" >"$work/out" 2>&1 && ! grep -qi 'warning' "$work/out"; then
    echo "$set: $(grep -c 'server dry run' "$work/out") resources taken, no warning"
  else
    failed=1; cat "$work/out" >&2
  fi
done
# Hooks run as jobs, which nothing here would finish: the release itself, for real.
helm install crews "$chart" --namespace minimal -f test/helm/values/minimal.yaml --no-hooks >/dev/null && echo "installed: $(helm list --namespace minimal --short)"
helm upgrade crews "$chart" --namespace minimal -f test/helm/values/minimal.yaml --set image.tag=0.2.0 --set 'worker.previousBuilds[0].buildId=0.1.0' --no-hooks >/dev/null
kubectl get deployments --namespace minimal -o name
# The gate itself: something that is not restricted is refused.
if kubectl run --namespace minimal bad --image=bad --dry-run=server >"$work/out" 2>&1; then echo 'Pod Security is not enforced' >&2; failed=1; else echo "a pod without a security context: $(grep -o 'violates PodSecurity "[^"]*"' "$work/out")"; fi
exit $failed
