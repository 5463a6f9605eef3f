{{- /* Name, expression, how long, how bad, what is wrong and what to do. Braces of Prometheus' own templates are escaped. */}}
{{- define "musa.alerts" -}}
{{- $ns := printf "namespace=\"%s\"" .Release.Namespace }}
{{- /* A counter begins with the first thing that it counts, which increase() does not see. */}}
{{- $expired := printf "musa_items_total{%s, outcome=\"expired\"}" $ns }}
{{- $deadLettered := printf "musa_items_total{%s, outcome=\"deadlettered\"}" $ns }}
- alert: MusaLedgerUnbalanced
  expr: max(musa_ledger_unbalanced_items{ {{- $ns -}} }) > 0
  for: 5m
  severity: critical
  summary: The ledger does not balance by {{ "{{ $value }}" }} items
  do: "`musa ledger` says at which stage, tenant and signal."
- alert: MusaItemsExpired
  expr: sum by (tenant, signal, stage) (increase({{ $expired }}[15m]) > 0 or ({{ $expired }} unless {{ $expired }} offset 15m)) > 0
  for: 0m
  severity: critical
  summary: Kafka has deleted {{ "{{ $labels.signal }}" }} before {{ "{{ $labels.stage }}" }} had read them
  do: The reader is behind by more than the retention. See why it is slow or stopped, and raise topics.retention.
- alert: MusaSinkStopped
  expr: max by (sink) (musa_sink_stopped{ {{- $ns -}} }) == 1
  for: 2m
  severity: critical
  summary: The sink {{ "{{ $labels.sink }}" }} has stopped because its backend refuses every request
  do: It is a mistake in the configuration, such as an address, a certificate or a token. /readyz and the log say which. Nothing is lost while Kafka keeps the records.
- alert: MusaSinkBehind
  expr: max by (sink) (musa_sink_oldest_pending_seconds{ {{- $ns -}} }) > 300
  for: 10m
  severity: warning
  summary: The sink {{ "{{ $labels.sink }}" }} has held a record for {{ "{{ $value | humanizeDuration }}" }}
  do: The backend is down, slow or throttles. musa_sink_retries_total says how often it had to be asked again.
- alert: MusaGroupBehind
  expr: max by (group, topic) (musa_group_lag_seconds{ {{- $ns -}} }) > {{ int .Values.metrics.prometheusRule.behindSeconds }}
  for: 10m
  severity: critical
  summary: "{{ "{{ $labels.group }}" }} is {{ "{{ $value | humanizeDuration }}" }} behind on {{ "{{ $labels.topic }}" }}"
  do: Its part does not run, is too slow, or its backend does not take it; see its pods and their log. Nothing is lost while Kafka keeps the records (topics.retention).
- alert: MusaDeadLetters
  expr: sum by (tenant, signal, stage, reason) (increase({{ $deadLettered }}[15m]) > 0 or ({{ $deadLettered }} unless {{ $deadLettered }} offset 15m)) > 0
  for: 0m
  severity: warning
  summary: "{{ "{{ $labels.stage }}" }} has given up {{ "{{ $labels.signal }}" }} ({{ "{{ $labels.reason }}" }})"
  do: "`musa deadletter list` shows what, `musa deadletter redrive` delivers it again once the cause is gone."
- alert: MusaRulesRefused
  expr: min(musa_rules_directory_valid{ {{- $ns -}} }) == 0
  for: 2m
  severity: warning
  summary: The rules on disk are refused, those before stay in force
  do: "`musa rules check` and the log of control say file, line and reason."
- alert: MusaRulesUnloadable
  expr: sum by (pod) (increase(musa_rules_unloadable_total{ {{- $ns -}} }[15m])) > 0
  for: 0m
  severity: critical
  summary: "{{ "{{ $labels.pod }}" }} cannot read a published rule set and works by an older one"
  do: All processors have to be of a version that knows the rules in use, with the same rules.hashKey.
{{- if ne .Values.mode "allInOne" }}
{{- range $part, $metric := dict "collector" "musa_collector_in_flight_limit_bytes" "processors" "musa_processors_oldest_pending_seconds" "sinks" "musa_sink_partitions" }}
- alert: Musa{{ title $part }}Missing
  expr: absent({{ $metric }}{ {{- $ns -}} })
  for: 10m
  severity: critical
  summary: No pod of {{ $part }} runs, or none is scraped
  do: "`kubectl get pods` and the events of the namespace say why."
{{- end }}
{{- end }}
- alert: MusaCertificateExpires
  expr: min by (pod, use) (musa_tls_certificate_expiration_timestamp_seconds{ {{- $ns -}} }) - time() < 7 * 86400
  for: 1h
  severity: critical
  summary: The certificate that {{ "{{ $labels.pod }}" }} shows to {{ "{{ $labels.use }}" }} ends in {{ "{{ $value | humanizeDuration }}" }}
  do: MUSA takes a newer certificate from the Secret by itself. If there is none, see who should have renewed it; if there is one, the log says why it cannot be used. One that kafka.properties holds is read when a pod starts.
