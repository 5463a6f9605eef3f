{{- /* The secrets that the scaler needs to ask Kafka, as KEDA wants them. */}}
{{- define "musa.scalerAuth" -}}
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
