"""MLflow's registry as it lies in a folder, read without MLflow: the database is SQLite, the models are files."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pandas as pd

from helpers import registry
from helpers.checks.core import require
from helpers.checks.remote import artifacts

TABLES = ("runs", "params", "metrics", "model_versions", "model_version_tags", "registered_model_aliases")


class Registry:
    """The tables of MLflow's database that checks read, by name."""

    def __init__(self, tables: Mapping[str, pd.DataFrame]) -> None:
        self.tables = tables

    @classmethod
    def of(cls, place: Path) -> Registry:
        """Read the registry whose database lies in the folder ``place``.

        Raises
        ------
        CheckFailed
            when there is no database
        """
        database = place / registry.DATABASE
        require(
            database.is_file(),
            "there is no registry in the folder",
            why="nobody looks for a model in another folder",
            where="`registry.connect(folder)` first, with the folder that the function was given",
        )
        with closing(sqlite3.connect(database)) as connection:
            return cls({name: pd.read_sql(f"SELECT * FROM {name}", connection) for name in TABLES})  # noqa: S608

    @classmethod
    def read(cls, folder: str, inside: str = "") -> Registry:
        """Read the registry in a folder that a student's code works on, or ``inside`` a folder below it."""
        return cls.of(artifacts(folder) / inside)

    @property
    def versions(self) -> list[int]:
        """The versions of the registered model, in rising order."""
        return sorted(self._own("model_versions")["version"].astype(int))

    @property
    def aliases(self) -> dict[str, int]:
        """The version that bears each alias."""
        own = self._own("registered_model_aliases")
        return dict(zip(own["alias"], own["version"].astype(int), strict=True))

    def run_of(self, version: int) -> str | None:
        """The run that made a version; None where there is no such version."""
        own = self._own("model_versions").query("version == @version")
        return None if own.empty else str(own["run_id"].iloc[0])

    def params_of(self, version: int) -> dict[str, str]:
        """The parameters of the run that made a version."""
        return self.params_by_run().get(self.run_of(version) or "", {})

    def runs(self) -> list[str]:
        """Every run, newest first."""
        return [
            str(run)
            for run in self.tables["runs"].sort_values("start_time", ascending=False, kind="stable")["run_uuid"]
        ]

    def params_by_run(self) -> dict[str, dict[str, str]]:
        """The parameters of each run that has any."""
        groups = self.tables["params"].groupby("run_uuid")
        return {str(run): dict(zip(own["key"], own["value"], strict=True)) for run, own in groups}

    def metric(self, run: str, key: str) -> pd.DataFrame:
        """The ``step`` and the ``value`` of everything that a run logged of one metric, in the order of steps."""
        logged = self.tables["metrics"].query("run_uuid == @run and key == @key")
        return logged.sort_values("step", kind="stable")[["step", "value"]]

    def _own(self, table: str) -> pd.DataFrame:
        return self.tables[table].query("name == @registry.MODEL")
