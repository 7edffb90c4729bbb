"""Checks of Kubernetes manifests: against Kubernetes' own schemas, and for what a schema cannot know.

Every message names the document, the path in it and the remedy. A manifest is what somebody else wrote: it is read
with YAML's safe loader and never applied to anything.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import yaml

from helpers.checks import CheckFailed, require
from helpers.checks.dockerfiles import PING, PORT, SECRET

VERSIONS = ("1.33", "1.37")  # of Kubernetes: the oldest and the newest that the desk's clusters run
Document = Mapping[str, Any]
LOADING = 20  # seconds that the server of week 5's text needs
NEEDS = {"cpu": (0.5, 16.0), "memory": (500e6, 64e9)}  # 512 MiB, or MB: somebody's megabyte is not our quarrel
_CONTAINER = "spec.template.spec.containers[0]"
_UNITS = {"": 1.0, "m": 1e-3, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12}
_UNITS |= {f"{name}i": 1024.0**power for power, name in enumerate("KMGT", start=1)}


def manifests(text: str, image: str, replicas: int) -> None:
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
    probes(deployment, container)
    resources(deployment, container)
    security(deployment, container)
    runs(deployment, container, image)
    scales(one, container, replicas)
    stays_up(one, replicas)
    no_secrets(documents)
    accepted(one, container)
    writes(deployment, container)
    loads(deployment, container)
    enough(deployment, container)
    by_processors(one["HorizontalPodAutoscaler"], container)


KINDS = ("Deployment", "Service", "HorizontalPodAutoscaler", "PodDisruptionBudget")


def read(text: str) -> list[Document]:
    """The documents of a YAML text."""
    try:
        found = [document for document in yaml.safe_load_all(text) if document is not None]
    except yaml.YAMLError as error:
        problem = CheckFailed(
            "the manifests are not YAML",
            seen=str(error),
            why="kubectl would stop there",
            where="indentation, a missing colon; documents are separated by a line `---`",
        )
    else:
        if all(_is_object(document) for document in found):
            return [_given(document, document, "") for document in found]
        problem = CheckFailed(
            "one of the documents is no Kubernetes object",
            why="kubectl would refuse it",
            where="each document needs apiVersion, kind and metadata.name",
        )
    raise problem


def _is_object(document: Any) -> bool:
    return (
        isinstance(document, dict)
        and all(isinstance(document.get(name), str) and document[name] for name in ("apiVersion", "kind"))
        and isinstance(document.get("metadata"), dict)
    )


def _given(document: Document, part: Any, path: str) -> Any:
    """What a part of a document says: a field that is null counts as left out, as for an API server.

    An item of a list that is null does not: the schemas let it pass, and an API server does not.
    """
    if isinstance(part, dict):
        named = {name: value for name, value in part.items() if value is not None}
        return {name: _given(document, value, f"{path}.{name}".lstrip(".")) for name, value in named.items()}
    if not isinstance(part, list):
        return part
    for place, item in enumerate(part):
        _require(
            item is not None,
            document,
            f"{path}[{place}]",
            "an item of the list is empty",
            why="the API server refuses it",
            where="what stands after the hyphen, and how far it is indented",
        )
    return [_given(document, item, f"{path}[{place}]") for place, item in enumerate(part)]


def name_of(document: Document) -> str:
    """How messages call a document."""
    return f"{document.get('kind')} {(document.get('metadata') or {}).get('name') or '(without a name)'}"


def _require(condition: object, document: Document, path: str, broke: str, **more: Any) -> None:
    require(condition, f"{name_of(document)}, {path}: {broke}", **more)


def valid(document: Document) -> None:
    """Validate a document by the strict schemas of two versions of Kubernetes."""
    import kubernetes_validate
    from kubernetes_validate.utils import SchemaNotFoundError

    for version in VERSIONS:
        try:
            kubernetes_validate.validate(dict(document), version, strict=True)
            continue
        except SchemaNotFoundError:
            path, broke = "apiVersion", f"Kubernetes {version} knows no such kind of this apiVersion"
            seen, where = str(document.get("apiVersion")), "apps/v1, v1, autoscaling/v2, policy/v1"
        except kubernetes_validate.ValidationError as error:
            path = ".".join(str(step) for step in error.absolute_path) or "the top level"
            broke, seen = f"not valid by the schema of Kubernetes {version}", error.message
            where = (
                "spelling, indentation and type; unknown fields count as errors, as with `kubectl --validate=strict`"
            )
        except KeyError as error:
            path, broke, seen, where = str(error).strip("'"), "it is missing", "", "every document needs it"
        why = "an API server refuses it, or, worse, drops the field and runs without it"
        raise CheckFailed(f"{name_of(document)}, {path}: {broke}", seen=seen, why=why, where=where)


def only(documents: Sequence[Document], kind: str) -> Document:
    """The one document of a kind."""
    found = [document for document in documents if document["kind"] == kind]
    require(
        len(found) == 1,
        f"there should be exactly one {kind} among the documents",
        seen=f"{len(found)}; kinds {[document['kind'] for document in documents]}",
        where="documents are separated by a line `---`",
    )
    for path in ("metadata.name", "spec"):  # the schemas do not ask for them
        value: Any = found[0]
        for step in path.split("."):
            value = (value or {}).get(step)
        _require(value, found[0], path, "it is missing", where="look at an example of this kind in Kubernetes' manual")
    return found[0]


def container_of(deployment: Document) -> Document:
    """The container that serves: the first one."""
    containers: Any = (deployment["spec"]["template"].get("spec") or {}).get("containers")
    _require(containers, deployment, "spec.template.spec.containers", "there is no container")
    return containers[0]


# --- what belongs together ---


def labels_match(one: Mapping[str, Document]) -> None:
    """Require that every selector finds the pods."""
    labels = (one["Deployment"]["spec"]["template"].get("metadata") or {}).get("labels") or {}
    selectors = {kind: one[kind]["spec"].get("selector") or {} for kind in ("Deployment", "PodDisruptionBudget")}
    selectors["Service"] = {"matchLabels": one["Service"]["spec"].get("selector") or {}}
    for kind in ("Deployment", "Service", "PodDisruptionBudget"):
        wanted = {name: value for name, value in selectors[kind].items() if value}
        _require(
            wanted and _selected(labels, wanted),
            one[kind],
            "spec.selector",
            "it selects other pods than the Deployment makes",
            seen=f"{wanted}, the pods' labels are {labels}",
            why="a Service without pods answers nothing, a budget without pods protects nothing, and nobody says so",
            where="the same labels here and in the Deployment's spec.template.metadata.labels",
        )


def _selected(labels: Mapping[str, str], selector: Document) -> bool:
    """Whether a selector, of labels and expressions, finds a pod with these labels."""
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
    ports = {port.get("name"): port["containerPort"] for port in container.get("ports") or []}
    _require(
        PORT in ports.values(),
        one["Deployment"],
        "spec.template.spec.containers[0].ports",
        f"the server's port {PORT} is not among them",
        seen=str(ports),
        where="containerPort, and a name by which Service and probes can speak of it",
    )
    service = one["Service"]["spec"].get("ports") or []
    targets = [_resolved(port.get("targetPort", port["port"]), ports) for port in service]
    _require(
        targets and all(target == PORT for target in targets),
        one["Service"],
        "spec.ports[].targetPort",
        "it does not lead to the port on which the server listens",
        seen=f"{targets}, the server listens on {PORT}",
        why="every request ends in `connection refused`",
        where=f"targetPort: {PORT}, or the name of the container's port; without it, `port` is taken",
    )


def _resolved(port: Any, named: Mapping[Any, int]) -> Any:
    return named.get(port) if isinstance(port, str) else port


def probes(deployment: Document, container: Document) -> None:
    """Require probes that ask the server, and a liveness that is more patient than readiness."""
    ports = {port.get("name"): port["containerPort"] for port in container.get("ports") or []}
    for kind, why in _PROBES.items():
        probe, path = container.get(kind) or {}, f"spec.template.spec.containers[0].{kind}"
        _require(
            probe.get("httpGet"), deployment, path, "there is no probe that asks by HTTP", why=why, where="httpGet"
        )
        asked = probe["httpGet"]
        _require(
            _resolved(asked["port"], ports) == PORT,
            deployment,
            f"{path}.httpGet.port",
            "the probe asks a port on which nobody listens",
            seen=f"{asked['port']}, the server listens on {PORT}",
            why=_WRONG[kind],
            where=f"{PORT}, or the name of the container's port",
        )
        _require(
            asked.get("path") == PING,
            deployment,
            f"{path}.httpGet.path",
            "the probe asks a path that the server does not have",
            seen=str(asked.get("path")),
            why=_WRONG[kind],
            where=PING,
        )
    slow = [_patience(container.get(kind) or {}) for kind in ("readinessProbe", "livenessProbe")]
    _require(
        slow[1] > slow[0] or container.get("startupProbe"),
        deployment,
        "spec.template.spec.containers[0].livenessProbe",
        "it is no more patient than the readiness probe",
        seen=f"liveness gives up after {slow[1]} s, readiness after {slow[0]} s",
        why="a server that is only busy, or still loads its model, is killed before it is taken out of traffic: "
        "under load one pod after the other is restarted",
        where="a larger failureThreshold or periodSeconds, or a startupProbe",
    )


_PROBES = {
    "readinessProbe": "without it, a pod gets traffic before its model is loaded",
    "livenessProbe": "without it, a server that hangs is never restarted",
}
_WRONG = {
    "readinessProbe": "no pod ever becomes ready: the rollout stops, and the Service has nobody to send requests to",
    "livenessProbe": "every pod is killed and started again, for ever (CrashLoopBackOff)",
}


def _patience(probe: Document) -> int:
    """Seconds until a probe gives up; Kubernetes' defaults are 10 and 3."""
    return int(probe.get("initialDelaySeconds", 0) + probe.get("periodSeconds", 10) * probe.get("failureThreshold", 3))


