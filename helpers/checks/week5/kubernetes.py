"""Task `kubernetes`: four documents that are valid each by itself, and speak of the same pods."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import yaml

from helpers.checks import call, require, returns
from helpers.checks.week5 import pods, scaling
from helpers.checks.week5.dockerfiles import PORT, SECRET
from helpers.checks.week5.manifests import (
    KINDS,
    Document,
    container_of,
    named_ports,
    only,
    read,
    require_in,
    resolved,
    valid,
)


def cluster(function: Callable[..., Any], image: str, replicas: int) -> None:
    """Check the four documents for an image and a number of pods."""
    agree(returns(call(function, image, replicas), str, "the manifests"), image, replicas)


def agree(text: str, image: str, replicas: int) -> None:
    """Check Deployment, Service, HorizontalPodAutoscaler and PodDisruptionBudget of one service.

    ``image`` must run, in at least ``replicas`` copies.
    """
    documents = read(text)
    for document in documents:
        valid(document)
    one = {kind: only(documents, kind) for kind in KINDS}
    deployment, container = one["Deployment"], container_of(one["Deployment"])
    labels_match(one)
    ports_match(one, container)
    pods.probes(deployment, container)
    pods.resources(deployment, container)
    pods.security(deployment, container)
    pods.runs(deployment, container, image)
    scaling.scales(one, container, replicas)
    scaling.stays_up(one, replicas)
    no_secrets(documents)
    accepted(one, container)
    pods.writes(deployment, container)
    pods.loads(deployment, container)
    pods.enough(deployment, container)
    scaling.by_processors(one["HorizontalPodAutoscaler"], container)


def labels_match(one: Mapping[str, Document]) -> None:
    """Require that every selector finds the pods."""
    labels = (one["Deployment"]["spec"]["template"].get("metadata") or {}).get("labels") or {}
    selectors = {kind: one[kind]["spec"].get("selector") or {} for kind in ("Deployment", "PodDisruptionBudget")}
    selectors["Service"] = {"matchLabels": one["Service"]["spec"].get("selector") or {}}
    for kind in ("Deployment", "Service", "PodDisruptionBudget"):
        wanted = {name: value for name, value in selectors[kind].items() if value}
        require_in(
            wanted and _selected(labels, wanted),
            one[kind],
            "spec.selector",
            "it selects other pods than the Deployment makes",
            seen=f"{wanted}, the pods' labels are {labels}",
            why="a Service without pods answers nothing, a budget without pods protects nothing, and nobody says so",
            where="the same labels here and in the Deployment's spec.template.metadata.labels",
        )


def _selected(labels: Mapping[str, str], selector: Document) -> bool:
    """Return true if a selector, of labels and expressions, finds a pod with these labels."""
    ways = {
        "In": lambda value, values: value in values,
        "NotIn": lambda value, values: value not in values,
        "Exists": lambda value, values: value is not None,
        "DoesNotExist": lambda value, values: value is None,
    }
    return (selector.get("matchLabels") or {}).items() <= labels.items() and all(
        one["operator"] in ways and ways[one["operator"]](labels.get(one["key"]), one.get("values") or [])
        for one in selector.get("matchExpressions") or []
    )


def ports_match(one: Mapping[str, Document], container: Document) -> None:
    """Require that the Service leads to the port on which the server listens."""
    ports = named_ports(container)
    require_in(
        PORT in ports.values(),
        one["Deployment"],
        f"{pods.CONTAINER}.ports",
        f"the server's port {PORT} is not among them",
        seen=str(ports),
        where="containerPort, and a name by which Service and probes can speak of it",
    )
    service = one["Service"]["spec"].get("ports") or []
    targets = [resolved(port.get("targetPort", port["port"]), ports) for port in service]
    require_in(
        targets and all(target == PORT for target in targets),
        one["Service"],
        "spec.ports[].targetPort",
        "it does not lead to the port on which the server listens",
        seen=f"{targets}, the server listens on {PORT}",
        why="every request ends in `connection refused`",
        where=f"targetPort: {PORT}, or the name of the container's port; without it, `port` is taken",
    )


def no_secrets(documents: Sequence[Document]) -> None:
    """Require that nothing in the manifests is a secret: they lie in git."""
    for document in documents:
        text = yaml.safe_dump(dict(document))
        named = [item for item in _environment(document) if re.search(r"secret|token|passw|key", item[0], re.I)]
        require_in(
            not SECRET.search(text) and not any(value for _, value in named),
            document,
            "spec",
            "a secret stands in the manifest",
            why="manifests lie in git, and everybody who can read them has the secret",
            where="env.valueFrom.secretKeyRef, or no secret at all: a service account with a role",
        )


def _environment(document: Document) -> Iterator[tuple[str, Any]]:
    template = (document.get("spec") or {}).get("template") or {}
    for container in (template.get("spec") or {}).get("containers") or []:
        for item in container.get("env") or []:
            yield str(item.get("name")), item.get("value")


def accepted(one: Mapping[str, Document], container: Document) -> None:
    """Require what an API server requires and no schema says: names, one namespace, a rollout that can move."""
    _names(one, container)
    spaces = {document["kind"]: document["metadata"].get("namespace", "default") for document in one.values()}
    require(
        len(set(spaces.values())) == 1,
        "metadata.namespace: the four documents are not in one namespace",
        seen=str(spaces),
        why="a selector sees the pods of its own namespace only: the Service answers nobody",
        where="the same namespace in all four, or in none",
    )
    rolling = (one["Deployment"]["spec"].get("strategy") or {}).get("rollingUpdate") or {}
    require_in(
        any(str(rolling.get(name, "25%")).strip("%") != "0" for name in ("maxUnavailable", "maxSurge")),
        one["Deployment"],
        "spec.strategy.rollingUpdate",
        "no pod may go and none may come",
        why="the API server refuses it: a rollout could not begin",
        where="maxUnavailable: 0 needs a maxSurge of at least 1",
    )


def _names(one: Mapping[str, Document], container: Document) -> None:
    for document in one.values():
        name = str(document["metadata"]["name"])
        kind = r"[a-z]" if document["kind"] == "Service" else r"[a-z0-9]"
        require_in(
            re.fullmatch(rf"{kind}([-a-z0-9.]*[a-z0-9])?", name) and len(name) <= 63,
            document,
            "metadata.name",
            "that is no name",
            why="the API server refuses it: names become names of hosts",
            where="small letters, digits and hyphens",
        )
    ports = [str(port.get("name", "http")) for port in container.get("ports") or []]
    require_in(
        all(re.fullmatch(r"(?=.*[a-z])[a-z0-9]([-a-z0-9]*[a-z0-9])?", name) and len(name) <= 15 for name in ports),
        one["Deployment"],
        f"{pods.CONTAINER}.ports[].name",
        "that is no name of a port",
        seen=", ".join(ports),
        why="the API server refuses it",
        where="at most 15 small letters, digits and hyphens",
    )