- alert: MusaControlMissing
  expr: absent(musa_rules_directory_valid{ {{- $ns -}} })
  for: 10m
  severity: warning
  summary: No control runs, or it is not scraped
  do: Changed rules do not come into force and the ledger is not watched. What is in force stays.
{{- if include "musa.hasLease" . }}
- alert: MusaControlLeaderless
  expr: max(musa_control_leader{ {{- $ns -}} }) == 0
  for: 1m
  severity: warning
  summary: Replicas of control run, but none of them has the Lease
  do: Changed rules do not come into force and the ledger is not watched. What is in force stays. The log of control says why; mostly the API server does not answer, or refuses the Lease.
{{- end }}
{{- if (include "musa.kubernetes" . | fromJson).enabled }}
- alert: MusaKubernetesUnwatched
  expr: max(musa_kubernetes_watching{ {{- $ns -}} }) == 0
  for: 5m
  severity: warning
  summary: What the Kubernetes API shows of pods is not published
  do: New and changed pods are not known, those before stay. /readyz and the log of control say why; mostly its rights are missing, or Kafka or the API server do not answer.
{{- end }}
{{- if (include "musa.kubernetes" . | fromJson).enabled }}
- alert: MusaPodsUnknown
  expr: sum(rate(musa_kubernetes_unenriched_items_total{ {{- $ns -}} , reason="unknown"}[15m])) / sum(rate(musa_items_total{ {{- $ns -}} , stage="processors", outcome="processed"}[15m])) > 0.1
  for: 30m
  severity: warning
  summary: "{{ "{{ $value | humanizePercentage }}" }} of what is processed names pods that are not known"
  do: See that collector.cluster is what kubernetes.cluster says, that control watches (musa_kubernetes_watching), and whether kubernetes.filter or exclude leave out pods that send.
{{- end }}
- alert: MusaIntakeRefuses
  expr: sum(rate(musa_collector_requests_total{ {{- $ns -}} , outcome="refused"}[5m])) / sum(rate(musa_collector_requests_total{ {{- $ns -}} }[5m])) > 0.05
  for: 10m
  severity: warning
  summary: "{{ "{{ $value | humanizePercentage }}" }} of the requests to the intake are refused"
  do: musa_collector_requests_total has the reasons. Senders try again; what they cannot hold is lost there.
- alert: MusaIntakeNearLimit
  expr: max by (pod) (musa_collector_in_flight_bytes{ {{- $ns -}} } / musa_collector_in_flight_limit_bytes{ {{- $ns -}} }) > 0.9
  for: 5m
  severity: warning
  summary: "{{ "{{ $labels.pod }}" }} is close to refusing requests"
  do: Kafka acknowledges slowly, or more collectors are needed.
- alert: MusaTraceSessionsRestart
  expr: sum by (pod) (increase(musa_sampler_restarts_total{ {{- $ns -}} }[15m])) > 3
  for: 0m
  severity: warning
  summary: Trace sessions of {{ "{{ $labels.pod }}" }} end by errors again and again
  do: Its log has the errors; mostly Kafka is not reachable or refuses.
- alert: MusaTracesDecidedEarly
  expr: sum(increase(musa_sampler_early_traces_total{ {{- $ns -}} }[15m])) > 0
  for: 0m
  severity: warning
  summary: Traces are decided before their time because too many wait
  do: Raise traces.maxWaitingTraces with the memory of the processors, or their number, or shorten the decision wait.
- alert: MusaLimitKeysForgotten
  expr: sum by (signal, step) (increase(musa_limit_keys_forgotten_total{ {{- $ns -}} }[15m])) > 0
  for: 15m
  severity: warning
  summary: The limit {{ "{{ $labels.step }}" }} has more keys than it can tell apart, and lets some through twice
  do: Raise processors.limitKeys, or limit by something with fewer values.
{{- if eq .Values.mode "allInOne" }}
- alert: MusaNodeDown
  expr: max(musa_node_up{ {{- $ns -}} }) == 0
  for: 2m
  severity: critical
  summary: The embedded Kafka is down
  do: /readyz and the log say why; mostly the volume is full or broken.
- alert: MusaNodeDiskFills
  expr: min(musa_node_disk_time_to_full_seconds{ {{- $ns -}} }) < 3600
  for: 10m
  severity: critical
  summary: At this pace the volume is full in {{ "{{ $value | humanizeDuration }}" }}, and intake is refused
  do: A backend that is down holds what cannot be deleted (musa_retention_held_bytes); or enlarge the volume.
- alert: MusaNodeBelowReserve
  expr: min(musa_node_disk_usable_bytes{ {{- $ns -}} } - musa_node_disk_reserve_bytes{ {{- $ns -}} }) < 0
  for: 1m
  severity: critical
  summary: The volume is full up to the reserve and intake is refused
  do: What is in drains. Enlarge the volume, or see which backend is down.
- alert: MusaNodeStalled
  expr: max(musa_node_partitions_stalled{ {{- $ns -}} }) > 0 or max(musa_node_markers_skipped{ {{- $ns -}} }) > 0
  for: 5m
  severity: critical
  summary: Readers of the embedded Kafka are stuck at an open transaction
  do: Restart the pod, and report the log.
{{- end }}
{{- end }}
