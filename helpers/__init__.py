"""Helpers that the course's notebooks import. Nothing is loaded until you use it.

=================  =======  ===========================================================================
name               weeks    holds
=================  =======  ===========================================================================
``hint``           1–6      three hints for each task: ``helpers.hint("week1.time_split")``
``checks``         1–6      checks of your answers: what broke, what was seen, why it matters
``notebook``       1–6      set-up of every notebook, and errors without a traceback
``plots``          1–6      plots in the course's style
``progress``       1–3      a progress bar for what takes longer than two seconds
``data``           1, 2, 4  flights, weather, planes, airports, airlines, mortgages, competitions
``features``       1, 2     feature tables that a week is given
``leaderboard``    1        a competition's leaderboard on your machine
``simple_models``  1        tiny models to try a benchmark on
``work``           2, 4–6   paths of your own artifacts in the folder ``work/``
``checkpoints``    3–6      what an earlier week made: yours, or the reference
``models``         3, 4     models with one interface that take plain columns
``registry``       3–6      the model registry: MLflow in your work folder
``airflow``        4        a real Airflow on your machine, for one DAG file at a time
``feed``           4        the year's flights as they would have arrived
``lake``           4        tables of a data lake, one Parquet file a day
``aws``            5        SageMaker on your machine, with endpoints that really predict
``containers``     5        your image for real: built, run and asked
``load``           5        a load test from a second process
``rollouts``       5        a simulation of pods that are replaced one by one
``cards``          6        model cards and datasheets
``lending``        6        mortgage applications made ready for a study of fairness
=================  =======  ===========================================================================

``help(helpers.plots)`` tells more about one of them.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__all__ = [
    "airflow",
    "aws",
    "cards",
    "checkpoints",
    "checks",
    "containers",
    "data",
    "features",
    "feed",
    "hint",
    "lake",
    "leaderboard",
    "lending",
    "load",
    "models",
    "notebook",
    "plots",
    "progress",
    "registry",
    "rollouts",
    "simple_models",
    "work",
]


def __getattr__(name: str) -> Any:
    if name == "hint":
        return import_module("helpers.hints").hint
    if name in __all__:
        return import_module(f"helpers.{name}")
    raise AttributeError(f"helpers has no {name!r}. It has: {', '.join(__all__)}.")


def __dir__() -> list[str]:
    return list(__all__)  # what Tab shows: the course's names, and not what this file is written with