# --- what a pod may have and do ---


def amount(quantity: Any) -> float:
    """A quantity of Kubernetes as a number: "250m" is 0.25, "1Gi" is 1,073,741,824."""
    found = re.fullmatch(r"([0-9.]+(?:[eE][0-9]+)?)([a-zA-Z]{0,2})", str(quantity).strip())
    if found is None or found[2] not in _UNITS:
        raise CheckFailed(
            "a quantity cannot be read", seen=str(quantity), where='"500m" or "0.5" for processors, "512Mi" for memory'
        )
    return float(found[1]) * _UNITS[found[2]]


def resources(deployment: Document, container: Document) -> None:
    """Require requests and limits, and limits that are not below requests."""
    given, path = container.get("resources") or {}, "spec.template.spec.containers[0].resources"
    requests, limits = given.get("requests") or {}, given.get("limits") or {}
    for name, part, where in (
        ("cpu", requests, "requests.cpu"),
        ("memory", requests, "requests.memory"),
        ("memory", limits, "limits.memory"),
    ):
        _require(
            name in part,
            deployment,
            f"{path}.{where}",
            "it is missing",
            why="without requests the scheduler packs pods blindly and the autoscaler has nothing to divide by; "
            "without a limit of memory one leak takes the node down",
            where="requests of cpu and memory, and a limit of memory",
        )
    for name, most in limits.items():
        _require(
            name not in requests or amount(most) >= amount(requests[name]),
            deployment,
            f"{path}.limits.{name}",
            "the limit is below the request",
            seen=f"limit {most}, request {requests.get(name)}",
            why="the API server refuses the pod",
            where="limits at or above requests; mind the units: 1 is a whole processor, 500m is half of one",
        )
    _require(
        64e6 <= amount(limits["memory"]) <= 64e9,
        deployment,
        f"{path}.limits.memory",
        "that is no amount of memory for this server",
        seen=str(limits["memory"]),
        why="a pod over its limit is killed at once",
        where="the unit: 512Mi is 512 mebibytes, 512m is half a byte",
    )


