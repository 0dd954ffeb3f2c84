{{- define "aos.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 40 | trimSuffix "-" -}}
{{- end }}

{{/* Short enough for a suffix with a build id. */}}
{{- define "aos.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "aos.name" .) | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end }}

{{- define "aos.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
app.kubernetes.io/part-of: agent-orchestration-service
{{ include "aos.selector" . }}
{{- end }}

{{- define "aos.selector" -}}
app.kubernetes.io/name: {{ include "aos.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "aos.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "aos.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end }}

{{/* The image of a build: dict "root" $ "tag" … "digest" … */}}
{{- define "aos.image" -}}
{{- $repository := .root.Values.image.repository -}}
{{- if .digest -}}
{{- printf "%s@%s" $repository .digest -}}
{{- else -}}
{{- printf "%s:%s" $repository (.tag | toString) -}}
{{- end -}}
{{- end }}

{{- define "aos.currentImage" -}}
{{- include "aos.image" (dict "root" . "tag" (default .Chart.AppVersion .Values.image.tag) "digest" .Values.image.digest) -}}
{{- end }}

{{- define "aos.buildId" -}}
{{- default (default .Chart.AppVersion .Values.image.tag) .Values.worker.versioning.buildId -}}
{{- end }}

{{- define "aos.deploymentName" -}}
{{- default (include "aos.fullname" .) .Values.worker.versioning.deploymentName -}}
{{- end }}

{{/* A build id as part of a name. Ids that differ only in what names cannot have get a digest. */}}
{{- define "aos.buildName" -}}
{{- $name := regexReplaceAll "[^a-z0-9]+" (lower .) "-" | trunc 14 | trimAll "-" -}}
{{- if eq $name . -}}{{- $name -}}{{- else -}}{{- printf "%s-%s" $name (sha256sum . | trunc 6) | trimPrefix "-" -}}{{- end -}}
{{- end }}

{{- define "aos.podSecurity" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
fsGroupChangePolicy: OnRootMismatch
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{- define "aos.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
capabilities:
  drop: [ALL]
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{/* The environment that all processes and jobs have. It stands in the pods, not in a ConfigMap: hooks run before one would be there, and a change rolls the pods. */}}
{{- define "aos.env" -}}
- name: TEMPORAL_ADDRESS
  value: {{ .Values.temporal.address | quote }}
- name: TEMPORAL_NAMESPACE
  value: {{ .Values.temporal.namespace | quote }}
- name: TASK_QUEUE
  value: {{ .Values.temporal.taskQueue | quote }}
{{- if .Values.temporal.tlsSecret }}
- name: TEMPORAL_TLS_CLIENT_CERT_PATH
  value: /etc/temporal-tls/tls.crt
- name: TEMPORAL_TLS_CLIENT_KEY_PATH
  value: /etc/temporal-tls/tls.key
{{- if .Values.temporal.tlsCa }}
- name: TEMPORAL_TLS_SERVER_CA_CERT_PATH
  value: /etc/temporal-tls/ca.crt
{{- end }}
{{- end }}
{{- if hasKey .Values.files "models.yaml" }}
- name: MODELS_CONFIG
  value: /etc/crews/models.yaml
{{- end }}
{{- if hasKey .Values.files "mcp.yaml" }}
- name: MCP_CONFIG
  value: /etc/crews/mcp.yaml
{{- end }}
{{- if hasKey .Values.files "secrets.yaml" }}
- name: SECRETS_CONFIG
  value: /etc/crews/secrets.yaml
{{- end }}
{{- if .Values.crewsConfigMap }}
- name: CREWS_DIR
  value: /crews
{{- end }}
{{- range $name, $value := omit .Values.config "ALLOWED_HOSTS" }}
- name: {{ $name }}
  value: {{ $value | toString | quote }}
{{- end }}
{{- with .Values.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* The names that the gateway is called under: the service's own, the ingress's and what config says. */}}
{{- define "aos.allowedHosts" -}}
{{- $name := printf "%s-gateway" (include "aos.fullname" .) -}}
{{- $ns := .Release.Namespace -}}
{{- $hosts := list $name (printf "%s.%s" $name $ns) (printf "%s.%s.svc" $name $ns) (printf "%s.%s.svc.cluster.local" $name $ns) -}}
{{- if .Values.ingress.enabled -}}{{- range .Values.ingress.hosts -}}{{- $hosts = append $hosts .host -}}{{- end -}}{{- end -}}
{{- with .Values.config.ALLOWED_HOSTS -}}{{- $hosts = concat $hosts (splitList "," .) -}}{{- end -}}
{{- join "," (uniq $hosts) -}}
{{- end }}

{{- define "aos.versionEnv" -}}
- name: WORKER_DEPLOYMENT_NAME
  value: {{ include "aos.deploymentName" .root | quote }}
- name: WORKER_BUILD_ID
  value: {{ .buildId | quote }}
{{- end }}

{{/* Pods are scraped by their addresses. */}}
{{- define "aos.metricsEnv" -}}
{{- if .Values.metrics.enabled -}}
- name: METRICS_HOST
  value: 0.0.0.0
- name: METRICS_PORT
  value: {{ .Values.metrics.port | quote }}
{{- end -}}
{{- end }}

{{- define "aos.envFrom" -}}
{{- if .Values.existingSecret }}
- secretRef:
    name: {{ .Values.existingSecret }}
{{- end }}
{{- with .Values.extraEnvFrom }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* .files: whether the ConfigMap of files is there: not yet where hooks run. */}}
{{- define "aos.volumeMounts" -}}
- name: tmp
  mountPath: /tmp
{{- with .root.Values.temporal.tlsSecret }}
- name: temporal-tls
  mountPath: /etc/temporal-tls
  readOnly: true
{{- end }}
{{- if and .files .root.Values.files }}
- name: files
  mountPath: /etc/crews
  readOnly: true
{{- end }}
{{- if and .files .root.Values.crewsConfigMap }}
- name: crews
  mountPath: /crews
  readOnly: true
{{- end }}
{{- with .root.Values.extraVolumeMounts }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "aos.volumes" -}}
- name: tmp
  emptyDir:
    sizeLimit: 256Mi
{{- with .root.Values.temporal.tlsSecret }}
- name: temporal-tls
  secret:
    secretName: {{ . }}
    defaultMode: 0440
{{- end }}
{{- if and .files .root.Values.files }}
- name: files
  configMap:
    name: {{ include "aos.fullname" .root }}-files
{{- end }}
{{- if and .files .root.Values.crewsConfigMap }}
- name: crews
  configMap:
    name: {{ .root.Values.crewsConfigMap }}
{{- end }}
{{- with .root.Values.extraVolumes }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* What makes pods start anew beside their own text. */}}
{{- define "aos.podChecksums" -}}
{{- with .Values.files }}
checksum/files: {{ toJson . | sha256sum }}
{{- end }}
{{- with .Values.existingSecretVersion }}
secret-version: {{ . | quote }}
{{- end }}
{{- end }}

{{- define "aos.placement" -}}
{{- $part := index .root.Values .part -}}
{{- with $part.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $part.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $part.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $part.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- if $part.topologySpread }}
topologySpreadConstraints:
  {{- range $key := list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
  - maxSkew: 1
    topologyKey: {{ $key }}
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- toYaml (fromYaml $.selector) | nindent 8 }}
  {{- end }}
{{- end }}
{{- end }}

{{/* All builds whose workers run, the current one first, as a list under "builds". */}}
{{- define "aos.builds" -}}
{{- $current := dict "buildId" (include "aos.buildId" .) "image" (include "aos.currentImage" .) "replicas" .Values.worker.replicas "current" true -}}
{{- $builds := list $current -}}
{{- if .Values.worker.versioning.enabled -}}
{{- range .Values.worker.previousBuilds -}}
{{- if eq (toString .buildId) $current.buildId -}}
{{- fail (printf "worker.previousBuilds: '%s' is the current build" .buildId) -}}
{{- end -}}
{{- $image := include "aos.image" (dict "root" $ "tag" (default .buildId .tag) "digest" .digest) -}}
{{- $builds = append $builds (dict "buildId" (toString .buildId) "image" $image "replicas" (default 1 .replicas) "current" false) -}}
{{- end -}}
{{- end -}}
{{- dict "builds" $builds | toYaml -}}
{{- end }}

{{/* Name of a build's worker Deployment. */}}
{{- define "aos.workerName" -}}
{{- if .root.Values.worker.versioning.enabled -}}
{{- printf "%s-worker-%s" (include "aos.fullname" .root) (include "aos.buildName" .buildId) -}}
{{- else -}}
{{- printf "%s-worker" (include "aos.fullname" .root) -}}
{{- end -}}
{{- end }}
