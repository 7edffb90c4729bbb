"""A real Airflow on this machine, for one DAG file at a time, with nothing left running afterwards.

``run_dag(path, date)`` runs a DAG file for one date and says how it went, task by task; ``backfill(path, dates)`` does
so for several dates, one after another, in one Airflow. Both work on your own work folder. `run` does the same for a
DAG file given as text, with files given as bytes, in an empty folder, and gives plain data back: tests use it.

How it is done
--------------
- Each call has an Airflow of its own in a temporary folder: SQLite, no example DAGs, nothing on the network. The
  database is a copy of a template that was migrated once (`helpers.airflow.home`).
- The DAG runs by Airflow's own ``dag.test`` in a process group of its own, a child of a fork server that imported
  Airflow before, and what the course's DAGs use, and keeps the garbage collector away from it all
  (`helpers.airflow.forkserver`). The first call in a kernel waits for the fork server, about ten seconds; `warm` starts
  it early. After that a run costs about half a second and each task about an eighth.
- Where no task can run yet, ``dag.test`` looks again after a tenth of a second, not after one.
- At the end of its time, ``limit`` seconds for each date, a run is killed with all that it has started.

What differs from a scheduler
-----------------------------
- Retries come at once, whatever ``retry_delay`` says, and sensors look at least once a second.
- Dates are run when you ask, in your order. A date's data interval is the one that the scheduler would give it: with
  ``CronDataIntervalTimetable`` the one that begins at the date; with ``"@daily"``, in Airflow 3, an empty one.
- A date without a time means midnight in the DAG's own time zone.
- Running a date again replaces its run, as if it had been cleared: every task runs again.
- ``depends_on_past`` looks for the run before; after a failed one nothing can start, and the run waits until it is
  killed.
- An asset's event is recorded, and the DAGs that it would start are named (``triggers``), but none is started.
- A deferred task waits in the task's own process: there is no triggerer.
"""

from __future__ import annotations

from helpers.airflow.client import warm
from helpers.airflow.local import (
    ENDS,
    FAULTS,
    IMPORT_FAILS,
    IMPORTS_LONG,
    NOT_CALLED,
    Airflow,
    backfill,
    local_airflow,
    run_dag,
)
from helpers.airflow.records import Result
from helpers.airflow.trial import run

__all__ = [
    "ENDS",
    "FAULTS",
    "IMPORTS_LONG",
    "IMPORT_FAILS",
    "NOT_CALLED",
    "Airflow",
    "Result",
    "backfill",
    "local_airflow",
    "run",
    "run_dag",
    "warm",
]