def security(deployment: Document, container: Document) -> None:
    """Require that the container may do no more than serve."""
    pod = deployment["spec"]["template"]["spec"].get("securityContext") or {}
    own = container.get("securityContext") or {}
    why = "when somebody gets into the server, this decides how much further they get"
    path = "spec.template.spec.containers[0].securityContext"
    both = {**pod, **own}
    _require(
        both.get("runAsNonRoot") is True and both.get("runAsUser") != 0,
        deployment,
        f"{path}.runAsNonRoot",
        "the container may run as root",
        why=why,
        where="runAsNonRoot: true, in the pod's or the container's securityContext",
    )
    _require(
        own.get("allowPrivilegeEscalation") is False and own.get("privileged") is not True,
        deployment,
        f"{path}.allowPrivilegeEscalation",
        "a process may gain more rights than its parent",
        why=why,
        where="allowPrivilegeEscalation: false",
    )
    _require(
        own.get("readOnlyRootFilesystem") is True,
        deployment,
        f"{path}.readOnlyRootFilesystem",
        "the container may write into its own image",
        why=why,
        where="readOnlyRootFilesystem: true, and an emptyDir mounted where it must write (/tmp)",
    )
    dropped = [str(name).upper() for name in (own.get("capabilities") or {}).get("drop") or []]
    _require(
        "ALL" in dropped,
        deployment,
        f"{path}.capabilities.drop",
        "the container keeps capabilities that a server does not need",
        why=why,
        where='drop: ["ALL"]',
    )


