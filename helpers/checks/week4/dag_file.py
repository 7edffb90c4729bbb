"""Task `dag_file`: what the scheduler must know, judged with stand-ins in place of the student's own steps."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from helpers import lake
from helpers.checks import isolated, require, returns
from helpers.checks.week4.folders import Files

STEPS = ("ingest", "validate", "upsert", "features", "train", "evaluate", "promote")
DAG = "flight_delays"
SENSORS = ("PythonSensor", "DecoratedSensorOperator")
BY_HAND = ("NullTimetable", "OnceTimetable", "ContinuousTimetable")  # no run a day
# Each stand-in notes that it was called, and does what the day's plan says.
STAND_IN = """
import json
import os
from pathlib import Path

ROOT = Path(os.environ["COURSE_WORK"])


def _note(step, **given):
    paths = {name: os.path.relpath(given[name], ROOT) for name in ("landing", "lake", "folder") if name in given}
    with (ROOT / "calls.jsonl").open("a") as stream:
        stream.write(json.dumps({"step": step, **given, **paths}) + "\\n")


def _plan(day):
    path = ROOT / "landing" / day / "manifest.json"
    return json.loads(path.read_text()) if path.exists() else {"changed": [], "version": 0}


def ingest(day, landing, lake):
    _note("ingest", day=day, landing=landing, lake=lake)
    return 1


def validate(day, lake):
    _note("validate", day=day, lake=lake)
    if _plan(day).get("bad"):
        raise ValueError("more than 5 % of the messages are bad")
    return 0


def upsert(day, lake):
    _note("upsert", day=day, lake=lake)
    return _plan(day)["changed"]


def features(day, lake):
    _note("features", day=day, lake=lake)
    once = ROOT / "landing" / f"fails-once-{day}"
    if once.exists():
        once.unlink()
        raise RuntimeError("the disk was busy")
    return 1


def train(day, lake, folder, window=28, holdout=7):
    _note("train", day=day, lake=lake, folder=folder, window=window, holdout=holdout)
    return _plan(day)["version"]


def evaluate(day, lake, folder, version, holdout=7):
    _note("evaluate", day=day, lake=lake, folder=folder, version=version, holdout=holdout)
    return {"gain": float(version), "low": 0.0, "high": 1.0, "promote": True}


def promote(folder, version, decision):
    _note("promote", folder=folder, version=version, decision=decision)
    return version
"""


def plan(day: str, changed: Sequence[str], version: int = 1, *, bad: bool = False) -> dict[str, bytes]:
    """Return a day that has landed, for the stand-ins: what they will say."""
    content = json.dumps({"changed": list(changed), "version": version, "bad": bad}).encode()
    return {f"landing/{day}/manifest.json": content}


# --- running a file ---


def run_dag(
    text: Any,
    dates: Sequence[str],
    arrivals: Mapping[str, Files],
    conf: Mapping[str, Any] | None = None,
    modules: Mapping[str, str] | None = None,
    **options: Any,
) -> dict[str, Any]:
    """Run a DAG file where no line of the notebook has run; its runs, once the file itself is sound."""
    from helpers import airflow

    outcome = isolated(
        airflow.run,
        returns(text, str, "the DAG file"),
        list(dates),
        dict(conf or {}),
        arrivals={date: dict(files) for date, files in arrivals.items()},
        modules=dict(modules or {"steps.py": STAND_IN}),
        **{"limit": 30.0, **options},
    )
    require(
        not outcome["problem"],
        f"Airflow cannot use the file: {_fault_of_file(outcome['problem'])}",
        seen=outcome["problem"],
        why="a file that cannot be imported takes its DAG off the schedule, and no run fails, for there is none",
        where="run this check yourself, and it shows the line; the last line must call the DAG's function",
    )
    require(
        DAG in outcome["dags"],
        f"the file defines no DAG named {DAG}",
        seen=f"it defines {', '.join(outcome['dags'])}",
        where="the name of the function under `@dag`, or `dag_id`",
    )
    return dict(outcome)


def _fault_of_file(problem: str) -> str:
    """Say what is wrong with a DAG file in the course's own words: those of the file may hold hidden data."""
    from helpers import airflow

    known = {
        airflow.NOT_CALLED: airflow.NOT_CALLED,
        airflow.IMPORTS_LONG: "it takes too long to import",
        airflow.ENDS: "it ends the process that imports it",
    }
    return next((words for sign, words in known.items() if sign in problem), "it cannot be imported")


