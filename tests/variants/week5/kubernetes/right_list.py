"""One `kind: List` with the four as its items, made from dictionaries."""


def manifests(image, replicas):
    import yaml

    labels, port = {"app.kubernetes.io/name": "delays"}, {"httpGet": {"path": "/ping", "port": 8080}}
    container = {
        "name": "server",
        "image": image,
        "ports": [{"containerPort": 8080}],
        "readinessProbe": {**port, "failureThreshold": 1},
        "livenessProbe": {**port, "initialDelaySeconds": 30, "failureThreshold": 5},
        "resources": {"requests": {"cpu": "0.5", "memory": "512Mi"}, "limits": {"cpu": "2", "memory": "2Gi"}},
        "securityContext": {
            "runAsNonRoot": True,
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        },
        "volumeMounts": [{"name": "scratch", "mountPath": "/tmp"}],
    }
    pod = {"containers": [container], "volumes": [{"name": "scratch", "emptyDir": {"medium": "Memory", "sizeLimit": "64Mi"}}]}
    cpu = {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 70}}
    target = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "delays"}
    specs = {
        ("apps/v1", "Deployment"): {
            "replicas": replicas,
            "selector": {"matchLabels": labels},
            "template": {"metadata": {"labels": labels}, "spec": pod},
        },
        ("v1", "Service"): {"selector": labels, "ports": [{"port": 80, "targetPort": 8080}]},
        ("autoscaling/v2", "HorizontalPodAutoscaler"): {
            "scaleTargetRef": target,
            "minReplicas": replicas,
            "maxReplicas": replicas + 5,
            "metrics": [{"type": "Resource", "resource": cpu}],
        },
        ("policy/v1", "PodDisruptionBudget"): {"minAvailable": replicas - 1, "selector": {"matchLabels": labels}},
    }
    items = [
        {"apiVersion": version, "kind": kind, "metadata": {"name": "delays", "labels": labels}, "spec": spec}
        for (version, kind), spec in specs.items()
    ]
    return yaml.safe_dump({"apiVersion": "v1", "kind": "List", "items": items})
