{{- define "musa.podSecurity" -}}
runAsNonRoot: true
{{- if not .Values.openshift }}
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
fsGroupChangePolicy: OnRootMismatch
{{- end }}
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{- /* On which nodes, by the values of a part or of the test. */}}
{{- define "musa.scheduling" -}}
{{- with .nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{- define "musa.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
runAsNonRoot: true
capabilities:
  drop: [ALL]
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{- /*
The template of a part's pods.

root; part; values: those of the part; healthPort; command; ports: of the intake, if it has that; preStop: seconds
between the end as an endpoint and the end of the process; grace: seconds until the kill, above preStop and the 9.5
seconds that MUSA takes at most to drain; data: the name of a volume claim, else an emptyDir.
*/}}
{{- define "musa.podTemplate" -}}
{{- $root := .root }}
{{- $rules := and (or (eq .part "control") (eq .part "all-in-one")) (include "musa.rulesConfigMap" $root) -}}
metadata:
  labels:
    # No versions: a new chart alone needs no new pods.
    {{- include "musa.selector" (dict "root" $root "part" .part) | nindent 4 }}
    {{- with .values.podLabels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  annotations:
    # A changed musa.yaml needs new pods, changed rules do not.
    checksum/config: {{ include "musa.config" (dict "root" $root "part" .part) | sha256sum }}
    kubectl.kubernetes.io/default-container: musa
    {{- with .values.podAnnotations }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  serviceAccountName: {{ include "musa.fullname" $root }}-{{ .part }}
  # Only containers that talk to the API server get a token, see the volume api-access.
  automountServiceAccountToken: false
  enableServiceLinks: false
  terminationGracePeriodSeconds: {{ .grace }}
  {{- with $root.Values.image.pullSecrets }}
  imagePullSecrets:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .values.priorityClassName }}
  priorityClassName: {{ . }}
  {{- end }}
  {{- with include "musa.scheduling" .values | trim }}
  {{- . | nindent 2 }}
  {{- end }}
  {{- with .values.affinity }}
  affinity:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- if ne .part "all-in-one" }}
  topologySpreadConstraints:
    {{- range $key := list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
    - maxSkew: 1
      topologyKey: {{ $key }}
      whenUnsatisfiable: ScheduleAnyway
      labelSelector:
        matchLabels:
          {{- include "musa.selector" (dict "root" $root "part" $.part) | nindent 10 }}
    {{- end }}
  {{- end }}
  securityContext:
    {{- include "musa.podSecurity" $root | nindent 4 }}
  containers:
    - name: musa
      image: {{ include "musa.image" $root | quote }}
      imagePullPolicy: {{ $root.Values.image.pullPolicy }}
      args: [{{ .command }}, --config, /etc/musa/config/musa.yaml]
      {{- with $root.Values.javaOptions }}
      env:
        - name: MUSA_JAVA_OPTS
          value: {{ . | quote }}
      {{- end }}
      ports:
        {{- range $name, $port := .ports }}
        - name: {{ $name }}
          containerPort: {{ $port }}
        {{- end }}
        - name: health
          containerPort: {{ .healthPort }}
        {{- if include "musa.plainMetrics" $root }}
        - name: metrics
          containerPort: {{ sub .healthPort 1 }}
        {{- end }}
      startupProbe:
        httpGet: {path: /livez, port: health}
        periodSeconds: 2
        failureThreshold: 60
      livenessProbe:
        httpGet: {path: /livez, port: health}
        periodSeconds: 10
        timeoutSeconds: 3
        failureThreshold: 6
      readinessProbe:
        httpGet: {path: /readyz, port: health}
        periodSeconds: 5
        timeoutSeconds: 3
      {{- with .preStop }}
      lifecycle:
        preStop:
          # Senders are told to go elsewhere before the intake closes.
          sleep: {seconds: {{ . }}}
      {{- end }}
      resources:
        {{- toYaml .values.resources | nindent 8 }}
      securityContext:
        {{- include "musa.containerSecurity" $root | nindent 8 }}
      volumeMounts:
        - {name: config, mountPath: /etc/musa/config, readOnly: true}
        - {name: data, mountPath: /var/lib/musa}
        - {name: tmp, mountPath: /tmp}
        {{- if $rules }}
        # The directory: a file mounted by subPath would never change.
        - {name: rules, mountPath: /etc/musa/rules, readOnly: true}
        {{- end }}
        {{- if or (eq .part "control") (eq .part "all-in-one") }}
        - {name: api-access, mountPath: /var/run/secrets/kubernetes.io/serviceaccount, readOnly: true}
        {{- end }}
        {{- range $name, $_ := include "musa.secrets" . | fromYaml }}
        - {name: {{ $name }}, mountPath: /etc/musa/{{ if hasPrefix "extra-" $name }}secrets/{{ trimPrefix "extra-" $name }}{{ else }}{{ $name }}{{ end }}, readOnly: true}
        {{- end }}
        {{- if include "musa.mountsTrust" . }}
        - {name: trust, mountPath: /etc/musa/trust, readOnly: true}
        {{- end }}
    {{- if include "musa.metricsProxied" $root }}
    {{- include "musa.metricsProxy" . | nindent 4 }}
    {{- end }}
  volumes:
    - name: config
      configMap:
        name: {{ include "musa.fullname" $root }}-{{ .part }}
    - name: tmp
      emptyDir: {sizeLimit: 256Mi}
    {{- if not .data }}
    - name: data
      emptyDir: {{ ternary "{}" "{sizeLimit: 256Mi}" (eq .part "sinks") }}
    {{- end }}
    {{- if $rules }}
    - name: rules
      configMap:
        name: {{ include "musa.rulesConfigMap" $root }}
    {{- end }}
    {{- range $name, $secret := include "musa.secrets" . | fromYaml }}
    - name: {{ $name }}
      secret:
        secretName: {{ $secret }}
        defaultMode: 0440
    {{- end }}
    {{- if include "musa.mountsTrust" . }}
    - name: trust
      configMap:
        name: {{ include "musa.fullname" $root }}-trust
    {{- end }}
    {{- if or (include "musa.metricsProxied" $root) (eq .part "control") (eq .part "all-in-one") }}
    - name: api-access
      projected:
        defaultMode: 0440
        sources:
          - serviceAccountToken: {path: token, expirationSeconds: 3607}
          - configMap:
              name: kube-root-ca.crt
              items: [{key: ca.crt, path: ca.crt}]
          - downwardAPI:
              items: [{path: namespace, fieldRef: {fieldPath: metadata.namespace}}]
    {{- end }}
    {{- if and (include "musa.metricsProxied" $root) $root.Values.certManager.enabled }}
    - name: metrics-tls
      secret:
        secretName: {{ include "musa.fullname" $root }}-metrics-tls
        defaultMode: 0440
    {{- end }}
{{- end }}

{{- /* Names of volumes to names of Secrets; each part has those that its musa.yaml names. */}}
{{- define "musa.secrets" -}}
{{- $root := .root }}
{{- $all := eq .part "all-in-one" }}
{{- $secrets := dict }}
{{- if include "musa.bootstrapServers" $root | fromJsonArray }}
{{- with include "musa.kafkaCaSecret" $root }}{{- $_ := set $secrets "kafka-ca" . }}{{- end }}
{{- with include "musa.kafkaClientSecret" $root }}{{- $_ := set $secrets "kafka-client" . }}{{- end }}
{{- with include "musa.kafkaPasswordSecret" $root }}{{- $_ := set $secrets "kafka-password" . }}{{- end }}
{{- end }}
{{- if or $all (eq .part "control") (eq .part "processors") }}
{{- with $root.Values.rules.hashKey.existingSecret }}{{- $_ := set $secrets "hash-key" . }}{{- end }}
{{- end }}
{{- if or $all (eq .part "sinks") }}
{{- with include "musa.sinksClientSecret" $root }}{{- $_ := set $secrets "sinks-tls" . }}{{- end }}
{{- with $root.Values.sinks.tls.caSecret }}{{- $_ := set $secrets "sinks-ca" . }}{{- end }}
{{- range $root.Values.extraSecrets }}{{- $_ := set $secrets (printf "extra-%s" .) . }}{{- end }}
{{- end }}
{{- toYaml $secrets }}
{{- end }}

{{- define "musa.mountsTrust" -}}
{{- if and .root.Values.trustManager.enabled (or (eq .part "sinks") (eq .part "all-in-one") (eq (include "musa.kafkaCaFile" .root) "/etc/musa/trust/ca.crt")) }}yes{{- end }}
{{- end }}

{{- /* Lets in over TLS who may GET /metrics by RBAC; MUSA itself serves them on loopback only. */}}
{{- define "musa.metricsProxy" -}}
- name: metrics-proxy
  image: {{ .root.Values.metrics.proxy.image | quote }}
  imagePullPolicy: {{ .root.Values.image.pullPolicy }}
  args:
    - --secure-listen-address=:8443
    - --upstream=http://127.0.0.1:{{ sub .healthPort 1 }}/
    - --allow-paths=/metrics
    {{- if .root.Values.certManager.enabled }}
    - --tls-cert-file=/etc/metrics-tls/tls.crt
    - --tls-private-key-file=/etc/metrics-tls/tls.key
    {{- end }}
  ports:
    - name: metrics
      containerPort: 8443
  resources:
    {{- toYaml .root.Values.metrics.proxy.resources | nindent 4 }}
  securityContext:
    {{- include "musa.containerSecurity" .root | nindent 4 }}
  volumeMounts:
    - {name: api-access, mountPath: /var/run/secrets/kubernetes.io/serviceaccount, readOnly: true}
    {{- if .root.Values.certManager.enabled }}
    - {name: metrics-tls, mountPath: /etc/metrics-tls, readOnly: true}
    {{- end }}
{{- end }}
