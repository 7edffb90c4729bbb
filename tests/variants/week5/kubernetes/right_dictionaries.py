"""Dictionaries, written as YAML by a library."""

def manifests(image, replicas):
    import yaml

    labels = {"app.kubernetes.io/name": "delays", "app.kubernetes.io/component": "server"}
    ping = {"path": "/ping", "port": 8080}
    container = {
        "name": "delays",
        "image": image,
        "imagePullPolicy": "IfNotPresent",
        "ports": [{"containerPort": 8080}],
        "env": [{"name": "PYTHONUNBUFFERED", "value": "1"}],
        "readinessProbe": {"httpGet": ping, "initialDelaySeconds": 20, "periodSeconds": 5},
        "livenessProbe": {"httpGet": ping, "initialDelaySeconds": 60, "periodSeconds": 20},
        "resources": {"requests": {"cpu": 0.5, "memory": "512Mi"}, "limits": {"cpu": "1", "memory": "512Mi"}},
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": 10001,
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        },
        "volumeMounts": [{"name": "scratch", "mountPath": "/tmp"}],
    }
    pod = {"containers": [container], "volumes": [{"name": "scratch", "emptyDir": {"sizeLimit": "64Mi"}}]}
    template = {"metadata": {"labels": {**labels, "version": "1"}}, "spec": pod}
    strategy = {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 1, "maxSurge": "50%"}}

    def document(version, kind, spec):
        return {"apiVersion": version, "kind": kind, "metadata": {"name": "delays", "labels": labels}, "spec": spec}

    cpu = {"type": "Resource", "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 70}}}
    return yaml.safe_dump_all(
        [
            document("v1", "Service", {"selector": labels, "ports": [{"name": "http", "port": 8080}]}),
            document("policy/v1", "PodDisruptionBudget", {"minAvailable": 1, "selector": {"matchLabels": labels}}),
            document(
                "apps/v1",
                "Deployment",
                {"replicas": replicas, "selector": {"matchLabels": labels}, "strategy": strategy, "template": template},
            ),
            document(
                "autoscaling/v2",
                "HorizontalPodAutoscaler",
                {
                    "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "delays"},
                    "minReplicas": replicas,
                    "maxReplicas": replicas + 10,
                    "metrics": [cpu],
                },
            ),
        ]
    )
