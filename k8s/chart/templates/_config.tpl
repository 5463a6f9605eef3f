{{- /* The properties of Kafka clients. */}}
{{- define "musa.kafkaProperties" -}}
{{- include "musa.kafkaSecurity" . }}
{{- with .Values.kafka.properties }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- /*
What kafka.tls, kafka.scram and Strimzi make of them. The password comes by ${file:...}, which MUSA reads when it starts.
*/}}
{{- define "musa.kafkaSecurity" -}}
{{- $kafka := .Values.kafka }}
{{- $tls := or $kafka.tls.enabled .Values.strimzi.enabled }}
{{- $scram := $kafka.scram.enabled }}
{{- if $scram }}
security.protocol: {{ ternary "SASL_SSL" "SASL_PLAINTEXT" $tls }}
sasl.mechanism: {{ $kafka.scram.mechanism }}
sasl.jaas.config: {{ printf "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"%s\" password=\"${file:/etc/musa/kafka-password/%s}\";" (include "musa.kafkaUser" .) $kafka.scram.passwordKey | quote }}
{{- else if $tls }}
security.protocol: SSL
{{- end }}
{{- end }}

{{- /* The files of kafka.tls: MUSA reads them again when their Secrets are renewed. */}}
{{- define "musa.kafkaTls" -}}
{{- $kafka := .Values.kafka }}
{{- if or $kafka.tls.enabled .Values.strimzi.enabled }}
{{- with include "musa.kafkaCaFile" . }}
ca: {{ . }}
{{- end }}
{{- if include "musa.kafkaClientSecret" . }}
certificate: /etc/musa/kafka-client/{{ ternary "user.crt" $kafka.tls.certificateKey .Values.strimzi.enabled }}
key: /etc/musa/kafka-client/{{ ternary "user.key" $kafka.tls.privateKeyKey .Values.strimzi.enabled }}
{{- end }}
{{- end }}
{{- end }}

{{- define "musa.kafkaUser" -}}
{{- ternary (include "musa.fullname" .) .Values.kafka.scram.username .Values.strimzi.enabled }}
{{- end }}

{{- define "musa.kafkaPasswordSecret" -}}
{{- if .Values.kafka.scram.enabled }}
{{- ternary (include "musa.fullname" .) .Values.kafka.scram.passwordSecret .Values.strimzi.enabled }}
{{- end }}
{{- end }}

{{- define "musa.kafkaCaSecret" -}}
{{- if .Values.strimzi.enabled }}
{{- include "musa.strimziCluster" . }}-cluster-ca-cert
{{- else if .Values.kafka.tls.enabled }}
{{- .Values.kafka.tls.caSecret }}
{{- end }}
{{- end }}

{{- define "musa.kafkaCaFile" -}}
{{- if .Values.strimzi.enabled }}
{{- print "/etc/musa/kafka-ca/ca.crt" }}
{{- else if .Values.kafka.tls.caSecret }}
{{- printf "/etc/musa/kafka-ca/%s" .Values.kafka.tls.caKey }}
{{- else if .Values.trustManager.enabled }}
{{- print "/etc/musa/trust/ca.crt" }}
{{- end }}
{{- end }}

{{- define "musa.kafkaClientSecret" -}}
{{- if .Values.strimzi.enabled }}
{{- if not .Values.kafka.scram.enabled }}
{{- include "musa.fullname" . }}
{{- end }}
{{- else if .Values.kafka.tls.enabled }}
{{- if .Values.kafka.tls.clientSecret }}
{{- .Values.kafka.tls.clientSecret }}
{{- else if and .Values.certManager.enabled .Values.certManager.kafkaClient.enabled }}
{{- include "musa.fullname" . }}-kafka-tls
{{- end }}
{{- end }}
{{- end }}

{{- define "musa.bootstrapServers" -}}
{{- if .Values.strimzi.enabled }}
{{- list (printf "%s-kafka-bootstrap.%s.svc:9093" (include "musa.strimziCluster" .) .Release.Namespace) | toJson }}
{{- else }}
{{- .Values.kafka.bootstrapServers | toJson }}
{{- end }}
{{- end }}

{{- define "musa.sinksClientSecret" -}}
{{- if .Values.sinks.tls.clientSecret }}
{{- .Values.sinks.tls.clientSecret }}
{{- else if .Values.sinks.tls.certManager }}
{{- include "musa.fullname" . }}-sinks-tls
{{- end }}
{{- end }}

{{- define "musa.sinksTls" -}}
{{- if include "musa.sinksClientSecret" . }}
certificate: /etc/musa/sinks-tls/tls.crt
key: /etc/musa/sinks-tls/tls.key
{{- end }}
{{- if .Values.sinks.tls.caSecret }}
ca: /etc/musa/sinks-ca/{{ .Values.sinks.tls.caKey }}
{{- else if .Values.trustManager.enabled }}
ca: /etc/musa/trust/ca.crt
{{- end }}
{{- end }}

