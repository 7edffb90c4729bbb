"""Records that Airflow keeps of its runs, in its database and its logs, as plain data."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from helpers.airflow import home

TAIL = 40  # lines of a log
Key = tuple[str, str]  # of a run: its DAG's name and its own


@dataclass(frozen=True)
class Result:
    """Outcome of a DAG's run for one date.

    ``state`` is Airflow's own, or "not run" where the file could not be used; ``problem`` says in words what was wrong
    with the run as a whole, and is empty when nothing was; ``tasks`` has a dictionary for each task instance with
    ``task``, ``map_index``, ``state``, ``tries``, ``seconds``, ``log`` (the last lines) and ``xcom``.
    """

    date: str
    state: str
    problem: str = ""
    line: int | None = None
    seconds: float = 0.0
    tasks: list[dict[str, Any]] = field(default_factory=list)
    assets: list[dict[str, Any]] = field(default_factory=list)
    triggers: list[str] = field(default_factory=list)
    strays: list[str] = field(default_factory=list)

    def task(self, name: str, map_index: int | None = None) -> dict[str, Any]:
        """Return one task's entry; of a mapped task the first, unless you say which.

        Raises
        ------
        KeyError
            when there is no such task; it names those that there are
        """
        for entry in self.tasks:
            if entry["task"] == name and map_index in (None, entry["map_index"]):
                return entry
        known = ", ".join(dict.fromkeys(entry["task"] for entry in self.tasks)) or "none, for it did not run"
        raise KeyError(f"the run of {self.date} has no task {name!r}; its tasks are: {known}")

    def __str__(self) -> str:
        """Return one line for the run and one for each task."""
        lines = [f"{self.date}: {self.state}, {self.seconds:.1f} s"]
        for entry in self.tasks:
            index = f"[{entry['map_index']}]" if entry["map_index"] >= 0 else ""
            tries = f", {entry['tries']} tries" if entry["tries"] > 1 else ""
            lines.append(f"  {entry['task'] + index:<24} {entry['state']}{tries}, {entry['seconds']:.2f} s")
        return "\n".join([*lines, *([self.problem] if self.problem else [])])

    __repr__ = __str__


@dataclass
class Records:
    """The database and the logs of the Airflow that lives in ``base``."""

    base: Path

    def last_change(self) -> str:
        """Return when a run last changed; not the last run's number, which a run that replaces it gets again."""
        return str(self._rows("SELECT coalesce(max(updated_at), '') AS moment FROM dag_run")[0]["moment"])

    def run_since(self, moment: str) -> dict[str, Any] | None:
        """Return the row of the run that changed last, if it changed after this moment."""
        rows = self._rows("SELECT * FROM dag_run WHERE updated_at > ? ORDER BY updated_at DESC LIMIT 1", moment)
        return rows[0] if rows else None

    def tasks(self, key: Key, order: Sequence[str]) -> list[dict[str, Any]]:
        """Return an entry for each task instance of a run, in this order of tasks; their logs begin anew."""
        instances = self._rows(
            "SELECT task_id, map_index, state, try_number, start_date, end_date FROM task_instance "
            "WHERE dag_id = ? AND run_id = ?",
            *key,
        )
        xcoms: dict[tuple[str, int], dict[str, Any]] = {}
        query = "SELECT task_id, map_index, key, value FROM xcom WHERE dag_id = ? AND run_id = ?"
        for row in self._rows(query, *key):
            xcoms.setdefault((row["task_id"], row["map_index"]), {})[row["key"]] = _plain(row["value"])
        instances.sort(key=lambda row: (order.index(row["task_id"]), row["map_index"]))
        return [
            {
                "task": row["task_id"],
                "map_index": row["map_index"],
                "state": row["state"] or "not started",
                "tries": row["try_number"],
                "seconds": _seconds(row["start_date"], row["end_date"]),
                "log": self._take_log(row["task_id"], row["map_index"]),
                "xcom": xcoms.get((row["task_id"], row["map_index"]), {}),
            }
            for row in instances
        ]

    def fail_unfinished(self, key: Key) -> None:
        """Record a killed run and its unfinished tasks as failed, as the scheduler does when a heartbeat is missing."""
        with closing(sqlite3.connect(home.database(self.base))) as connection, connection:
            finished = "('success', 'failed', 'skipped', 'upstream_failed', 'removed')"
            connection.execute(
                f"UPDATE task_instance SET state = 'failed' WHERE dag_id = ? AND run_id = ? "  # noqa: S608 (a constant)
                f"AND coalesce(state, '') NOT IN {finished}",
                key,
            )
            connection.execute("UPDATE dag_run SET state = 'failed' WHERE dag_id = ? AND run_id = ?", key)

    def assets(self, key: Key) -> list[dict[str, Any]]:
        """Return the asset events of a run."""
        rows = self._rows(
            "SELECT asset.name, asset.uri, source_task_id AS task, asset_event.extra FROM asset_event "
            "JOIN asset ON asset.id = asset_event.asset_id WHERE source_dag_id = ? AND source_run_id = ? "
            "ORDER BY asset_event.id",
            *key,
        )
        return [{**row, "extra": _plain(row["extra"])} for row in rows]

    def take_triggers(self) -> list[str]:
        """Return, once, the DAGs for which the scheduler would now look whether their assets are all there."""
        with closing(sqlite3.connect(home.database(self.base))) as connection, connection:
            found = connection.execute("DELETE FROM asset_dag_run_queue RETURNING target_dag_id").fetchall()
        return sorted({name for (name,) in found})

    def log(self) -> str:
        """Return the end of what the run's process said."""
        return tail(self.base / home.AIRFLOW / "log.txt")

    def _take_log(self, task: str, map_index: int) -> str:
        file = self.base / home.AIRFLOW / "tasks" / f"{task}.{map_index}.log"
        text = tail(file)
        file.unlink(missing_ok=True)
        return text

    def _rows(self, query: str, *values: Any) -> list[dict[str, Any]]:
        with closing(sqlite3.connect(home.database(self.base))) as connection:
            connection.row_factory = sqlite3.Row
            return [dict(row) for row in connection.execute(query, values)]


def tail(file: Path) -> str:
    """Return a log's last lines; empty where there is none."""
    if not file.is_file():
        return ""
    with file.open("rb") as stream:
        stream.seek(max(file.stat().st_size - (1 << 16), 0))
        return "\n".join(stream.read().decode("utf-8", "replace").splitlines()[-TAIL:])


def _plain(value: Any) -> Any:
    """A value of a JSON column; SQLite keeps a number as a number."""
    return json.loads(value) if isinstance(value, str) else value


def _seconds(start: str | None, end: str | None) -> float:
    if not start or not end:
        return 0.0
    return (datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds()
