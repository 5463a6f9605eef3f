{{- /* What the scaler needs to ask Kafka, as KEDA wants it; that of Secrets, and that of ConfigMaps. */}}
{{- define "musa.scalerSecrets" -}}
{{- if or .Values.kafka.tls.enabled .Values.strimzi.enabled }}
{{- with include "musa.kafkaCaSecret" . }}
- {parameter: ca, name: {{ . }}, key: {{ ternary "ca.crt" $.Values.kafka.tls.caKey $.Values.strimzi.enabled }}}
{{- end }}
{{- with include "musa.kafkaClientSecret" . }}
- {parameter: cert, name: {{ . }}, key: {{ ternary "user.crt" $.Values.kafka.tls.certificateKey $.Values.strimzi.enabled }}}
- {parameter: key, name: {{ . }}, key: {{ ternary "user.key" $.Values.kafka.tls.privateKeyKey $.Values.strimzi.enabled }}}
{{- end }}
{{- end }}
{{- with include "musa.kafkaPasswordSecret" . }}
- {parameter: password, name: {{ . }}, key: {{ $.Values.kafka.scram.passwordKey }}}
{{- end }}
{{- end }}

{{- define "musa.scalerConfigMaps" -}}
{{- if and .Values.kafka.tls.enabled (eq (include "musa.kafkaCaFile" .) "/etc/musa/trust/ca.crt") }}
- {parameter: ca, name: {{ include "musa.fullname" . }}-trust, key: ca.crt}
{{- end }}
{{- if .Values.kafka.scram.enabled }}
- {parameter: username, name: {{ include "musa.fullname" . }}-scaler, key: username}
{{- end }}
{{- end }}

{{- /* The scaler knows what kafka.tls and kafka.scram say, and nothing of what properties say otherwise. */}}
{{- define "musa.checkScaler" -}}
{{- $known := include "musa.kafkaSecurity" . | fromYaml }}
{{- range $key, $value := mergeOverwrite (dict) .Values.kafka.properties (dig "kafka" "properties" dict .Values.config) }}
{{- $expected := get $known $key | default (ternary "PLAINTEXT" "" (eq $key "security.protocol")) }}
{{- if and (regexMatch "^(security\\.protocol$|sasl\\.|ssl\\.(truststore|keystore|key)\\.)" $key) (ne (toString $value) $expected) }}
{{- fail (printf "processors.autoscaling.type is keda, whose scaler does not know %s of Kafka's properties (expected: kafka.tls and kafka.scram in place of it, or processors.autoscaling.authenticationRef.name: a TriggerAuthentication with tls, sasl and what they need)" $key) }}
{{- end }}
{{- end }}
{{- end }}