{{- define "musa.sinks" -}}
{{- range $name := list "tempo" "loki" "prometheus" }}
{{- $endpoint := (get $.Values.sinks $name).endpoint }}
{{- if $endpoint }}
{{ $name }}:
  endpoint: {{ $endpoint | quote }}
  {{- if hasPrefix "https://" $endpoint }}
  {{- with include "musa.sinksTls" $ | trim }}
  tls:
    {{- . | nindent 4 }}
  {{- end }}
  {{- end }}
{{- end }}
{{- end }}
{{- end }}

{{- /* Of the sinks what tells which there are: control looks at how far each is. It has not the files that the rest names. */}}
{{- define "musa.sinkNames" -}}
{{- $sinks := mustMergeOverwrite (dict) (include "musa.sinks" . | fromYaml) (deepCopy (default (dict) .Values.config.sinks)) }}
{{- $names := dict }}
{{- range $name := list "tempo" "loki" "prometheus" }}
{{- with get $sinks $name }}
{{- $_ := set $names $name (pick . "endpoint") }}
{{- end }}
{{- end }}
{{- with $sinks.files }}
{{- $_ := set $names "files" (pick . "enabled") }}
{{- end }}
{{- $otlp := list }}
{{- range $sinks.otlp }}
{{- $otlp = append $otlp (pick . "name" "endpoint" "protocol" "signals") }}
{{- end }}
{{- if $otlp }}
{{- $_ := set $names "otlp" $otlp }}
{{- end }}
{{- toYaml $names }}
{{- end }}

{{- /* musa.yaml for one part, with the sections that it reads: dict "root" $ "part" "collector". */}}
{{- define "musa.config" -}}
{{- $root := .root }}
{{- $all := eq .part "all-in-one" }}
{{- $sections := dict "collector" (list "collector") "control" (list "rules" "kubernetes") "processors" (list "rules" "processors" "traces") "sinks" (list "sinks") "all-in-one" (list "node" "collector" "rules" "kubernetes" "processors" "traces" "sinks") }}
{{- $config := dict "data" "/var/lib/musa" "health" (dict "host" "0.0.0.0") }}
{{- $kafka := dict }}
{{- $servers := include "musa.bootstrapServers" $root | fromJsonArray }}
{{- if $servers }}
{{- $_ := set $kafka "bootstrapServers" $servers }}
{{- $_ := set $config "kafka" $kafka }}
{{- with include "musa.kafkaTls" $root | fromYaml }}
{{- $_ := set $kafka "tls" . }}
{{- end }}
{{- with include "musa.kafkaProperties" $root | fromYaml }}
{{- $_ := set $kafka "properties" . }}
{{- end }}
{{- end }}
{{- if or $all (eq .part "collector") }}
{{- /* There is no TLS at the intake yet: beyond loopback MUSA wants this to be said. */}}
{{- $_ := set $config "collector" (dict "grpc" (dict "host" "0.0.0.0") "http" (dict "host" "0.0.0.0") "insecure" true "tenant" $root.Values.tenant "cluster" $root.Values.cluster) }}
{{- end }}
{{- $rules := dict }}
{{- if and (or $all (eq .part "control")) (include "musa.rulesConfigMap" $root) }}
{{- $_ := set $rules "directory" "/etc/musa/rules" }}
{{- end }}
{{- if and (or $all (eq .part "control") (eq .part "processors")) $root.Values.rules.hashKey.existingSecret }}
{{- $_ := set $rules "hashKeyFile" (printf "/etc/musa/hash-key/%s" $root.Values.rules.hashKey.key) }}
{{- end }}
{{- if $rules }}
{{- $_ := set $config "rules" $rules }}
{{- end }}
{{- if or $all (eq .part "control") }}
{{- $lease := dict "enabled" (not $all) "name" (printf "%s-control" (include "musa.fullname" $root)) "namespace" $root.Release.Namespace }}
{{- $kubernetes := dict "enabled" $root.Values.rbac.cluster "cluster" $root.Values.cluster "lease" $lease }}
{{- with include "musa.rulesConfigMap" $root }}
{{- $_ := set $kubernetes "rulesConfigMap" . }}
{{- end }}
{{- if not $all }}
{{- $_ := set $kubernetes "processorsStatefulSet" (printf "%s-processors" (include "musa.fullname" $root)) }}
{{- end }}
{{- $_ := set $config "kubernetes" $kubernetes }}
{{- end }}
{{- if or $all (eq .part "sinks") }}
{{- with include "musa.sinks" $root | fromYaml }}
{{- $_ := set $config "sinks" . }}
{{- end }}
{{- end }}
{{- if eq .part "control" }}
{{- with include "musa.sinkNames" $root | fromYaml }}
{{- $_ := set $config "sinks" . }}
{{- end }}
{{- end }}
{{- if include "musa.plainMetrics" $root }}
{{- $_ := set $config "admin" (dict "host" "0.0.0.0" "insecure" true) }}
{{- end }}
{{- if $all }}
{{- $_ := set $config "node" (dict "fsync" $root.Values.allInOne.fsync) }}
{{- end }}
{{- range $section := concat (list "admin" "health" "kafka" "topics") (get $sections .part) }}
{{- with get $root.Values.config $section }}
{{- $_ := set $config $section (mustMergeOverwrite (dict) (default (dict) (get $config $section)) (deepCopy .)) }}
{{- end }}
{{- end }}
{{- toYaml $config }}
{{- end }}
