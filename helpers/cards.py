"""Model cards and datasheets: data that a machine can check, kept as YAML and shown as a page.

Their schemas are in helpers/schemas. fastjsonschema validates: nbformat uses it too, and it starts in milliseconds.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

KINDS = ("model_card", "datasheet")


class CardError(ValueError):
    """A card that its schema does not allow; the message names the field."""


def problem(content: Any, kind: str = "model_card") -> str:
    """Return what is wrong with a card, in a line that names the field; empty when it is valid.

    Parameters
    ----------
    content
        the card as plain Python: dictionaries, lists, text and numbers
    kind
        "model_card" or "datasheet"

    Raises
    ------
    ValueError
        when there is no such kind
    """
    import fastjsonschema

    try:
        _validator(kind)(content)
    except fastjsonschema.JsonSchemaValueException as error:
        return str(error.message).replace("data", kind, 1)
    return ""


@cache
def _validator(kind: str) -> Any:
    import fastjsonschema

    return fastjsonschema.compile(schema(kind))


def schema(kind: str) -> dict[str, Any]:
    """Return the JSON schema of a kind of card.

    Raises
    ------
    ValueError
        when there is no such kind
    """
    if kind not in KINDS:
        raise ValueError(f"there is no card of kind {kind!r}: there are {', '.join(KINDS)}")
    return json.loads((files("helpers") / "schemas" / f"{kind}.json").read_text(encoding="utf-8"))


def write(content: Mapping[str, Any], path: str | Path, kind: str = "model_card") -> Path:
    """Write a valid card to a file, as YAML; return the path.

    Raises
    ------
    CardError
        when its schema does not allow it; nothing is written then
    """
    import yaml

    if found := problem(content, kind):
        raise CardError(f"{found}. The schema is helpers/schemas/{kind}.json.")
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(dict(content), sort_keys=False, allow_unicode=True), encoding="utf-8")
    return path


def page(content: Mapping[str, Any], title: str) -> str:
    """Return a card as a Markdown page: a heading for each section, tables for lists, text for the rest."""
    return "\n\n".join([f"# {title}", *(part for name, value in content.items() for part in _section(name, value))])


def _section(name: str, value: Any) -> Iterator[str]:
    yield f"## {_words(name)}"
    if isinstance(value, Mapping):
        yield _rows([{"": f"**{_words(key)}**", " ": _cell(one)} for key, one in value.items()])
    elif isinstance(value, list) and value and isinstance(value[0], Mapping):
        yield _rows([{_words(key): _cell(one) for key, one in row.items()} for row in value])
    else:
        yield _cell(value)


def _rows(rows: list[dict[str, str]]) -> str:
    if not rows:
        return "none"
    lines = [list(rows[0]), ["---"] * len(rows[0]), *(list(row.values()) for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(value: Any) -> str:
    if isinstance(value, Mapping):
        return "<br>".join(f"{key}: {_cell(one)}" for key, one in value.items()) or "none recorded"
    if isinstance(value, list):
        return ", ".join(map(_cell, value)) or "none"
    if value is None:
        return "does not exist"
    text = f"{value:.4g}" if isinstance(value, float) else f"{value}"
    return text.replace("|", "\\|").replace("\n", " ")


def _words(name: str) -> str:
    return name.replace("_", " ").capitalize()
