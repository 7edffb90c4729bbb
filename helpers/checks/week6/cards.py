"""Checks of task `cards`: every number of a document beside what its source shows."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from typing import Any

import numpy as np
import pandas as pd

from helpers import cards, registry, work
from helpers.checks import call, require, returns

REGISTERED = "2026-03-05 02:30"  # UTC, of every version of `registry_of`; in New York it was the day before


def registry_of(versions: Sequence[Mapping[str, Any]], champion: int) -> tuple[dict[str, bytes], list[str]]:
    """Make a registry; return its files, and the run of each version.

    Parameters
    ----------
    versions : for each version, from 1 on: a fitted ``model``, its run's ``settings`` and its ``recorded`` metrics
    champion : the version that bears the alias
    """
    import mlflow

    folder, runs = registry.connect(work.new_private()), []
    for version in versions:
        with mlflow.start_run() as run:
            _log(**version)
        runs.append(run.info.run_id)
    mlflow.MlflowClient().set_registered_model_alias(registry.MODEL, registry.ALIAS, str(champion))
    with closing(sqlite3.connect(folder / registry.DATABASE)) as database, database:
        moment = int(pd.Timestamp(REGISTERED).timestamp() * 1_000)
        database.execute("UPDATE model_versions SET creation_time = ?", (moment,))
    registry.connect(work.new_private())  # an answer that forgets to connect must not find these versions by luck
    return work.contents(folder), runs


def _log(model: Any, settings: Mapping[str, Any], recorded: Mapping[str, float]) -> None:
    import mlflow

    mlflow.log_params(dict(settings))
    mlflow.log_metrics(dict(recorded))
    mlflow.sklearn.log_model(
        model,
        name="model",
        pip_requirements=registry.requirements(),
        serialization_format="cloudpickle",
        registered_model_name=registry.MODEL,
    )


WHY = "readers decide by the card; a number of another version is a false statement about this one"


def _section(content: Mapping[str, Any], name: str) -> Any:
    """Return one section of a card, if it fits the schema by itself."""
    require(name in content, f"the card has no section {name}", where='`cards.schema("model_card")` names them')
    _valid_section(content[name], name)
    return content[name]


def _valid_section(section: Any, name: str) -> None:
    import fastjsonschema

    whole = cards.schema("model_card")
    schema = {"definitions": whole["definitions"], **whole["properties"][name]}
    try:
        fastjsonschema.validate(schema, section)
    except fastjsonschema.JsonSchemaValueException as error:
        found = str(error.message).replace("data", name, 1)
    else:
        found = ""
    _fits(found, "model card", "model_card")


def records(
    function: Callable[..., Any], folder: str, flights: pd.DataFrame, threshold: float, expected: Mapping[str, Any]
) -> None:
    """Compare what a card says of the champion and of its run with what the registry in ``folder`` shows.

    Parameters
    ----------
    folder : the registry, where the student's code runs
    expected : ``model`` and ``training`` as in the card
    """
    content = returns(call(function, folder, flights, threshold), dict, "model_card")
    for name in ("model", "training"):
        _shown(
            {name: _section(content, name)}, {name: expected[name]}, "card", "registry",
            why=WHY,
            where="the version with the alias `champion`, its own run; `registered`: its day of creation in UTC",
        )  # fmt: skip


def evaluation(
    function: Callable[..., Any], folder: str, flights: pd.DataFrame, threshold: float, expected: Mapping[str, Any]
) -> None:
    """Compare a card's evaluation with what the champion does on ``flights``."""
    content = returns(call(function, folder, flights, threshold), dict, "model_card")
    _shown(
        {"evaluation": _section(content, "evaluation")}, {"evaluation": expected["evaluation"]}, "card", "registry",
        why=WHY,
        where="the champion's own predictions on `flights`, all of them; days: New York's",
    )  # fmt: skip


def groups(
    function: Callable[..., Any], folder: str, flights: pd.DataFrame, threshold: float, expected: Mapping[str, Any]
) -> None:
    """Compare a card's numbers by group with what the champion does on ``flights``."""
    content = returns(call(function, folder, flights, threshold), dict, "model_card")
    _shown(
        {"groups": _by_name(_section(content, "groups"))}, {"groups": expected["groups"]}, "card", "registry",
        why="whom a model fails is read here, and a group that is not here is forgotten",
        where="alarm where the champion's probability is at least the threshold; a rate that does not exist: None; "
        "every group, once",
    )  # fmt: skip


