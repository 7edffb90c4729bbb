"""What an API server refuses although the schema lets it pass: rules of Kubernetes' own validation."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from helpers.checks.week5.manifests import Document, amount, require_in, share_of

PROBES = ("readinessProbe", "livenessProbe", "startupProbe")
LABEL = r"([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?"
KEY = r"([a-z0-9]([-a-z0-9.]*[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?"
NAME = r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?"
PORT_NAME = r"(?=.*[a-z])(?!.*--)[a-z0-9]([-a-z0-9]{0,13}[a-z0-9])?"
REFUSED = "the API server refuses it"
Problem = tuple[str, str, str]  # the path, what is wrong with it, and where to look


def keeps_to(document: Document) -> None:
    """Require that an API server takes a document that its schema lets pass."""
    problems = [*_metadata(document, "metadata", document["metadata"]), *_OF_KIND[document["kind"]](document)]
    for path, broke, where in problems:
        require_in(False, document, path, broke, why=REFUSED, where=where)


def _metadata(document: Document, path: str, metadata: Document) -> Iterator[Problem]:
    name = str(metadata.get("name", "a"))
    kind = r"[a-z]" if document["kind"] == "Service" else r"[a-z0-9]"
    inner = "-a-z0-9" if document["kind"] == "Service" else "-a-z0-9."
    if not re.fullmatch(rf"{kind}([{inner}]*[a-z0-9])?", name) or len(name) > 63:
        yield f"{path}.name", "that is no name", "small letters, digits and hyphens"
    for key, value in (metadata.get("labels") or {}).items():
        if not re.fullmatch(KEY, str(key)) or not re.fullmatch(LABEL, str(value)):
            yield (
                f"{path}.labels",
                "that is no label",
                "at most 63 letters, digits, `-`, `_` and `.`; no spaces, no `:`",
            )


# --- Deployment ---


def _deployment(document: Document) -> Iterator[Problem]:
    spec = document["spec"]
    if not (spec.get("selector") or {}):
        yield "spec.selector", "it is empty", "matchLabels"
    yield from _metadata(document, "spec.template.metadata", spec["template"].get("metadata") or {})
    yield from _strategy(spec)
    if spec.get("minReadySeconds", 0) >= spec.get("progressDeadlineSeconds", 600):
        yield "spec.progressDeadlineSeconds", "it is not above minReadySeconds", "leave both out"
    pod = spec["template"]["spec"]
    if pod.get("restartPolicy", "Always") != "Always":
        yield "spec.template.spec.restartPolicy", "a Deployment's pods are always restarted", "leave it out"
    containers = pod.get("containers") or []
    names = [one.get("name", "") for one in (*containers, *(pod.get("initContainers") or []))]
    for name in names:
        if not re.fullmatch(NAME, str(name)) or names.count(name) > 1:
            yield (
                "spec.template.spec.containers[].name",
                "that is no name of a container, or it is there twice",
                "`server`",
            )
    yield from _volumes(pod)
    for place, container in enumerate(containers):
        yield from _container(container, f"spec.template.spec.containers[{place}]")


def _strategy(spec: Document) -> Iterator[Problem]:
    strategy, path = spec.get("strategy") or {}, "spec.strategy"
    rolling = strategy.get("rollingUpdate") or {}
    if strategy.get("type") == "Recreate" and rolling:
        yield path, "Recreate with the settings of a rolling update", "one or the other"
    if not any(str(rolling.get(name, "25%")).strip("%") != "0" for name in ("maxUnavailable", "maxSurge")):
        yield (
            f"{path}.rollingUpdate",
            "no pod may go and none may come",
            "maxUnavailable: 0 needs a maxSurge of at least 1",
        )
    if share_of(rolling.get("maxUnavailable", "25%"), 100, up=False) > 100 and "%" in str(
        rolling.get("maxUnavailable")
    ):
        yield f"{path}.rollingUpdate.maxUnavailable", "it is more than 100 %", "0 or 1"


def _volumes(pod: Document) -> Iterator[Problem]:
    volumes = pod.get("volumes") or []
    names = [str(one.get("name")) for one in volumes]
    for one in volumes:
        if not re.fullmatch(NAME, str(one.get("name"))) or names.count(str(one.get("name"))) > 1:
            yield "spec.template.spec.volumes[].name", "that is no name of a volume, or it is there twice", "`tmp`"
        if len(set(one) - {"name"}) > 1:
            yield "spec.template.spec.volumes", "a volume has two sources", "emptyDir: {}"


def _container(container: Document, path: str) -> Iterator[Problem]:
    yield from _ports(container, f"{path}.ports")
    for kind in PROBES:
        if container.get(kind):
            yield from _probe(container[kind], kind, f"{path}.{kind}")
    places = [one.get("mountPath") for one in container.get("volumeMounts") or []]
    if len(set(places)) < len(places):
        yield f"{path}.volumeMounts", "two volumes at one path", "another mountPath for each"
    for kind in ("requests", "limits"):
        for name, given in ((container.get("resources") or {}).get(kind) or {}).items():
            if name not in ("cpu", "memory", "ephemeral-storage") and "/" not in name and "hugepages-" not in name:
                yield f"{path}.resources.{kind}", f"there is no resource `{name}`", "cpu, memory"
            elif amount(given) < 0:
                yield f"{path}.resources.{kind}.{name}", "it is negative", "an amount"
    own = container.get("securityContext") or {}
    gains = own.get("privileged") or "SYS_ADMIN" in ((own.get("capabilities") or {}).get("add") or [])
    if own.get("allowPrivilegeEscalation") is False and gains:
        yield f"{path}.securityContext", "privileged, and allowPrivilegeEscalation: false", "leave `privileged` out"


def _ports(container: Document, path: str) -> Iterator[Problem]:
    ports = container.get("ports") or []
    names = [str(port["name"]) for port in ports if "name" in port]
    for name in names:
        if not re.fullmatch(PORT_NAME, name):
            yield f"{path}[].name", "that is no name of a port", "at most 15 small letters, digits and hyphens"
        if names.count(name) > 1:
            yield f"{path}[].name", "two ports have one name", "another name for each"
    for port in ports:
        yield from _number(port.get("containerPort"), f"{path}[].containerPort")


def _number(port: Any, path: str) -> Iterator[Problem]:
    if isinstance(port, int) and not 1 <= port <= 65_535:
        yield path, "that is no number of a port", "1 to 65535"
    if isinstance(port, str) and not re.fullmatch(PORT_NAME, port):
        yield path, "that is neither a number nor the name of a port", "8080 without quotation marks, or the name"


HANDLERS = ("exec", "grpc", "httpGet", "tcpSocket")


def _probe(probe: Document, kind: str, path: str) -> Iterator[Problem]:
    handlers = [name for name in HANDLERS if probe.get(name) is not None]
    if len(handlers) != 1:
        yield path, "a probe asks in one way", f"one of {', '.join(HANDLERS)}"
    for name in ("periodSeconds", "timeoutSeconds", "failureThreshold", "successThreshold"):
        if probe.get(name, 1) < 1:
            yield f"{path}.{name}", "it must be at least 1", "leave it out, or 1 and more"
    if probe.get("initialDelaySeconds", 0) < 0:
        yield f"{path}.initialDelaySeconds", "it is negative", "leave it out"
    if kind != "readinessProbe" and probe.get("successThreshold", 1) != 1:
        yield f"{path}.successThreshold", "it must be 1 for this probe", "leave it out"
    if "httpGet" in handlers:
        yield from _number(probe["httpGet"].get("port"), f"{path}.httpGet.port")


# --- the others ---


def _service(document: Document) -> Iterator[Problem]:
    spec = document["spec"]
    ports, kind = spec.get("ports") or [], spec.get("type", "ClusterIP")
    names = [port.get("name") for port in ports]
    if len(ports) > 1 and (None in names or len(set(names)) < len(names)):
        yield "spec.ports[].name", "several ports, and not a name of its own for each", "name: http"
    for port in ports:
        yield from _number(port["port"], "spec.ports[].port")
        yield from _number(port.get("targetPort"), "spec.ports[].targetPort")
        if "nodePort" in port and kind == "ClusterIP":
            yield "spec.ports[].nodePort", "a ClusterIP has none", "type: NodePort, or leave it out"
        if "nodePort" in port and not 30_000 <= port["nodePort"] <= 32_767:
            yield "spec.ports[].nodePort", "out of range", "30000 to 32767, or leave it out"
    if kind not in ("ClusterIP", "NodePort", "LoadBalancer", "ExternalName"):
        yield "spec.type", "there is no such type", "ClusterIP, which is the default"


def _autoscaler(document: Document) -> Iterator[Problem]:
    spec = document["spec"]
    least, most = spec.get("minReplicas", 1), spec["maxReplicas"]
    if least < 1 or most < least:
        yield "spec.maxReplicas", "it is below minReplicas, or there is none left", "1 ≤ minReplicas ≤ maxReplicas"
    for metric in spec.get("metrics") or []:
        sources = {"Resource": "resource", "ContainerResource": "containerResource", "Pods": "pods"}
        sources |= {"Object": "object", "External": "external"}
        source = sources.get(str(metric.get("type")), "")
        given = [name for name in sources.values() if metric.get(name) is not None]
        if given != [source]:
            yield "spec.metrics[]", "the type and the metric do not agree", "type: Resource with `resource`"
            continue
        yield from _target(metric[source].get("target") or {})


def _target(target: Document) -> Iterator[Problem]:
    path, kinds = (
        "spec.metrics[].resource.target",
        {"Utilization": "averageUtilization", "AverageValue": "averageValue"},
    )
    value = kinds.get(str(target.get("type")), "value")
    if target.get(value) is None or len({*kinds.values(), "value"} & set(target)) > 1:
        yield path, "the type and the value of the target do not agree", "type: Utilization with averageUtilization"
    elif value == "averageUtilization" and target[value] < 1:
        yield f"{path}.averageUtilization", "it must be above 0", "percent of what is requested: 60"


def _budget(document: Document) -> Iterator[Problem]:
    both = [name for name in ("minAvailable", "maxUnavailable") if name in document["spec"]]
    if len(both) == 2:
        yield "spec", "minAvailable and maxUnavailable together", "one of the two"
    for name in both:
        value = str(document["spec"][name])
        if not re.fullmatch(r"\d+%?", value) or (value.endswith("%") and int(value[:-1]) > 100):
            yield f"spec.{name}", "that is no number of pods", "1, or 50%"


_OF_KIND: Mapping[str, Any] = {
    "Deployment": _deployment,
    "Service": _service,
    "HorizontalPodAutoscaler": _autoscaler,
    "PodDisruptionBudget": _budget,
}


def all_keep_to(documents: Sequence[Document]) -> None:
    """Require that an API server takes each of the documents."""
    for document in documents:
        if document["kind"] in _OF_KIND:
            keeps_to(document)
