{{- define "musa.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 40 | trimSuffix "-" }}
{{- end }}

{{- /* Short enough for "-processors-headless", and for a StatefulSet's pods to have their whole name as host name. */}}
{{- define "musa.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" }}
{{- else if contains (include "musa.name" .) .Release.Name }}
{{- .Release.Name | trunc 40 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name (include "musa.name" .) | trunc 40 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{- /* What never changes, as selectors must not: dict "root" $ "part" "collector". */}}
{{- define "musa.selector" -}}
app.kubernetes.io/name: {{ include "musa.name" .root }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
{{- with .part }}
app.kubernetes.io/component: {{ . }}
{{- end }}
{{- end }}

{{- define "musa.labels" -}}
{{ include "musa.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/part-of: musa
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" }}
{{- end }}

{{- define "musa.metadata" -}}
name: {{ include "musa.fullname" .root }}{{ with .suffix }}-{{ . }}{{ end }}
namespace: {{ .root.Release.Namespace }}
labels:
  {{- include "musa.labels" . | nindent 2 }}
  {{- with .labels }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end }}

{{- define "musa.image" -}}
{{- with .Values.image }}
{{- if .digest }}
{{- printf "%s@%s" .repository .digest }}
{{- else }}
{{- printf "%s:%s" .repository (default $.Chart.AppVersion .tag) }}
{{- end }}
{{- end }}
{{- end }}

{{- /* The parts that have pods, with the ports of their health servers, as JSON. */}}
{{- define "musa.parts" -}}
{{- if eq .Values.mode "allInOne" -}}
{"all-in-one": 4320}
{{- else -}}
{"collector": 4320, "processors": 4322, "sinks": 4324, "control": 4326}
{{- end }}
{{- end }}

{{- /* The part whose pods take OTLP, and the one that watches the API server. */}}
{{- define "musa.intakePart" -}}
{{- ternary "all-in-one" "collector" (eq .Values.mode "allInOne") }}
{{- end }}
{{- define "musa.controlPart" -}}
{{- ternary "all-in-one" "control" (eq .Values.mode "allInOne") }}
{{- end }}

{{- /* Whether metrics are behind proxies, or served to whomever the network lets through. */}}
{{- define "musa.metricsProxied" -}}
{{- if and .Values.metrics.enabled .Values.metrics.proxy.enabled }}yes{{- end }}
{{- end }}
{{- define "musa.plainMetrics" -}}
{{- if and .Values.metrics.enabled (not .Values.metrics.proxy.enabled) }}yes{{- end }}
{{- end }}

{{- /* What control is told of Kubernetes, as JSON; whether it watches, and whether its replicas share a Lease. */}}
{{- define "musa.kubernetes" -}}
{{- (include "musa.config" (dict "root" . "part" (include "musa.controlPart" .)) | fromYaml).kubernetes | toJson }}
{{- end }}
{{- define "musa.hasLease" -}}
{{- if dig "lease" "enabled" false (include "musa.kubernetes" . | fromJson) }}yes{{- end }}
{{- end }}

{{- define "musa.rulesConfigMap" -}}
{{- if .Values.rules.existingConfigMap }}
{{- .Values.rules.existingConfigMap }}
{{- else if .Values.rules.files }}
{{- include "musa.fullname" . }}-rules
{{- end }}
{{- end }}

{{- define "musa.strimziCluster" -}}
{{- default (include "musa.fullname" .) .Values.strimzi.clusterName }}
{{- end }}

{{- define "musa.partitions" -}}
{{- dig "topics" "partitions" nil .Values.config | default 32 }}
{{- end }}

{{- define "musa.prefix" -}}
{{- dig "topics" "prefix" "" .Values.config | default "musa" }}
{{- end }}

{{- /* What the schema cannot say, because it concerns several values. */}}
{{- define "musa.check" -}}
{{- if and (eq .Values.mode "distributed") (not .Values.kafka.bootstrapServers) (not .Values.strimzi.enabled) }}
{{- fail "kafka.bootstrapServers is empty (expected: host:port of some brokers, or strimzi.enabled: true, or mode: allInOne for a Kafka node of its own)" }}
{{- end }}
{{- if and .Values.strimzi.enabled (eq .Values.mode "allInOne") }}
{{- fail "strimzi.enabled is true and mode is allInOne, which has a Kafka node of its own (expected: one of the two)" }}
{{- end }}
{{- if and .Values.strimzi.enabled .Values.kafka.bootstrapServers }}
{{- fail "kafka.bootstrapServers and strimzi.enabled are both given (expected: one of the two)" }}
{{- end }}
{{- if and .Values.rules.files .Values.rules.existingConfigMap }}
{{- fail "rules.files and rules.existingConfigMap are both given (expected: one of the two)" }}
{{- end }}
{{- if and .Values.kafka.scram.enabled (not .Values.kafka.scram.passwordSecret) (not .Values.strimzi.enabled) }}
{{- fail "kafka.scram.passwordSecret is empty (expected: the Secret that holds the password of kafka.scram.username)" }}
{{- end }}
{{- if and .Values.certManager.enabled (not .Values.certManager.issuerRef.name) }}
{{- fail "certManager.issuerRef.name is empty (expected: the name of an Issuer or ClusterIssuer)" }}
{{- end }}
{{- if and .Values.sinks.tls.certManager (not .Values.certManager.enabled) }}
{{- fail "sinks.tls.certManager is true, but cert-manager is not to be used (expected: certManager.enabled: true as well)" }}
{{- end }}
{{- if and .Values.sinks.tls.certManager .Values.sinks.tls.clientSecret }}
{{- fail "sinks.tls.certManager and sinks.tls.clientSecret are both given (expected: one of the two)" }}
{{- end }}
{{- if and .Values.metrics.serviceMonitor.enabled (not .Values.metrics.enabled) }}
{{- fail "metrics.serviceMonitor.enabled is true, but there is nothing to scrape (expected: metrics.enabled: true as well)" }}
{{- end }}
{{- if and .Values.metrics.prometheusRule.enabled (not .Values.metrics.enabled) }}
{{- fail "metrics.prometheusRule.enabled is true, but there are no metrics to alert on (expected: metrics.enabled: true as well)" }}
{{- end }}
{{- with .Values.collector.service }}
{{- if and .externalTrafficPolicy (eq .type "ClusterIP") }}
{{- fail (printf "collector.service.externalTrafficPolicy is %s and collector.service.type is ClusterIP (expected: a type that is reached from outside, NodePort or LoadBalancer)" .externalTrafficPolicy) }}
{{- end }}
{{- if and .loadBalancerSourceRanges (ne .type "LoadBalancer") }}
{{- fail (printf "collector.service.loadBalancerSourceRanges is given and collector.service.type is %s (expected: LoadBalancer, or networkPolicy.senders with an ipBlock)" .type) }}
{{- end }}
{{- end }}
{{- $scaling := .Values.processors.autoscaling }}
{{- if and (eq $scaling.type "keda") (not $scaling.authenticationRef.name) }}
{{- include "musa.checkScaler" . }}
{{- end }}
{{- range $part := list "collector" "processors" }}
{{- with (get $.Values $part).autoscaling }}
{{- if and (or .enabled (and .type (ne .type "none"))) (gt (int .minReplicas) (int .maxReplicas)) }}
{{- fail (printf "%s.autoscaling.minReplicas is %v (expected: at most %s.autoscaling.maxReplicas, %v)" $part .minReplicas $part .maxReplicas) }}
{{- end }}
{{- end }}
{{- end }}
{{- $replicas := ternary "replicas" "autoscaling.maxReplicas" (eq $scaling.type "none") }}
{{- $most := ternary .Values.processors.replicas $scaling.maxReplicas (eq $scaling.type "none") }}
{{- if and (eq .Values.mode "distributed") (gt (int $most) (int (include "musa.partitions" .))) }}
{{- fail (printf "processors.%s is %v (expected: at most the number of partitions, %s: more would idle)" $replicas $most (include "musa.partitions" .)) }}
{{- end }}
{{- if eq .Values.mode "allInOne" }}
{{- include "musa.checkOnePod" . }}
{{- end }}
{{- end }}

{{- /* Values for several pods, which do nothing in one, have to be as values.yaml has them. */}}
{{- define "musa.checkOnePod" -}}
{{- $defaults := dict
  "collector.replicas" 2 "collector.autoscaling.enabled" false
  "processors.replicas" 2 "processors.autoscaling.type" "none" "processors.persistence.enabled" true
  "sinks.replicas" 2 "sinks.persistence.enabled" false
  "control.replicas" 2
}}
{{- range $key, $default := $defaults }}
{{- $value := $.Values }}
{{- range splitList "." $key }}
{{- $value = get $value . }}
{{- end }}
{{- if ne (toString $value) (toString $default) }}
{{- fail (printf "%s is %v, which does nothing in mode allInOne with its one pod (expected: nothing, or mode: distributed)" $key $value) }}
{{- end }}
{{- end }}
{{- end }}
