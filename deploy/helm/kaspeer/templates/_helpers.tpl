{{- define "kaspeer.labels" -}}
app.kubernetes.io/name: kaspeer
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}

{{- define "kaspeer.selector" -}}
app.kubernetes.io/name: kaspeer
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .role }}
{{- end }}

{{/* The members to join: every core, by the names that its headless service gives. */}}
{{- define "kaspeer.join" -}}
{{- $root := . -}}
{{- $join := list -}}
{{- range $i := until (int .Values.core.replicas) -}}
{{- $join = append $join (printf "%s-core-%d.%s-core.%s.svc.%s:%v" $root.Release.Name $i $root.Release.Name $root.Release.Namespace $root.Values.clusterDomain $root.Values.clusterPort) -}}
{{- end -}}
{{- join "," $join -}}
{{- end }}

{{/* The StatefulSet of a role: dict with root, role (core or edge) and conf (its values). */}}
{{- define "kaspeer.members" -}}
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: {{ .root.Release.Name }}-{{ .role }}
  labels:
    {{- include "kaspeer.labels" .root | nindent 4 }}
    app.kubernetes.io/component: {{ .role }}
spec:
  serviceName: {{ .root.Release.Name }}-{{ .role }}
  replicas: {{ .conf.replicas }}
  # All at once: members find each other while none is ready yet.
  podManagementPolicy: Parallel
  updateStrategy:
    type: RollingUpdate
  selector:
    matchLabels:
      {{- include "kaspeer.selector" . | nindent 6 }}
  template:
    metadata:
      labels:
        {{- include "kaspeer.labels" .root | nindent 8 }}
        app.kubernetes.io/component: {{ .role }}
      {{- with .root.Values.podAnnotations }}
      annotations:
        {{- toYaml . | nindent 8 }}
      {{- end }}
    spec:
      terminationGracePeriodSeconds: {{ .root.Values.terminationGracePeriodSeconds }}
      automountServiceAccountToken: false
      securityContext:
        runAsNonRoot: true
        runAsUser: 10001
        runAsGroup: 10001
        fsGroup: 10001
        seccompProfile:
          type: RuntimeDefault
      affinity:
        podAntiAffinity:
          preferredDuringSchedulingIgnoredDuringExecution:
            - weight: 100
              podAffinityTerm:
                topologyKey: kubernetes.io/hostname
                labelSelector:
                  matchLabels:
                    {{- include "kaspeer.selector" . | nindent 20 }}
      {{- with .root.Values.nodeSelector }}
      nodeSelector:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with .root.Values.tolerations }}
      tolerations:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      containers:
        - name: kaspeer
          image: "{{ .root.Values.image.repository }}:{{ .root.Values.image.tag }}"
          imagePullPolicy: {{ .root.Values.image.pullPolicy }}
          env:
            - name: POD_NAME
              valueFrom:
                fieldRef:
                  fieldPath: metadata.name
            {{- with .conf.env }}
            {{- toYaml . | nindent 12 }}
            {{- end }}
          args:
            - run
            - --network={{ required "set network to simnet or devnet: this version cannot join mainnet or testnet-10" .root.Values.network }}
            - --roles={{ .role }}
            - --admin=0.0.0.0:{{ .root.Values.adminPort }}
            - --cluster-listen=$(POD_NAME).{{ .root.Release.Name }}-{{ .role }}.{{ .root.Release.Namespace }}.svc.{{ .root.Values.clusterDomain }}:{{ .root.Values.clusterPort }}
            - --cluster-join={{ include "kaspeer.join" .root }}
            - --cluster-tls=/run/kaspeer-tls
            {{- if eq .role "edge" }}
            - --listen=0.0.0.0:{{ .root.Values.p2pPort }}
            {{- with .conf.externalAddress }}
            - --external-address={{ . }}
            {{- end }}
            {{- end }}
            {{- range .conf.options }}
            - {{ . | quote }}
            {{- end }}
          ports:
            {{- if eq .role "edge" }}
            - name: p2p
              containerPort: {{ .root.Values.p2pPort }}
            {{- end }}
            - name: admin
              containerPort: {{ .root.Values.adminPort }}
            - name: cluster
              containerPort: {{ .root.Values.clusterPort }}
          # Started: the rest is not asked before. A core may read a large store first, for hours.
          startupProbe:
            httpGet:
              path: /health/started
              port: admin
            periodSeconds: 5
            failureThreshold: {{ div (int .conf.startSeconds) 5 }}
          # Live: only that it answers. A node that is behind or alone is not helped by a restart.
          livenessProbe:
            httpGet:
              path: /health/live
              port: admin
            periodSeconds: 10
            timeoutSeconds: 5
            failureThreshold: 6
          # A core is ready when it is synced; an edge when it is a member and takes connections: peers must reach it
          # while the cores still sync, or they never could.
          readinessProbe:
            httpGet:
              path: {{ if eq .role "edge" }}/health/joined{{ else }}/health/ready{{ end }}
              port: admin
            periodSeconds: 5
            timeoutSeconds: 3
          # Out of the services first, so that nobody is sent here any more; then SIGTERM. The kubelet itself sleeps:
          # the image has no shell.
          lifecycle:
            preStop:
              sleep:
                seconds: {{ .root.Values.drainSeconds }}
          resources:
            {{- toYaml .conf.resources | nindent 12 }}
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities:
              drop: [ALL]
          volumeMounts:
            - name: data
              mountPath: /data
            - name: admin
              mountPath: /data/admin-token
              subPath: admin-token
              readOnly: true
            - name: tls
              mountPath: /run/kaspeer-tls
              readOnly: true
            - name: tmp
              mountPath: /tmp
      volumes:
        - name: admin
          secret:
            secretName: {{ .root.Values.adminSecret }}
            defaultMode: 0440
        - name: tls
          secret:
            secretName: {{ .root.Values.tlsSecret }}
            defaultMode: 0440
        - name: tmp
          emptyDir: {}
  volumeClaimTemplates:
    - metadata:
        name: data
      spec:
        accessModes: [ReadWriteOnce]
        {{- with .conf.storageClass }}
        storageClassName: {{ . }}
        {{- end }}
        resources:
          requests:
            storage: {{ .conf.storage }}
{{- end }}

{{/* The headless service by which members find each other, ready or not. */}}
{{- define "kaspeer.headless" -}}
apiVersion: v1
kind: Service
metadata:
  name: {{ .root.Release.Name }}-{{ .role }}
  labels:
    {{- include "kaspeer.labels" .root | nindent 4 }}
    app.kubernetes.io/component: {{ .role }}
spec:
  clusterIP: None
  # Members look for each other before they are ready: to be ready they must have joined.
  publishNotReadyAddresses: true
  selector:
    {{- include "kaspeer.selector" . | nindent 4 }}
  ports:
    - name: cluster
      port: {{ .root.Values.clusterPort }}
      targetPort: cluster
    - name: admin
      port: {{ .root.Values.adminPort }}
      targetPort: admin
{{- end }}
