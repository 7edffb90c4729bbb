"""What a pod may have and do: probes, resources, rights, and a place to write to."""

from __future__ import annotations

import math

from helpers.checks.week5.dockerfiles import PING, PORT
from helpers.checks.week5.manifests import Document, amount, named_ports, require_in, resolved

LOADING = 20  # seconds that the server of the notebook's text needs
NEEDS = {"cpu": (0.5, 16.0), "memory": (500e6, 64e9)}  # 512 MiB, or MB: somebody's megabyte is not our quarrel
CONTAINER = "spec.template.spec.containers[0]"


def probes(deployment: Document, container: Document) -> None:
    """Require probes that ask the server, and a liveness that is more patient than readiness."""
    for kind in _PROBES:
        _asks_the_server(deployment, container, kind)
    slow = [_failing(container.get(kind) or {}) for kind in ("readinessProbe", "livenessProbe")]
    require_in(
        slow[1] > slow[0],
        deployment,
        f"{CONTAINER}.livenessProbe",
        "it is no more patient than the readiness probe",
        seen=f"liveness gives up after {slow[1]} s, readiness after {slow[0]} s",
        why="a server that is only busy, or still loads its model, is killed before it is taken out of traffic: "
        "under load one pod after the other is restarted",
        where="periodSeconds times failureThreshold: larger for liveness; a startupProbe helps while loading only",
    )


def _asks_the_server(deployment: Document, container: Document, kind: str) -> None:
    """Require a probe of this kind that asks by HTTP, at the server's port and path."""
    probe, path = container.get(kind) or {}, f"{CONTAINER}.{kind}"
    asked, why = probe.get("httpGet") or {}, _PROBES[kind]
    require_in(asked, deployment, path, "there is no probe that asks by HTTP", why=why, where="httpGet")
    _asks_the_pod(asked, deployment, path)
    require_in(
        resolved(asked["port"], named_ports(container)) == PORT,
        deployment,
        f"{path}.httpGet.port",
        "the probe asks a port on which nobody listens",
        seen=f"{asked['port']}, the server listens on {PORT}",
        why=_WRONG[kind],
        where=f"{PORT}, or the name of the container's port",
    )
    require_in(
        asked.get("path") == PING,
        deployment,
        f"{path}.httpGet.path",
        "the probe asks a path that the server does not have",
        seen=str(asked.get("path")),
        why=_WRONG[kind],
        where=PING,
    )


def _asks_the_pod(asked: Document, deployment: Document, path: str) -> None:
    """Require a probe that asks this pod, in the words that the server understands."""
    require_in(
        not asked.get("host"),
        deployment,
        f"{path}.httpGet.host",
        "the probe asks another host than the pod",
        seen=str(asked.get("host")),
        why="it says nothing of this pod; `localhost` is the node's, not the container's",
        where="leave it out",
    )
    require_in(
        asked.get("scheme", "HTTP") == "HTTP",
        deployment,
        f"{path}.httpGet.scheme",
        "the server does not speak HTTPS",
        why="each question fails",
        where="leave it out",
    )


_PROBES = {
    "readinessProbe": "without it, a pod gets traffic before its model is loaded",
    "livenessProbe": "without it, a server that hangs is never restarted",
}
_WRONG = {
    "readinessProbe": "no pod ever becomes ready: the rollout stops, and the Service has nobody to send requests to",
    "livenessProbe": "every pod is killed and started again, for ever (CrashLoopBackOff)",
}


def _failing(probe: Document) -> int:
    """Return for how long a server must fail until a probe acts on it."""
    return int(probe.get("periodSeconds", 10) * probe.get("failureThreshold", 3))


def _patience(probe: Document) -> int:
    """Return the seconds until a probe gives up; Kubernetes' defaults are 10 and 3."""
    return int(probe.get("initialDelaySeconds", 0) + probe.get("periodSeconds", 10) * probe.get("failureThreshold", 3))


def resources(deployment: Document, container: Document) -> None:
    """Require requests and limits, and limits that are not below requests."""
    given, path = container.get("resources") or {}, f"{CONTAINER}.resources"
    limits = given.get("limits") or {}
    requests = {**limits, **(given.get("requests") or {})}  # what has a limit only is requested up to it
    found = {"requests.cpu": "cpu" in requests, "requests.memory": "memory" in requests}
    for where, there in {**found, "limits.memory": "memory" in limits}.items():
        require_in(
            there,
            deployment,
            f"{path}.{where}",
            "it is missing",
            why="without requests the scheduler packs pods blindly and the autoscaler has nothing to divide by; "
            "without a limit of memory one leak takes the node down",
            where="requests of cpu and memory, and a limit of memory",
        )
    _limits(deployment, f"{path}.limits", requests, limits)


