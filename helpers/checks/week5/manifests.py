"""Kubernetes manifests as the checks read them: documents, what makes one valid, and quantities in them.

Every message names the document, the path in it and the remedy. A manifest is what somebody else wrote: it is read
with YAML's safe loader and never applied to anything.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from helpers.checks import CheckFailed, require

VERSIONS = ("1.33", "1.37")  # of Kubernetes: the oldest and the newest that the desk's clusters run
Document = Mapping[str, Any]
KINDS = ("Deployment", "Service", "HorizontalPodAutoscaler", "PodDisruptionBudget")
_UNITS = {"": 1.0, "m": 1e-3, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12}
_UNITS |= {f"{name}i": 1024.0**power for power, name in enumerate("KMGT", start=1)}


def read(text: str) -> list[Document]:
    """Read the documents of a YAML text."""
    try:
        found = [document for document in yaml.load_all(text, _Strict) if document is not None]
    except (yaml.YAMLError, RecursionError) as error:
        problem = CheckFailed(
            "the manifests are not YAML",
            seen=str(error),
            why="kubectl would stop there",
            where="indentation, a missing colon, a field twice; documents are separated by a line `---`",
        )
    else:
        found = [one for document in found for one in _items(document)]
        if all(_is_object(document) for document in found):
            return [_given(document, document, "") for document in found]
        problem = CheckFailed(
            "one of the documents is no Kubernetes object",
            why="kubectl would refuse it",
            where="each document needs apiVersion, kind and metadata.name",
        )
    raise problem


class _Strict(yaml.SafeLoader):
    """YAML's safe loader, which takes no field twice: an API server refuses that."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Read a mapping."""
        keys = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode) and key.tag != _MERGE]
        if twice := [key for key in keys if keys.count(key) > 1]:
            raise yaml.constructor.ConstructorError(
                None, None, f"the field {twice[0]!r} is there twice", node.start_mark
            )
        return super().construct_mapping(node, deep)


_MERGE = "tag:yaml.org,2002:merge"


def _items(document: Any) -> list[Any]:
    """Return the documents in a `kind: List`, or the document itself."""
    listed = isinstance(document, dict) and document.get("kind") == "List" and isinstance(document.get("items"), list)
    return list(document["items"]) if listed else [document]


def _is_object(document: Any) -> bool:
    return (
        isinstance(document, dict)
        and all(isinstance(document.get(name), str) and document[name] for name in ("apiVersion", "kind"))
        and isinstance(document.get("metadata"), dict)
    )


def _given(document: Document, part: Any, path: str) -> Any:
    """Return a part of a document without the fields that are null: to an API server they are left out.

    An item of a list that is null is not: the schemas let it pass, and an API server refuses it.
    """
    if isinstance(part, dict):
        named = {name: value for name, value in part.items() if value is not None}
        return {name: _given(document, value, f"{path}.{name}".lstrip(".")) for name, value in named.items()}
    if not isinstance(part, list):
        return part
    for place, item in enumerate(part):
        require_in(
            item is not None,
            document,
            f"{path}[{place}]",
            "an item of the list is empty",
            why="the API server refuses it",
            where="what stands after the hyphen, and how far it is indented",
        )
    return [_given(document, item, f"{path}[{place}]") for place, item in enumerate(part)]


def name_of(document: Document) -> str:
    """Name a document as messages do."""
    return f"{document.get('kind')} {(document.get('metadata') or {}).get('name') or '(without a name)'}"


def require_in(condition: object, document: Document, path: str, broke: str, **more: Any) -> None:
    """Require a condition of a path in a document, and name both if it does not hold."""
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
    """Return the one document of a kind."""
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
        require_in(
            value, found[0], path, "it is missing", where="look at an example of this kind in Kubernetes' manual"
        )
    return found[0]


def container_of(deployment: Document) -> Document:
    """Return the container that serves: the first one."""
    containers: Any = (deployment["spec"]["template"].get("spec") or {}).get("containers")
    require_in(containers, deployment, "spec.template.spec.containers", "there is no container")
    return containers[0]


def named_ports(container: Document) -> dict[Any, int]:
    """Return the numbers of a container's TCP ports by their names."""
    ports = [port for port in container.get("ports") or [] if port.get("protocol", "TCP") == "TCP"]
    return {port.get("name"): port["containerPort"] for port in ports}


def resolved(port: Any, named: Mapping[Any, int]) -> Any:
    """Return the number of a port that is given by number or by name."""
    return named.get(port) if isinstance(port, str) else port


def amount(quantity: Any) -> float:
    """Read a quantity of Kubernetes as a number: "250m" is 0.25, "1Gi" is 1,073,741,824."""
    found = re.fullmatch(r"([0-9.]+(?:[eE][0-9]+)?)([a-zA-Z]{0,2})", str(quantity).strip())
    if found is None or found[2] not in _UNITS:
        raise CheckFailed(
            "a quantity cannot be read", seen=str(quantity), where='"500m" or "0.5" for processors, "512Mi" for memory'
        )
    return float(found[1]) * _UNITS[found[2]]


def share_of(value: Any, of: int, *, up: bool) -> int:
    """Read a number of pods, given as one or as a percentage of so many."""
    require(re.fullmatch(r"\d+%?", str(value)), "a number of pods cannot be read", seen=str(value), where="1, or 25%")
    if not str(value).endswith("%"):
        return int(value)
    exact = float(str(value)[:-1]) / 100 * of
    return int(-(-exact // 1)) if up else int(exact)
