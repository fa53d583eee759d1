{{- /* What every process is told: where database and engine are, and its keys. */ -}}
{{- define "threefold.env" -}}
{{- $temporal := .Values.temporal -}}
- name: DATABASE_URL
  valueFrom: { secretKeyRef: { name: {{ .Values.database.secret }}, key: {{ .Values.database.key }} } }
- name: TEMPORAL_ADDRESS
  value: {{ required "temporal.address is needed: host:port of the Temporal server" $temporal.address | quote }}
- name: TEMPORAL_NAMESPACE
  value: {{ $temporal.namespace | quote }}
{{- with $temporal.apiKey.secret }}
- name: TEMPORAL_API_KEY
  valueFrom: { secretKeyRef: { name: {{ . }}, key: {{ $temporal.apiKey.key }} } }
{{- end }}
{{- if $temporal.tls.enabled }}
- name: TEMPORAL_TLS
  value: 'true'
{{- end }}
{{- with $temporal.tls.serverName }}
- name: TEMPORAL_TLS_SERVER_NAME
  value: {{ . | quote }}
{{- end }}
{{- if $temporal.tls.caSecret }}
- name: TEMPORAL_TLS_SERVER_CA_CERT_PATH
  value: /etc/threefold/temporal-ca/ca.crt
{{- end }}
{{- if $temporal.tls.clientSecret }}
- name: TEMPORAL_TLS_CLIENT_CERT_PATH
  value: /etc/threefold/temporal-client/tls.crt
- name: TEMPORAL_TLS_CLIENT_KEY_PATH
  value: /etc/threefold/temporal-client/tls.key
{{- end }}
- name: LOG_LEVEL
  value: {{ .Values.logLevel }}
{{- end -}}

{{- /* What API and worker are told beside. */ -}}
{{- define "threefold.env.lasting" -}}
- name: THREEFOLD_MASTER_KEY_FILE
  value: /etc/threefold/keys/master.key
- name: THREEFOLD_COMMAND_KEY_FILE
  value: /etc/threefold/keys/command.pem
- name: THREEFOLD_SHUTDOWN_GRACE_SECONDS
  value: {{ .Values.shutdownGraceSeconds | quote }}
{{- with .Values.tracing.endpoint }}
- name: OTEL_EXPORTER_OTLP_ENDPOINT
  value: {{ . | quote }}
{{- end }}
{{- end -}}

{{- define "threefold.mounts" -}}
- { name: keys, mountPath: /etc/threefold/keys, readOnly: true }
{{- include "threefold.mounts.certificates" . }}
{{- end -}}

{{- define "threefold.mounts.certificates" -}}
{{- if .Values.database.caSecret }}
- { name: database-ca, mountPath: /etc/threefold/database, readOnly: true }
{{- end }}
{{- if .Values.temporal.tls.caSecret }}
- { name: temporal-ca, mountPath: /etc/threefold/temporal-ca, readOnly: true }
{{- end }}
{{- if .Values.temporal.tls.clientSecret }}
- { name: temporal-client, mountPath: /etc/threefold/temporal-client, readOnly: true }
{{- end }}
{{- end -}}

{{- define "threefold.volumes" -}}
- name: keys
  secret: { secretName: {{ .Values.keys.secret }}, defaultMode: 0440 }
{{- include "threefold.volumes.certificates" . }}
{{- end -}}

{{- define "threefold.volumes.certificates" -}}
{{- with .Values.database.caSecret }}
- name: database-ca
  secret: { secretName: {{ . }}, defaultMode: 0440 }
{{- end }}
{{- with .Values.temporal.tls.caSecret }}
- name: temporal-ca
  secret: { secretName: {{ . }}, defaultMode: 0440 }
{{- end }}
{{- with .Values.temporal.tls.clientSecret }}
- name: temporal-client
  secret: { secretName: {{ . }}, defaultMode: 0440 }
{{- end }}
{{- end -}}

{{- /* Mounted secrets are read through the group. */ -}}
{{- define "threefold.podSecurity" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
fsGroup: 65532
seccompProfile: { type: RuntimeDefault }
{{- end -}}

{{- define "threefold.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end -}}

{{- /* Where pods go: not all to one host; takes a list of the root, the component's name and its values. */ -}}
{{- define "threefold.placement" -}}
{{- $root := index . 0 -}}
{{- $values := index . 2 -}}
topologySpreadConstraints:
  {{- range list "kubernetes.io/hostname" "topology.kubernetes.io/zone" }}
  - maxSkew: 1
    topologyKey: {{ . }}
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "threefold.selector" $root | nindent 8 }}
        app.kubernetes.io/component: {{ index $ 1 }}
  {{- end }}
{{- with $values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $values.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}