def _limits(deployment: Document, path: str, requests: Document, limits: Document) -> None:
    """Require limits at or above the requests, and one of memory that is an amount for a server."""
    for name, most in limits.items():
        require_in(
            name not in requests or amount(most) >= amount(requests[name]),
            deployment,
            f"{path}.{name}",
            "the limit is below the request",
            seen=f"limit {most}, request {requests.get(name)}",
            why="the API server refuses the pod",
            where="limits at or above requests; mind the units: 1 is a whole processor, 500m is half of one",
        )
    require_in(
        64e6 <= amount(limits["memory"]) <= 64e9,
        deployment,
        f"{path}.memory",
        "that is no amount of memory for this server",
        seen=str(limits["memory"]),
        why="a pod over its limit is killed at once",
        where="the unit: 512Mi is 512 mebibytes, 512m is half a byte",
    )


def security(deployment: Document, container: Document) -> None:
    """Require that the container may do no more than serve."""
    pod = deployment["spec"]["template"]["spec"].get("securityContext") or {}
    own = container.get("securityContext") or {}
    both = {**pod, **own}
    dropped = [str(name).upper() for name in (own.get("capabilities") or {}).get("drop") or []]
    kept = {
        "runAsNonRoot": both.get("runAsNonRoot") is True and both.get("runAsUser") != 0,
        "allowPrivilegeEscalation": own.get("allowPrivilegeEscalation") is False and own.get("privileged") is not True,
        "readOnlyRootFilesystem": own.get("readOnlyRootFilesystem") is True,
        "capabilities.drop": "ALL" in dropped
        and not set((own.get("capabilities") or {}).get("add") or []) - {_LOW_PORTS},
    }
    why = "when somebody gets into the server, this decides how much further they get"
    for name, (broke, where) in _RIGHTS.items():
        require_in(kept[name], deployment, f"{CONTAINER}.securityContext.{name}", broke, why=why, where=where)


_LOW_PORTS = "NET_BIND_SERVICE"
_RIGHTS = {  # what a container could do if this were missing, and what to write
    "runAsNonRoot": (
        "the container may run as root",
        "runAsNonRoot: true, in the pod's or the container's securityContext",
    ),
    "allowPrivilegeEscalation": (
        "a process may gain more rights than its parent",
        "allowPrivilegeEscalation: false",
    ),
    "readOnlyRootFilesystem": (
        "the container may write into its own image",
        "readOnlyRootFilesystem: true, and an emptyDir mounted where it must write (/tmp)",
    ),
    "capabilities.drop": (
        "the container keeps capabilities that a server does not need",
        'drop: ["ALL"]',
    ),
}


def runs(deployment: Document, container: Document, image: str) -> None:
    """Require the image that was asked for."""
    require_in(
        container.get("imagePullPolicy") != "Never",
        deployment,
        f"{CONTAINER}.imagePullPolicy",
        "a node that has not got the image may not fetch it",
        where="leave it out",
    )
    require_in(
        not deployment["spec"].get("paused"),
        deployment,
        "spec.paused",
        "no new image is ever rolled out",
        where="leave it out",
    )
    require_in(
        container.get("image") == image,
        deployment,
        f"{CONTAINER}.image",
        "it is another image than the one to be deployed",
        seen=f"{container.get('image')}, asked for {image}",
        why="the cluster goes on with what it had, or with whatever `latest` is today",
        where="put the function's argument into the text",
    )


def writes(deployment: Document, container: Document) -> None:
    """Require a /tmp that can be written to, although the image cannot."""
    mounts = container.get("volumeMounts") or []
    volumes = {one.get("name"): one for one in deployment["spec"]["template"]["spec"].get("volumes") or []}
    missing = [one["name"] for one in mounts if one["name"] not in volumes]
    require_in(
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
    require_in(
        any(not one.get("readOnly") and one["name"] in writable for one in temporary),
        deployment,
        f"{CONTAINER}.volumeMounts",
        "the server cannot write to /tmp",
        why="the image is read-only: the first library that wants a temporary file raises, and the server answers 500",
        where="an emptyDir among the pod's volumes, mounted at /tmp",
    )


def loads(deployment: Document, container: Document) -> None:
    """Require that nothing kills a server which still loads its model."""
    kind = "startupProbe" if container.get("startupProbe") else "livenessProbe"
    probe, path = container.get(kind) or {}, f"{CONTAINER}.{kind}"
    if not probe:
        return  # nobody kills it; another part asks for a livenessProbe
    asked = probe.get("httpGet") or {"port": PORT, "path": PING}
    _asks_the_pod(asked, deployment, path)
    require_in(
        resolved(asked["port"], named_ports(container)) == PORT and asked.get("path") == PING,
        deployment,
        path,
        "it asks an address at which nobody answers",
        seen=f"{asked['port']}{asked.get('path')}",
        why="every pod is killed and started again, for ever: until it succeeds, no other probe counts",
        where=f"port {PORT} or its name, path {PING}",
    )
    patience = _patience(probe)
    require_in(
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
    amounts = container.get("resources") or {}
    for name, given in {**(amounts.get("limits") or {}), **(amounts.get("requests") or {})}.items():
        low, high = NEEDS.get(name, (0.0, math.inf))
        require_in(
            low <= amount(given) <= high,
            deployment,
            f"{CONTAINER}.resources.requests.{name}",
            "not what it needs",
            seen=str(given),
            why="with less reserved, the server starves; more than a node has is never scheduled",
            where="half a processor is 500m (500 are five hundred), and 512Mi are 512 MiB",
        )
