{{- /* One NetworkPolicy: root, part (none: those of all parts), suffix, and its ingress or egress rules as YAML. */}}
{{- define "musa.allow" -}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  {{- include "musa.metadata" . | nindent 2 }}
spec:
  podSelector:
    matchLabels:
      {{- include "musa.selector" . | nindent 6 }}
    {{- if not .part }}
    matchExpressions:
      - {key: app.kubernetes.io/component, operator: NotIn, values: [test]}
    {{- end }}
  policyTypes: [{{ ternary "Ingress" "Egress" (hasKey . "ingress") }}]
  {{- with .ingress }}
  ingress:
    {{- . | nindent 4 }}
  {{- end }}
  {{- with .egress }}
  egress:
    {{- . | nindent 4 }}
  {{- end }}
{{ end }}

{{- /* One rule: ports (names or numbers), and peers, of which none means anywhere. */}}
{{- define "musa.rule" -}}
- ports:
    {{- range .ports }}
    - {protocol: {{ default "TCP" $.protocol }}, port: {{ . }}}
    {{- end }}
  {{- with .peers }}
  {{ $.direction }}:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}

{{- /* The ports of the brokers, as a JSON list. */}}
{{- define "musa.kafkaPorts" -}}
{{- $ports := .Values.networkPolicy.kafka.ports }}
{{- range include "musa.bootstrapServers" . | fromJsonArray }}
{{- $ports = append $ports (regexFind "[0-9]+$" . | int) }}
{{- end }}
{{- $ports | uniq | toJson }}
{{- end }}

{{- /* Where sinks deliver to, as a JSON list of host, port and the whole endpoint. */}}
{{- define "musa.backends" -}}
{{- $sinks := (include "musa.config" (dict "root" . "part" "sinks") | fromYaml).sinks | default dict }}
{{- $endpoints := list }}
{{- range $name := list "tempo" "loki" "prometheus" }}
{{- $endpoints = append $endpoints (dig $name "endpoint" "" $sinks) }}
{{- end }}
{{- range $sinks.otlp }}
{{- $endpoints = append $endpoints .endpoint }}
{{- end }}
{{- $backends := list }}
{{- range $endpoints | compact }}
{{- $authority := (urlParse .).host }}
{{- $port := regexFind ":[0-9]+$" $authority | trimPrefix ":" | default (ternary "443" "80" (hasPrefix "https:" .)) | int }}
{{- $backends = append $backends (dict "endpoint" . "host" (regexReplaceAll ":[0-9]+$" $authority "") "port" $port) }}
{{- end }}
{{- $backends | toJson }}
{{- end }}

{{- /* The ports of all endpoints that sinks deliver to, as a JSON list. */}}
{{- define "musa.backendPorts" -}}
{{- $ports := .Values.networkPolicy.backends.ports }}
{{- range include "musa.backends" . | fromJsonArray }}
{{- $ports = append $ports (int .port) }}
{{- end }}
{{- $ports | uniq | toJson }}
{{- end }}

{{- /* Endpoints that look like Services at the ports of web servers, which pods seldom have, as a JSON list. */}}
{{- define "musa.remappedBackends" -}}
{{- $found := list }}
{{- if and .Values.networkPolicy.enabled (not .Values.networkPolicy.backends.ports) }}
{{- range include "musa.backends" . | fromJsonArray }}
{{- if and (has (int .port) (list 80 443)) (regexMatch "^[^.:]+(\\.[^.:]+|\\..*\\.svc|\\..*\\.svc\\.cluster\\.local)?\\.?$" .host) }}
{{- $found = append $found .endpoint }}
{{- end }}
{{- end }}
{{- end }}
{{- $found | toJson }}
{{- end }}
