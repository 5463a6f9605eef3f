{{- /*
The topics without their prefix, those of a kind in one row. ChartTopicsTest holds them against TopicLayout.java.
*/}}
{{- define "musa.topicsByKind" -}}
raw: [traces.raw, logs.raw, metrics.raw]
telemetry: [traces, logs, metrics, logs.waiting, metrics.waiting, traces.redrive, logs.redrive, metrics.redrive, traces.decisions]
deadletter: [deadletter]
deadletterDone: [deadletter.done]
ledger: [ledger]
ledgerSnapshot: [ledger.snapshot]
state: [rules, kubernetes.metadata]
{{- end }}

{{- /* The topics as MUSA would create them by the same `config`. */}}
{{- define "musa.topics" -}}
{{- $prefix := include "musa.prefix" . }}
{{- $partitions := include "musa.partitions" . | int }}
{{- $retention := include "musa.topicsRetentionMillis" . }}
{{- $maxMessage := include "musa.topicsMaxMessageBytes" . }}
{{- $anyTime := dict "message.timestamp.after.max.ms" "9223372036854775807" }}
{{- $telemetry := merge (dict "cleanup.policy" "delete" "retention.ms" $retention "retention.bytes" "-1" "max.message.bytes" $maxMessage) $anyTime }}
{{- $compacted := merge (dict "cleanup.policy" "compact") $anyTime }}
{{- $kinds := dict
  "raw" (dict "partitions" $partitions "config" (merge (dict "message.timestamp.type" "LogAppendTime") $telemetry))
  "telemetry" (dict "partitions" $partitions "config" $telemetry)
  "deadletter" (dict "partitions" $partitions "config" (merge (dict "max.message.bytes" (add (int64 $maxMessage) 16384 | toString)) $telemetry))
  "deadletterDone" (dict "partitions" $partitions "config" $compacted)
  "ledger" (dict "partitions" $partitions "config" (merge (dict "retention.ms" "2592000000") $telemetry))
  "ledgerSnapshot" (dict "partitions" 1 "config" (merge (dict "max.message.bytes" "15728640" "segment.bytes" "16777216") $compacted))
  "state" (dict "partitions" 1 "config" $compacted)
}}
{{- $all := dict }}
{{- range $kind, $names := include "musa.topicsByKind" . | fromYaml }}
{{- range $names }}
{{- $_ := set $all (printf "%s.%s" $prefix .) (get $kinds $kind) }}
{{- end }}
{{- end }}
{{- toYaml $all }}
{{- end }}

{{- define "musa.topicsRetentionMillis" -}}
{{- $text := dig "topics" "retention" nil .Values.config | default "24h" | toString }}
{{- if not (regexMatch "^([0-9]+(d|h|m|s|ms))+$" $text) }}
{{- fail (printf "config.topics.retention is %s (expected, for Strimzi's topics: whole numbers with d, h, m, s or ms, such as 36h)" $text) }}
{{- end }}
{{- $millis := dict "d" 86400000 "h" 3600000 "m" 60000 "s" 1000 "ms" 1 }}
{{- $sum := 0 }}
{{- range regexFindAll "[0-9]+[a-z]+" $text -1 }}
{{- $sum = add $sum (mul (regexFind "[0-9]+" . | int64) (get $millis (regexFind "[a-z]+" .))) }}
{{- end }}
{{- $sum }}
{{- end }}

{{- define "musa.topicsMaxMessageBytes" -}}
{{- $text := dig "topics" "maxMessage" nil .Values.config | default "1064KiB" | toString }}
{{- if not (regexMatch "^[0-9]+ *(B|KiB|MiB|GiB|kB|MB|GB)$" $text) }}
{{- fail (printf "config.topics.maxMessage is %s (expected, for Strimzi's topics: a whole number and B, KiB, MiB, GiB, kB, MB or GB, such as 2MiB)" $text) }}
{{- end }}
{{- $bytes := dict "B" 1 "KiB" 1024 "MiB" 1048576 "GiB" 1073741824 "kB" 1000 "MB" 1000000 "GB" 1000000000 }}
{{- mul (regexFind "[0-9]+" $text | int64) (get $bytes (regexFind "[A-Za-z]+" $text)) }}
{{- end }}