def whole(function: Callable[..., Any], folder: str, flights: pd.DataFrame, threshold: float) -> None:
    """Check that the card as a whole fits its schema, and names the class of risk that this system has."""
    content = returns(call(function, folder, flights, threshold), dict, "model_card")
    _valid(content, "model_card")
    _minimal_risk(content["law"]["ai_act_class"])


def _minimal_risk(named: str) -> None:
    require(
        named == "minimal",
        "the card names a risk class that this system does not have",
        seen=f"{named!r}",
        why="a class that is too high costs months, one that is too low costs fines",
        where="it predicts flights and decides about nobody: nothing in Articles 5 and 50, Annexes I and III fits",
    )


def words(function: Callable[..., Any]) -> None:
    """Check that the card's words are there, each section with the keys that the schema names."""
    content = returns(call(function), dict, "words_of_the_card")
    properties = cards.schema("model_card")["properties"]
    for section in ("use", "law", "risk_management"):
        missing = set(properties[section]["required"]) - set(content.get(section) or {})
        require(
            not missing,
            f"the card's section {section} has no {', '.join(sorted(missing))}",
            why="what no registry knows, readers learn here or never",
            where='the schema, `cards.schema("model_card")`, names the keys of each section',
        )


def datasheet(
    function: Callable[..., Any],
    table: pd.DataFrame,
    protected: Sequence[str],
    group: str,
    outcome: str,
    expected: Mapping[str, Any],
) -> None:
    """Compare every number of a datasheet with what is expected.

    Parameters
    ----------
    expected : ``rows``; ``columns`` and ``outcome_by_group``, the numbers of each, by name; ``protected``
    """
    content = returns(call(function, table, list(protected), group, outcome), dict, "datasheet")
    _valid(content, "datasheet")
    claims = {"rows": content["rows"], **{name: _by_name(content[name]) for name in ("columns", "outcome_by_group")}}
    _shown(
        claims, {name: expected[name] for name in claims}, "datasheet", "table",
        why="a datasheet that was typed goes stale with the first correction of the data",
        where="compute every number from `frame`; distinct counts known values only; every column, every group",
    )  # fmt: skip
    require(
        set(content["protected"]) == set(expected["protected"]),
        "the protected columns are not those that the table holds",
        seen=f"{content['protected']}",
    )


def _valid(content: Any, kind: str) -> None:
    _fits(cards.problem(content, kind), kind.replace("_", " "), kind)


def _fits(found: str, document: str, kind: str) -> None:
    numpy = " (MLflow and pandas give numpy's numbers and their own types: int(), float(), str(), dict())"
    require(
        not found,
        f"the {document} does not fit its schema",
        seen=found,
        why="the next program that reads it stops, or reads nonsense",
        where=f"helpers/schemas/{kind}.json, at the place that is named{numpy}",
    )


def _shown(
    claims: Mapping[str, Any], expected: Mapping[str, Any], document: str, source: str, *, why: str, where: str
) -> None:
    """Compare every number that a document claims with what its source shows, and put the two side by side."""
    for path, claim, truth in _pairs(claims, expected, ()):
        section = path[0] if path[0] in ("groups", "columns", "outcome_by_group") else " / ".join(path)
        require(
            _agrees(claim, truth),
            f"the {document} claims what the {source} does not show: {section}",
            seen=f"{' / '.join(path)}: the {document} says {_short(claim)}, the {source} shows {_short(truth)}",
            why=why,
            where=where,
        )


def _pairs(claim: Any, truth: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any, Any]]:
    """Every claim beside what is shown; a key that only one side has stands beside nothing."""
    if isinstance(truth, Mapping) and isinstance(claim, Mapping):
        for name in [*truth, *(name for name in claim if name not in truth)]:
            yield from _pairs(claim.get(name, "nothing"), truth.get(name, "nothing"), (*path, str(name)))
    else:
        yield path, claim, truth


def _agrees(claim: Any, truth: Any) -> bool:
    if isinstance(claim, int | float) and isinstance(truth, int | float | np.number):
        return abs(float(claim) - float(truth)) <= 1e-6 * max(1.0, abs(float(truth)))
    return bool(claim == truth)


def _short(value: Any) -> str:
    return f"{value:.6g}" if isinstance(value, float | np.floating) else f"{value}"


def _by_name(rows: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Rows of a document by their name or group."""
    label = "name" if rows and "name" in rows[0] else "group"
    labels = [row[label] for row in rows]
    require(len(set(labels)) == len(labels), "a row stands twice in the document", seen=f"{labels}")
    return {row[label]: {key: value for key, value in row.items() if key != label} for row in rows}
