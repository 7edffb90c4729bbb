"""How many pods there are, and how many at least: autoscaler, rollout and disruption budget."""

from __future__ import annotations

from collections.abc import Mapping

from helpers.checks.week5.manifests import Document, require_in, share_of


def scales(one: Mapping[str, Document], container: Document, replicas: int) -> None:
    """Require an autoscaler on this Deployment that has something to measure and never goes below ``replicas``."""
    hpa, deployment = one["HorizontalPodAutoscaler"], one["Deployment"]
    _aims_at(hpa, deployment)
    least, most = hpa["spec"].get("minReplicas", 1), hpa["spec"]["maxReplicas"]
    require_in(
        replicas == least < most,
        hpa,
        "spec.minReplicas",
        "it is not the number of replicas asked for, or the autoscaler cannot go up",
        seen=f"minReplicas {least}, maxReplicas {most}, asked for {replicas}",
        why="one pod is no service: each restart and each drained node is an outage",
        where="minReplicas at the argument, maxReplicas above it",
    )
    require_in(
        any(name in _requested(container) for name in _measured(hpa, container)),
        hpa,
        "spec.metrics",
        "there is no target for the use of a resource",
        why="without one it does not know when to scale",
        where="type: Resource, resource.name: cpu, target.type: Utilization, target.averageUtilization: 60",
    )
    for way in ("scaleUp", "scaleDown"):
        require_in(
            ((hpa["spec"].get("behavior") or {}).get(way) or {}).get("selectPolicy") != "Disabled",
            hpa,
            f"spec.behavior.{way}",
            "it may only go one way",
            where="leave `behavior` out",
        )
    _leaves_it_alone(deployment, least, most)


def _requested(container: Document) -> set[str]:
    """Return the resources of which something is requested, or limited, which requests as much."""
    given = container.get("resources") or {}
    return {*(given.get("requests") or {}), *(given.get("limits") or {})}


def _aims_at(hpa: Document, deployment: Document) -> None:
    target = hpa["spec"]["scaleTargetRef"]
    aimed = (target.get("apiVersion"), target.get("kind"), target.get("name"))
    require_in(
        aimed == (deployment["apiVersion"], "Deployment", deployment["metadata"]["name"]),
        hpa,
        "spec.scaleTargetRef",
        "it scales something that is not there",
        seen=f"{aimed}",
        why="the autoscaler reports an error that nobody reads, and the number of pods stays",
        where="apiVersion, kind and name of your Deployment",
    )


def _leaves_it_alone(deployment: Document, least: int, most: int) -> None:
    """Require that the Deployment does not contradict its autoscaler."""
    fixed = deployment["spec"].get("replicas")
    require_in(
        fixed is None or least <= fixed <= most,
        deployment,
        "spec.replicas",
        "it is outside what the autoscaler allows",
        seen=f"{fixed}, the autoscaler keeps {least} to {most}",
        why="each `kubectl apply` sets this number, and the autoscaler corrects it: pods come and go for nothing",
        where="leave it out, or give minReplicas",
    )


def stays_up(one: Mapping[str, Document], replicas: int) -> None:
    """Require that neither a rollout nor a drained node takes away all pods, and that nodes can be drained."""
    _rolls(one["Deployment"], replicas)
    _drains(one["PodDisruptionBudget"], replicas)


def _rolls(deployment: Document, replicas: int) -> None:
    strategy = deployment["spec"].get("strategy") or {}
    require_in(
        strategy.get("type", "RollingUpdate") == "RollingUpdate",
        deployment,
        "spec.strategy.type",
        "all old pods are stopped before a new one starts",
        why="every deployment is an outage",
        where="RollingUpdate, which is the default",
    )
    rolling = strategy.get("rollingUpdate") or {}
    gone = share_of(rolling.get("maxUnavailable", "25%"), replicas, up=False)
    require_in(
        gone < replicas,
        deployment,
        "spec.strategy.rollingUpdate.maxUnavailable",
        "a rollout may take away all pods at once",
        where="0 or 1, with maxSurge of at least 1",
    )


def _drains(budget: Document, replicas: int) -> None:
    spec = budget["spec"]
    least = share_of(spec["minAvailable"], replicas, up=True) if "minAvailable" in spec else None
    most = share_of(spec["maxUnavailable"], replicas, up=True) if "maxUnavailable" in spec else None
    evictable = replicas - least if least is not None else (most or 0)
    require_in(
        evictable < replicas,
        budget,
        "spec",
        "all pods may be evicted at once",
        seen=f"{dict(spec)} of {replicas} pods",
        why="when nodes are drained for an update, the service is gone",
        where="minAvailable of at least 1, or maxUnavailable below the number of pods",
    )
    require_in(
        evictable >= 1,
        budget,
        "spec",
        "no pod may ever be evicted",
        seen=f"{dict(spec)} of {replicas} pods",
        why="nodes cannot be drained: whoever updates the cluster at night will delete the budget, and be right",
        where="minAvailable below minReplicas, or maxUnavailable: 1",
    )


def by_processors(hpa: Document, container: Document) -> None:
    """Require an autoscaler that follows the use of processors."""
    require_in(
        "cpu" in _measured(hpa, container),
        hpa,
        "spec.metrics",
        "it does not follow the use of processors",
        why="a server's memory is the same, asked or not: pods never come, or never go",
        where="resource.name: cpu, with target.averageUtilization",
    )


def _measured(hpa: Document, container: Document) -> list[str]:
    """Return the resources whose use the autoscaler follows, as a share of what pod or container requests."""
    metrics = hpa["spec"].get("metrics")
    if not metrics:
        return ["cpu"]  # autoscaling/v2 has a default: 80 % of the processors that were requested
    found = []
    for metric in metrics:
        kind = {"Resource": "resource", "ContainerResource": "containerResource"}.get(metric["type"], "")
        resource = metric.get(kind) or {}
        target = resource.get("target") or {}
        here = resource.get("container", container.get("name")) == container.get("name")
        if here and target.get("type") == "Utilization" and target.get("averageUtilization"):
            found.append(str(resource["name"]))
    return found