def runs(deployment: Document, container: Document, image: str) -> None:
    """Require the image that was asked for."""
    _require(
        container.get("image") == image,
        deployment,
        "spec.template.spec.containers[0].image",
        "it is another image than the one to be deployed",
        seen=f"{container.get('image')}, asked for {image}",
        why="the cluster goes on with what it had, or with whatever `latest` is today",
        where="put the function's argument into the text",
    )


# --- how many, and how many at least ---


def scales(one: Mapping[str, Document], container: Document, replicas: int) -> None:
    """Require an autoscaler on this Deployment that has something to measure and never goes below ``replicas``."""
    hpa, deployment = one["HorizontalPodAutoscaler"], one["Deployment"]
    target = hpa["spec"]["scaleTargetRef"]
    aimed = (target.get("apiVersion"), target.get("kind"), target.get("name"))
    _require(
        aimed == (deployment["apiVersion"], "Deployment", deployment["metadata"]["name"]),
        hpa,
        "spec.scaleTargetRef",
        "it scales something that is not there",
        seen=f"{aimed}",
        why="the autoscaler reports an error that nobody reads, and the number of pods stays",
        where="apiVersion, kind and name of your Deployment",
    )
    least, most = hpa["spec"].get("minReplicas", 1), hpa["spec"]["maxReplicas"]
    _require(
        replicas <= least < most,
        hpa,
        "spec.minReplicas",
        "it may go below the number of replicas asked for, or cannot go up",
        seen=f"minReplicas {least}, maxReplicas {most}, asked for {replicas}",
        why="one pod is no service: each restart and each drained node is an outage",
        where="minReplicas at the argument, maxReplicas above it",
    )
    measured = _measured(hpa, container)
    _require(
        any(name in container["resources"]["requests"] for name in measured),
        hpa,
        "spec.metrics",
        "there is no target for the use of a resource",
        why="without one it does not know when to scale",
        where="type: Resource, resource.name: cpu, target.type: Utilization, target.averageUtilization: 60",
    )
    fixed = deployment["spec"].get("replicas")
    _require(
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
    budget, deployment = one["PodDisruptionBudget"], one["Deployment"]
    strategy = deployment["spec"].get("strategy") or {}
    _require(
        strategy.get("type", "RollingUpdate") == "RollingUpdate",
        deployment,
        "spec.strategy.type",
        "all old pods are stopped before a new one starts",
        why="every deployment is an outage",
        where="RollingUpdate, which is the default",
    )
    rolling = strategy.get("rollingUpdate") or {}
    gone = _share(rolling.get("maxUnavailable", "25%"), replicas, up=False)
    _require(
        gone < replicas,
        deployment,
        "spec.strategy.rollingUpdate.maxUnavailable",
        "a rollout may take away all pods at once",
        where="0 or 1, with maxSurge of at least 1",
    )
    spec = budget["spec"]
    least = _share(spec["minAvailable"], replicas, up=True) if "minAvailable" in spec else None
    most = _share(spec["maxUnavailable"], replicas, up=True) if "maxUnavailable" in spec else None
    evictable = replicas - least if least is not None else (most or 0)
    _require(
        evictable < replicas,
        budget,
        "spec",
        "all pods may be evicted at once",
        seen=f"{dict(spec)} of {replicas} pods",
        why="when nodes are drained for an update, the service is gone",
        where="minAvailable of at least 1, or maxUnavailable below the number of pods",
    )
    _require(
        evictable >= 1,
        budget,
        "spec",
        "no pod may ever be evicted",
        seen=f"{dict(spec)} of {replicas} pods",
        why="nodes cannot be drained: whoever updates the cluster at night will delete the budget, and be right",
        where="minAvailable below minReplicas, or maxUnavailable: 1",
    )


def _share(value: Any, of: int, *, up: bool) -> int:
    """A number of pods, given as one or as a percentage."""
    require(re.fullmatch(r"\d+%?", str(value)), "a number of pods cannot be read", seen=str(value), where="1, or 25%")
    if not str(value).endswith("%"):
        return int(value)
    exact = float(str(value)[:-1]) / 100 * of
    return int(-(-exact // 1)) if up else int(exact)


def no_secrets(documents: Sequence[Document]) -> None:
    """Require that nothing in the manifests is a secret: they lie in git."""
    for document in documents:
        text = yaml.safe_dump(dict(document))
        named = [item for item in _environment(document) if re.search(r"secret|token|passw|key", item[0], re.I)]
        _require(
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


# --- what an API server refuses, and what starves a server ---


def accepted(one: Mapping[str, Document], container: Document) -> None:
    """Require what an API server requires and no schema says: names, one namespace, a rollout that can move."""
    for document in one.values():
        name = str(document["metadata"]["name"])
        kind = r"[a-z]" if document["kind"] == "Service" else r"[a-z0-9]"
        _require(
            re.fullmatch(rf"{kind}([-a-z0-9.]*[a-z0-9])?", name) and len(name) <= 63,
            document,
            "metadata.name",
            "that is no name",
            why="the API server refuses it: names become names of hosts",
            where="small letters, digits and hyphens",
        )
    ports = [str(port.get("name", "http")) for port in container.get("ports") or []]
    _require(
        all(re.fullmatch(r"(?=.*[a-z])[a-z0-9]([-a-z0-9]*[a-z0-9])?", name) and len(name) <= 15 for name in ports),
        one["Deployment"],
        f"{_CONTAINER}.ports[].name",
        "that is no name of a port",
        seen=", ".join(ports),
        why="the API server refuses it",
        where="at most 15 small letters, digits and hyphens",
    )
    spaces = {document["kind"]: document["metadata"].get("namespace", "default") for document in one.values()}
    require(
        len(set(spaces.values())) == 1,
        "metadata.namespace: the four documents are not in one namespace",
        seen=str(spaces),
        why="a selector sees the pods of its own namespace only: the Service answers nobody",
        where="the same namespace in all four, or in none",
    )
    rolling = (one["Deployment"]["spec"].get("strategy") or {}).get("rollingUpdate") or {}
    _require(
        any(str(rolling.get(name, "25%")).strip("%") != "0" for name in ("maxUnavailable", "maxSurge")),
        one["Deployment"],
        "spec.strategy.rollingUpdate",
        "no pod may go and none may come",
        why="the API server refuses it: a rollout could not begin",
        where="maxUnavailable: 0 needs a maxSurge of at least 1",
    )


def writes(deployment: Document, container: Document) -> None:
    """Require a /tmp that can be written to, although the image cannot."""
    mounts = container.get("volumeMounts") or []
    volumes = {one.get("name"): one for one in deployment["spec"]["template"]["spec"].get("volumes") or []}
    missing = [one["name"] for one in mounts if one["name"] not in volumes]
    _require(
        not missing,
        deployment,
        "spec.template.spec.volumes",
        "a volume that is mounted is not among them",
        seen=", ".join(missing),
        why="the API server refuses the Deployment",
        where="the same name in volumeMounts and volumes",
    )
    kinds = {"emptyDir", "ephemeral", "persistentVolumeClaim"}
    # A volume that names no kind is an emptyDir: Kubernetes' default.
    writable = [name for name, one in volumes.items() if kinds & set(one) or set(one) == {"name"}]
    temporary = [one for one in mounts if str(one.get("mountPath")).rstrip("/") == "/tmp"]
    _require(
        any(not one.get("readOnly") and one["name"] in writable for one in temporary),
        deployment,
        f"{_CONTAINER}.volumeMounts",
        "the server cannot write to /tmp",
        why="the image is read-only: the first library that wants a temporary file raises, and the server answers 500",
        where="an emptyDir among the pod's volumes, mounted at /tmp",
    )


def loads(deployment: Document, container: Document) -> None:
    """Require that nothing kills a server which still loads its model."""
    kind = "startupProbe" if container.get("startupProbe") else "livenessProbe"
    probe, path = container[kind], f"{_CONTAINER}.{kind}"
    asked = probe.get("httpGet") or {"port": PORT, "path": PING}
    named = {port.get("name"): port["containerPort"] for port in container.get("ports") or []}
    _require(
        _resolved(asked["port"], named) == PORT and asked.get("path") == PING,
        deployment,
        path,
        "it asks an address at which nobody answers",
        seen=f"{asked['port']}{asked.get('path')}",
        why="every pod is killed and started again, for ever: until it succeeds, no other probe counts",
        where=f"port {PORT} or its name, path {PING}",
    )
    patience = _patience(probe)
    _require(
        patience > LOADING,
        deployment,
        path,
        "it gives up before the model is loaded",
        seen=f"after {patience} s; the server needs {LOADING} s",
        why="each pod is killed while it loads, and started again, for ever",
        where="periodSeconds times failureThreshold well above the time of loading; a startupProbe is for this",
    )


def enough(deployment: Document, container: Document) -> None:
    """Require requests of what the server needs, and of no more than a node has."""
    for name, given in container["resources"]["requests"].items():
        low, high = NEEDS.get(name, (0.0, math.inf))
        _require(
            low <= amount(given) <= high,
            deployment,
            f"{_CONTAINER}.resources.requests.{name}",
            "not what it needs",
            seen=str(given),
            why="with less reserved, the server starves; more than a node has is never scheduled",
            where="half a processor is 500m (500 are five hundred), and 512Mi are 512 MiB",
        )


def by_processors(hpa: Document, container: Document) -> None:
    """Require an autoscaler that follows the use of processors."""
    _require(
        "cpu" in _measured(hpa, container),
        hpa,
        "spec.metrics",
        "it does not follow the use of processors",
        why="a server's memory is the same, asked or not: pods never come, or never go",
        where="resource.name: cpu, with target.averageUtilization",
    )


def _measured(hpa: Document, container: Document) -> list[str]:
    """The resources whose use, as a share of the requests, the autoscaler follows: of the pod, or of this container."""
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
