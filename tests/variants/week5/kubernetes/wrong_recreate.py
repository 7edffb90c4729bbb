"""Stops all pods before a new one starts.

Caught by: all old pods are stopped before a new one starts
"""


def manifests(image, replicas):
    return f"""\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: delays
spec:
  selector:
    matchLabels: {{app: delays}}
  strategy: {{type: Recreate}}
  template:
    metadata:
      labels: {{app: delays}}
    spec:
      automountServiceAccountToken: false
      securityContext: {{runAsNonRoot: true, runAsUser: 10001, seccompProfile: {{type: RuntimeDefault}}}}
      containers:
        - name: server
          image: {image}
          ports: [{{name: http, containerPort: 8080}}]
          readinessProbe: {{httpGet: {{path: /ping, port: http}}, periodSeconds: 5, failureThreshold: 2}}
          livenessProbe: {{httpGet: {{path: /ping, port: http}}, periodSeconds: 10, failureThreshold: 6}}
          startupProbe: {{httpGet: {{path: /ping, port: http}}, periodSeconds: 2, failureThreshold: 60}}
          resources:
            requests: {{cpu: 500m, memory: 512Mi}}
            limits: {{memory: 1Gi}}
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities: {{drop: [ALL]}}
          volumeMounts: [{{name: tmp, mountPath: /tmp}}]
      volumes: [{{name: tmp, emptyDir: {{}}}}]
---
apiVersion: v1
kind: Service
metadata:
  name: delays
spec:
  selector: {{app: delays}}
  ports: [{{port: 80, targetPort: http}}]
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: delays
spec:
  scaleTargetRef: {{apiVersion: apps/v1, kind: Deployment, name: delays}}
  minReplicas: {replicas}
  maxReplicas: {4 * replicas}
  metrics:
    - type: Resource
      resource: {{name: cpu, target: {{type: Utilization, averageUtilization: 60}}}}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: delays
spec:
  maxUnavailable: 1
  selector:
    matchLabels: {{app: delays}}
"""