def calls(run: Mapping[str, Any], skip: int = 0) -> list[dict[str, Any]]:
    """Return what the stand-ins have noted, without the first ``skip``; a line of anybody else's is none of theirs."""
    lines = run["files"].get("calls.jsonl", b"").decode().splitlines()
    return [note for note in map(json.loads, lines) if note["step"] in STEPS][skip:]


def own_step(failed: Sequence[str]) -> str:
    """Name the first failed task, if it bears a step's name: other names are a student's own words."""
    return next((f": `{name}` failed" for name in failed if name in STEPS), "")


# --- what the scheduler would do ---


def schedule(outcome: Mapping[str, Any]) -> None:
    """Check what the scheduler would do with the DAG."""
    dag = outcome["dags"][DAG]
    require(
        dag["timetable"] not in BY_HAND and dag["start"],
        "the DAG has no daily schedule, or no start date",
        why="it would run when somebody remembers to press the button",
        where="`schedule=CronDataIntervalTimetable(...)` and `start_date=` in `@dag`",
    )
    cron = dag["schedule"].split()  # the name of a class where it is not given as cron
    require(
        len(cron) != 5 or (cron[0].isdigit() and cron[1].isdigit() and set(cron[2:]) <= {"*", "*/1"}),
        "the DAG does not run once a day, every day",
        seen=dag["schedule"],
        why="each day's files need a run of their own: a day without one is a hole in the window",
        where="`CronDataIntervalTimetable('0 0 * * *', timezone='America/New_York')`: minute, hour, then three stars",
    )
    require(
        dag["catchup"],
        "after an outage the days in between would be left out (catchup is off)",
        why="this pipeline's days are its data: a day that was not run is a hole in the window",
        where="`catchup=True` in `@dag`; in Airflow 3 it is off unless you say so",
    )
    require(
        dag["max_active_runs"] == 1,
        "several days may run at the same time",
        seen=f"max_active_runs is {dag['max_active_runs']}",
        why="two days write yesterday's flights at once, and one of them is lost; a challenger meets a champion that "
        "is just being changed",
        where="`max_active_runs=1` in `@dag`",
    )


# --- one run ---


def ran(run: Mapping[str, Any], noted: Sequence[Mapping[str, Any]], changed: Sequence[str], version: int) -> None:
    """Check that a run called each step, in order, once, with the run's own day and the folders of the work folder.

    ``changed`` are the dates that the stand-in for upsert returned, ``version`` what that for train did.
    """
    finished(run)
    names = [call["step"] for call in noted]
    _own_day(noted, run["date"])
    _own_folders(noted)
    if not changed:  # whether training goes on is the author's choice
        names = [name for name in names if STEPS.index(name) <= STEPS.index("features")]
    _as_often(names, changed, version)
    _in_order(names)
    _each_date(noted, changed)
    if changed and version:
        _handed_on(noted, version)


def finished(run: Mapping[str, Any]) -> None:
    """Check that a run ended well."""
    waiting = [one["task"] for one in run["tasks"] if one["state"] in ("up_for_reschedule", "deferred", "running")]
    require(
        run["state"] != "killed",
        "the run waits for ever although the day's manifest has arrived",
        seen=f"{run['problem']}; waiting: {', '.join(waiting)}",
        why="a sensor that waits for what only a later task of its own run makes blocks its own producer",
        where="wait for what comes from outside, landing/DAY/manifest.json of the run's day",
    )
    failed = [one for one in run["tasks"] if one["state"] == "failed"]
    require(
        run["state"] == "success",
        f"a run failed that must succeed{own_step([one['task'] for one in failed])}",
        seen=lambda: next((f"{one['task']}: {one['log'][-400:]}" for one in failed), run["problem"]),
        where="the task's log in `run.task(NAME)['log']`, after `airflow.run_dag` in a cell of your own",
    )


