"""Task `kubernetes`: four documents that are valid each by itself, and speak of the same pods."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import yaml

from helpers.checks import CheckFailed, call, require, returns
from helpers.checks.week5 import pods, scaling
from helpers.checks.week5.api_rules import all_keep_to
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


class Cluster:
    """The four documents for an image and a number of pods."""

    def __init__(self, text: str, image: str, replicas: int) -> None:
        self.image, self.replicas = image, replicas
        self.documents = read(text)
        self.one = {kind: only(self.documents, kind) for kind in KINDS}
        self.deployment = self.one["Deployment"]
        self.container = container_of(self.deployment)


def described(function: Callable[..., Any], image: str, replicas: int) -> Cluster:
    """Read the four documents that a student's function gives."""
    with _legible():
        return Cluster(returns(call(function, image, replicas), str, "the manifests"), image, replicas)


@contextmanager
def _legible() -> Iterator[None]:
    """Say that something is not of its kind where a check comes upon it: the schemas say which."""
    try:
        yield
    except (TypeError, AttributeError, KeyError, ValueError, IndexError) as error:
        problem = CheckFailed(
            "a document cannot be read as far as this part looks",
            seen=f"{type(error).__name__}: {error}",
            why="an API server refuses it",
            where="what the part `valid` says",
        )
    else:
        return
    raise problem


def is_valid(cluster: Cluster) -> None:
    """Require what the schemas of two versions ask, and what an API server asks beyond them."""
    for document in cluster.documents:
        valid(document)
    with _legible():
        all_keep_to(cluster.documents)


def finds_pods(cluster: Cluster) -> None:
    """Require that selectors find the pods, in one namespace."""
    with _legible():
        labels_match(cluster.one)
        one_namespace(cluster.one)


def leads_to_server(cluster: Cluster) -> None:
    """Require that the Service leads to the server."""
    with _legible():
        ports_match(cluster.one, cluster.container)


def is_asked(cluster: Cluster) -> None:
    """Require probes that ask the server, and a liveness that is more patient than readiness."""
    with _legible():
        pods.probes(cluster.deployment, cluster.container)


def may_load(cluster: Cluster) -> None:
    """Require that nothing kills a server which still loads its model."""
    with _legible():
        pods.loads(cluster.deployment, cluster.container)


def has_enough(cluster: Cluster) -> None:
    """Require requests of what the server needs, and a limit of memory."""
    with _legible():
        pods.resources(cluster.deployment, cluster.container)
        pods.enough(cluster.deployment, cluster.container)


def runs_image(cluster: Cluster) -> None:
    """Require the image that was asked for, and no secret beside it."""
    with _legible():
        pods.runs(cluster.deployment, cluster.container, cluster.image)
        no_secrets(cluster.documents)


def may_little(cluster: Cluster) -> None:
    """Require that the container may do no more than serve."""
    with _legible():
        pods.security(cluster.deployment, cluster.container)


def can_write(cluster: Cluster) -> None:
    """Require a /tmp that can be written to."""
    with _legible():
        pods.writes(cluster.deployment, cluster.container)


def follows_processors(cluster: Cluster) -> None:
    """Require an autoscaler on this Deployment that follows the use of processors."""
    with _legible():
        scaling.scales(cluster.one, cluster.container, cluster.replicas)
        scaling.by_processors(cluster.one["HorizontalPodAutoscaler"], cluster.container)


def stays_up(cluster: Cluster) -> None:
    """Require that neither a rollout nor a drained node takes away all pods, and that nodes can be drained."""
    with _legible():
        scaling.stays_up(cluster.one, cluster.replicas)


CHECKS: tuple[Callable[[Cluster], None], ...] = (
    *(is_valid, finds_pods, leads_to_server, is_asked, has_enough, may_little, runs_image),
    *(follows_processors, stays_up, can_write, may_load),
)


def agree(text: str, image: str, replicas: int) -> None:
    """Check Deployment, Service, HorizontalPodAutoscaler and PodDisruptionBudget of one service.

    ``image`` must run, in at least ``replicas`` copies.
    """
    with _legible():
        cluster = Cluster(text, image, replicas)
    for check in CHECKS:
        check(cluster)


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
    ports, all_ports = named_ports(container), container.get("ports") or []
    require_in(
        PORT in ports.values() or not all_ports,
        one["Deployment"],
        f"{pods.CONTAINER}.ports",
        f"the server's port {PORT} (TCP) is not among them",
        seen=str(all_ports),
        where="containerPort, and a name by which Service and probes can speak of it",
    )
    _one_address(one["Service"])
    service = one["Service"]["spec"].get("ports") or []
    require_in(
        all(port.get("protocol", "TCP") == "TCP" for port in service),
        one["Service"],
        "spec.ports[].protocol",
        "HTTP does not run over it",
        why="no request arrives",
        where="TCP, which is the default",
    )
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


def _one_address(service: Document) -> None:
    """Require that the Service has an address of its own, for the pods that are ready."""
    spec = service["spec"]
    require_in(
        spec.get("clusterIP") != "None" and spec.get("type") != "ExternalName",
        service,
        "spec.clusterIP",
        "it has no address of its own",
        why="there is to be one address for all ready pods",
        where="leave clusterIP and type out",
    )
    require_in(
        not spec.get("publishNotReadyAddresses"),
        service,
        "spec.publishNotReadyAddresses",
        "it leads to pods that are not ready, too",
        where="leave it out",
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


def one_namespace(one: Mapping[str, Document]) -> None:
    """Require one namespace for the four documents."""
    spaces = {document["kind"]: document["metadata"].get("namespace", "default") for document in one.values()}
    require(
        len(set(spaces.values())) == 1,
        "metadata.namespace: the four documents are not in one namespace",
        seen=str(spaces),
        why="a selector sees the pods of its own namespace only: the Service answers nobody",
        where="the same namespace in all four, or in none",
    )
