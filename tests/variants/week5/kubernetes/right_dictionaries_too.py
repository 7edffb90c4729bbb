"""Dictionaries written by PyYAML, no startup probe, a budget by maxUnavailable."""

import yaml


def manifests(image: str, replicas: int) -> str:
    labels = lambda: {"app.kubernetes.io/name": "flight-delays"}
    probe = lambda **more: {"httpGet": {"path": "/ping", "port": 8080}, **more}
    container = {
        "name": "flight-delays",
        "image": image,
        "ports": [{"containerPort": 8080, "protocol": "TCP"}],
        "readinessProbe": probe(initialDelaySeconds=15, periodSeconds=5, failureThreshold=3),
        "livenessProbe": probe(initialDelaySeconds=90, periodSeconds=20, timeoutSeconds=10, failureThreshold=6),
        "resources": {
            "requests": {"cpu": "0.5", "memory": "512Mi"},
            "limits": {"cpu": "2", "memory": "768Mi"},
        },
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": 10001,
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        },
        "volumeMounts": [{"name": "scratch", "mountPath": "/tmp"}],
    }
    pod = {"containers": [container], "volumes": [{"name": "scratch", "emptyDir": {"sizeLimit": "100Mi"}}]}

    def document(version, kind, spec):
        metadata = {"name": "flight-delays", "labels": labels()}
        return {"apiVersion": version, "kind": kind, "metadata": metadata, "spec": spec}

    deployment = {
        "replicas": replicas,
        "selector": {"matchLabels": labels()},
        "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 0, "maxSurge": 2}},
        "template": {"metadata": {"labels": labels()}, "spec": pod},
    }
    service = {"selector": labels(), "ports": [{"port": 8080, "targetPort": 8080}]}
    use = {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 60}}
    scaler = {
        "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "flight-delays"},
        "minReplicas": replicas,
        "maxReplicas": replicas + 4,
        "metrics": [{"type": "Resource", "resource": use}],
    }
    budget = {"maxUnavailable": 1, "selector": {"matchLabels": labels()}}
    return yaml.safe_dump_all(
        [
            document("apps/v1", "Deployment", deployment),
            document("v1", "Service", service),
            document("autoscaling/v2", "HorizontalPodAutoscaler", scaler),
            document("policy/v1", "PodDisruptionBudget", budget),
        ],
        sort_keys=False,
    )