def _own_day(noted: Sequence[Mapping[str, Any]], day: str) -> None:
    for one in noted:
        require(
            one["step"] in ("features", "promote") or one["day"] == day,
            f"`{one['step']}` was given another day than the run's",
            seen=f"the run of {day} called it with {one.get('day')}",
            why="a backfill of February would write today's partition, and a retry tomorrow another one",
            where="`ds` among the task's parameters; no date in the code, and no clock",
        )


def _own_folders(noted: Sequence[Mapping[str, Any]]) -> None:
    for one in noted:
        for argument, name in (("landing", "landing"), ("lake", "lake"), ("folder", "mlflow")):
            require(
                one.get(argument, name) == name,
                f"`{one['step']}` was given a folder that is not {name}/ of the work folder",
                seen=f"{one.get(argument)}",
                why="what is written outside the run's folder is not there on the next machine, nor in a second try",
                where="`work.folder() / 'lake'`, and likewise `landing` and `mlflow`",
            )


def _as_often(names: Sequence[str], changed: Sequence[str], version: int) -> None:
    """Require each step as often as it must be called: not at all what comes after a training without a version."""
    after = ["train", *(["evaluate", "promote"] if version else [])] if changed else []
    wanted = ["ingest", "validate", "upsert", *["features"] * len(changed), *after]
    left_out = [name for name in wanted if names.count(name) < wanted.count(name)]
    require(
        not left_out,
        f"a run did not call `{left_out[0] if left_out else ''}` as often as it must",
        seen=f"called: {', '.join(names)}",
        why="a step that is left out goes unnoticed: everything is green",
        where="is the task called in the DAG's function? Is `features` expanded over what `upsert` returns?",
    )
    too_many = [name for name in names if names.count(name) > wanted.count(name)]
    what = "although there was no version to judge" if not version else "more often than it must be"
    require(
        not too_many,
        f"a run called `{too_many[0] if too_many else ''}` {what}",
        seen=f"called: {', '.join(names)}",
        why="without a new model there is nothing to judge: version 0 does not exist",
        where="`@task.short_circuit` skips what comes after a task that returns 0",
    )


def _in_order(names: Sequence[str]) -> None:
    ranks = [STEPS.index(name) for name in names]
    require(
        ranks == sorted(ranks),
        "the steps do not run one after the other",
        seen=f"called: {', '.join(names)}",
        why="a step that does not wait for the one before reads yesterday's files, and nobody notices",
        where="`a >> b`, or a result handed on, says that b waits for a",
    )


def _each_date(noted: Sequence[Mapping[str, Any]], changed: Sequence[str]) -> None:
    days = sorted(one["day"] for one in noted if one["step"] == "features")
    require(
        days == sorted(changed),
        "features are not built for the dates that `upsert` returned",
        seen=f"{days}, changed: {sorted(changed)}",
        why="a late correction changes yesterday's label: built for today alone, training never sees it",
        where="`features.expand(day=upsert_result)`",
    )


def _handed_on(noted: Sequence[Mapping[str, Any]], version: int) -> None:
    judged = {one["step"]: one for one in noted}
    right = judged["evaluate"]["version"] == version == judged["promote"]["version"]
    require(
        right and judged["promote"]["decision"]["gain"] == version,
        "the version that was trained, and its decision, do not reach `evaluate` and `promote`",
        why="the model that is promoted must be the one that was judged",
        where="hand on what the tasks return: `promote(version, evaluate(version))`",
    )


def configured(noted: Sequence[Mapping[str, Any]], conf: Mapping[str, int]) -> None:
    """Check that the run's configuration, or what stands for it, reaches training and its examination."""
    own = {one["step"]: one for one in noted}
    right = own["train"]["window"] == conf["window"] and own["train"]["holdout"] == conf["holdout"]
    require(
        right and own["evaluate"]["holdout"] == conf["holdout"],
        "`window` and `holdout` (28 and 7 if the run does not say) do not reach `train` and `evaluate`",
        why="a window that training and examination do not agree on lets a model be judged on what it has seen",
        where="`dag_run.conf.get('window', 28)`; `dag_run` among the task's parameters",
    )


