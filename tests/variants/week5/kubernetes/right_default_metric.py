"""Relies on defaults: an autoscaler without metrics follows the processors, a volume without a source is an emptyDir."""

def manifests(image: str, replicas: int) -> str:
    """Give the YAML of a Deployment, a Service, a HorizontalPodAutoscaler and a PodDisruptionBudget.

    Parameters
    ----------
    image : what to run; its server listens on port 8080, and ``GET /ping`` is 200 when it can predict
    replicas : pods that run at all times, at least 2; the autoscaler may add some
    """
    text = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: delays
spec:
  selector:
    matchLabels: {app: delays}
  strategy:
    rollingUpdate: {maxUnavailable: 0, maxSurge: 1}
  template:
    metadata:
      labels: {app: delays}
    spec:
      automountServiceAccountToken: false
      securityContext: {runAsNonRoot: true, runAsUser: 10001, seccompProfile: {type: RuntimeDefault}}
      containers:
        - name: server
          image: {image}
          ports: [{name: http, containerPort: 8080}]
          readinessProbe: {httpGet: {path: /ping, port: http}, periodSeconds: 5, failureThreshold: 2}
          livenessProbe: {httpGet: {path: /ping, port: http}, periodSeconds: 10, failureThreshold: 6}
          startupProbe: {httpGet: {path: /ping, port: http}, periodSeconds: 2, failureThreshold: 60}
          resources:
            requests: {cpu: 500m, memory: 512Mi}
            limits: {memory: 1Gi}
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities: {drop: [ALL]}
          volumeMounts: [{name: tmp, mountPath: /tmp}]
      volumes: [{name: tmp, emptyDir: }]
---
apiVersion: v1
kind: Service
metadata:
  name: delays
spec:
  selector: {app: delays}
  ports: [{port: 80, targetPort: http}]
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: delays
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: delays}
  minReplicas: {replicas}
  maxReplicas: MOST
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: delays
spec:
  maxUnavailable: 1
  selector:
    matchLabels: {app: delays}
"""
    return text.replace("{image}", image).replace("{replicas}", str(replicas)).replace("MOST", str(replicas * 3))
