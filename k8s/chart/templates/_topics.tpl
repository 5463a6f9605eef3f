{{- /* The topics as MUSA wants them (TopicLayout.java); a test compares the two. */}}
{{- define "musa.topics" -}}
{{- $prefix := include "musa.prefix" . }}
{{- $partitions := include "musa.partitions" . | int }}
{{- $topics := .Values.strimzi.topics }}
{{- $anyTime := dict "message.timestamp.after.max.ms" "9223372036854775807" }}
{{- $telemetry := merge (dict "cleanup.policy" "delete" "retention.ms" (toString (int64 $topics.retentionMs)) "retention.bytes" "-1" "max.message.bytes" (toString (int64 $topics.maxMessageBytes))) $anyTime }}
{{- $compacted := merge (dict "cleanup.policy" "compact") $anyTime }}
{{- $all := dict }}
{{- range $signal := list "traces" "logs" "metrics" }}
{{- $_ := set $all (printf "%s.%s.raw" $prefix $signal) (dict "partitions" $partitions "config" (merge (dict "message.timestamp.type" "LogAppendTime") $telemetry)) }}
{{- $_ := set $all (printf "%s.%s" $prefix $signal) (dict "partitions" $partitions "config" $telemetry) }}
{{- $_ := set $all (printf "%s.%s.redrive" $prefix $signal) (dict "partitions" $partitions "config" $telemetry) }}
{{- end }}
{{- $_ := set $all (printf "%s.traces.decisions" $prefix) (dict "partitions" $partitions "config" $telemetry) }}
{{- $_ := set $all (printf "%s.deadletter" $prefix) (dict "partitions" $partitions "config" (merge (dict "max.message.bytes" (toString (add (int64 $topics.maxMessageBytes) 16384))) $telemetry)) }}
{{- $_ := set $all (printf "%s.deadletter.done" $prefix) (dict "partitions" $partitions "config" $compacted) }}
{{- $_ := set $all (printf "%s.ledger" $prefix) (dict "partitions" $partitions "config" (merge (dict "retention.ms" "2592000000") $telemetry)) }}
{{- $_ := set $all (printf "%s.ledger.snapshot" $prefix) (dict "partitions" 1 "config" (merge (dict "max.message.bytes" "15728640" "segment.bytes" "16777216") $compacted)) }}
{{- $_ := set $all (printf "%s.rules" $prefix) (dict "partitions" 1 "config" $compacted) }}
{{- $_ := set $all (printf "%s.kubernetes.metadata" $prefix) (dict "partitions" 1 "config" $compacted) }}
{{- toYaml $all }}
{{- end }}