def stays_inside(run: Mapping[str, Any]) -> None:
    """Check that nothing was written outside the run's folder."""
    require(
        not run["strays"],
        "a task writes outside the run's folder",
        seen=", ".join(run["strays"][:5]),
        why="on the next machine, or in a second try, it is not there; two runs overwrite each other's",
        where="paths below `work.folder()`; no relative path, no home folder",
    )


# --- days that go otherwise ---


def waits(text: Any, date: str, modules: Mapping[str, str] | None = None) -> None:
    """Check that a run waits while its day is still arriving, and holds no worker while it does."""
    before = lake.days_before(date, 1)[0]
    arriving = {f"landing/{date}/flights-00.csv": b"updated\n", f"landing/{before}/manifest.json": b"{}"}
    for seconds in (4.0, 30.0):  # a busy machine may take longer to start the run
        outcome = run_dag(text, [date], {date: arriving}, modules=modules, dag_id=DAG, limit=seconds)
        run = outcome["runs"][0]
        if any(entry["state"] != "not started" for entry in run["tasks"]):
            break
    require(
        not calls(run) and run["state"] == "killed",
        "the run goes on although the day's data have not arrived, or not all of them",
        seen=f"{run['state']}; called: {', '.join(call['step'] for call in calls(run)) or 'nothing'}",
        why="the clock says that a day is over; whether its files are there, only a look can tell",
        where="a sensor on landing/DAY/manifest.json, which comes last, before `ingest`",
    )
    ways = {task["waits"] for task in outcome["dags"][DAG]["tasks"].values()} - {""}
    who = "the sensor" if ways else "a task that is no sensor waits: it"
    require(
        ways and "poke" not in ways,
        f"{who} keeps a worker busy while it waits",
        why="a handful of waiting days fills every slot: the feed's own tasks, for which they wait, cannot start",
        where="`mode='reschedule'` gives the slot back between two looks; so does a deferrable sensor",
    )


def retried(text: Any, date: str, outcome: Mapping[str, Any]) -> None:
    """Check that every task survives one failure, and that a failed day of features costs no other.

    ``outcome`` is an earlier run of the same file, which says what tasks it has.
    """
    tasks = outcome["dags"][DAG]["tasks"]
    others = [name for name, task in tasks.items() if task["operator"] not in SENSORS and not task["mapped"]]
    faults = dict.fromkeys(others, "fail before")
    changed = lake.days_before(date, 2)
    files = {**plan(date, changed, 4), f"landing/fails-once-{changed[1]}": b""}
    run = run_dag(text, [date], {date: files}, faults=faults, dag_id=DAG)["runs"][0]
    failed = [entry["task"] for entry in run["tasks"] if entry["state"] == "failed"]
    require(
        run["state"] == "success",
        f"a task that fails once is not tried again{own_step(failed)}",
        seen=f"{run['state']}; failed: {', '.join(failed) or 'none'}",
        why="a network that hiccups at three in the morning must not wake anybody",
        where="`default_args={'retries': 2, ...}` in `@dag`",
    )
    noted = [call["day"] for call in calls(run) if call["step"] == "features"]
    require(
        not [day for day in changed if noted.count(day) > 1 and day != changed[1]],
        "when one date's features fail, the other dates are built again as well",
        seen=f"called for {', '.join(noted)}",
        why="each date is a piece of work of its own: mapped, it fails, is retried and is seen by itself",
        where="one task instance for each date: `features.expand(day=...)`",
    )


def stops(run: Mapping[str, Any], noted: Sequence[Mapping[str, Any]]) -> None:
    """Check that a day which validation refuses ends there."""
    names = {call["step"] for call in noted}
    require(
        not names & {"upsert", "features", "train", "evaluate", "promote"},
        "the run goes on after validation has refused the day: its error was swallowed",
        seen=f"called: {', '.join(sorted(names))}",
        why="everything downstream is built on rows that are known to be wrong",
        where="no `try` around the step, and no trigger rule that accepts a failure",
    )
    require(
        run["state"] == "failed",
        "a run whose validation failed is green",
        seen=run["state"],
        why="nobody looks at a green run",
        where="let the error through: Airflow turns it into a failed task",
    )
