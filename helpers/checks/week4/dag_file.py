"""Task `dag_file`: what the scheduler must know, judged with stand-ins in place of the student's own steps."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import pandas as pd

from helpers import lake
from helpers.checks import CheckFailed, call, isolated, require, returns
from helpers.checks.week4.folders import Files

STEPS = ("ingest", "validate", "upsert", "features", "train", "evaluate", "promote")
DAG = "flight_delays"
PATIENCE = 24 * 3_600 - 1  # seconds that a sensor waits at least
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


def _facts():
    # What the run knows: when its interval ends, and how long its sensors wait.
    try:
        from airflow.sdk import get_current_context

        context = get_current_context()
        sensors = [task for task in context["dag"].tasks if hasattr(task, "poke_interval")]
        return {
            "ends": context["data_interval_end"].isoformat(),
            "gives_up": min((float(task.timeout) for task in sensors), default=0.0),
            "soft": any(task.soft_fail for task in sensors),
        }
    except Exception:
        return {}


def _plan(day):
    path = ROOT / "landing" / day / "manifest.json"
    return json.loads(path.read_text()) if path.exists() else {"changed": [], "version": 0}


def ingest(day, landing, lake):
    _note("ingest", day=day, landing=landing, lake=lake, facts=_facts())
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


class Trial:
    """A student's DAG file and its runs: each is made once, by whichever part of the test asks for it first."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function
        self._known: dict[tuple[str, ...], Any] = {}

    @property
    def text(self) -> Any:
        """The text of the file, asked for each time."""
        return call(self.function)

    def outcome(
        self, arrivals: Mapping[str, Files], conf: Mapping[str, int] | None = None, **options: Any
    ) -> dict[str, Any]:
        """Run the file on these days, one after another.

        Raises
        ------
        CheckFailed
            when the file is not sound: the same for each part that asks
        """
        text, key = self.text, (*arrivals, str(conf), *map(str, options))
        if key not in self._known:
            try:
                self._known[key] = run_dag(text, list(arrivals), arrivals, conf, dag_id=DAG, **options)
            except CheckFailed as error:
                self._known[key] = error.with_traceback(None)
        found = self._known[key]
        if isinstance(found, CheckFailed):
            failure = CheckFailed(found.broke, seen=found.seen, why=found.why, where=found.where)
            raise failure
        return dict(found)

    def noted(
        self, arrivals: Mapping[str, Files], conf: Mapping[str, int] | None = None
    ) -> list[tuple[dict[str, Any], list[dict[str, Any]]]]:
        """Return the run of each of these days, and what its steps have noted."""
        runs = self.outcome(arrivals, conf)["runs"]
        before = [0, *(len(calls(run)) for run in runs)]
        return [(run, calls(run, skip)) for run, skip in zip(runs, before, strict=False)]


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


Noted = Sequence[Mapping[str, Any]]


def ran(run: Mapping[str, Any], noted: Noted) -> None:
    """Check that a run called each step, in order, and handed on what they return; version 3 was trained."""
    finished(run)
    names = [one["step"] for one in noted]
    _called(dict.fromkeys(names), STEPS)
    _in_order(names)
    _handed_on(noted, 3)


def on_its_day(run: Mapping[str, Any], noted: Noted) -> None:
    """Check that each step of a run was given the run's own day."""
    finished(run)
    _called(dict.fromkeys(one["step"] for one in noted), STEPS[:3])
    for one in noted:
        require(
            one["step"] in ("features", "promote") or one["day"] == run["date"],
            f"`{one['step']}` was given another day than the run's",
            seen=f"the run of {run['date']} called it with {one.get('day')}",
            why="a backfill of February would write today's partition, and a retry tomorrow another one",
            where="`ds` among the task's parameters; no date in the code, and no clock",
        )


def each_date(run: Mapping[str, Any], noted: Noted, changed: Sequence[str]) -> None:
    """Check that features are built, once, for each date that the stand-in for upsert returned."""
    finished(run)
    _called(dict.fromkeys(one["step"] for one in noted), STEPS[:3])
    days = sorted(str(one["day"]) for one in noted if one["step"] == "features")
    left_out, too_many = [day for day in changed if day not in days], [day for day in days if days.count(day) > 1]
    require(
        not left_out,
        "a run did not call `features` as often as it must: a date that `upsert` returned is left out",
        seen=f"{days}, changed: {sorted(changed)}",
        why="a late correction changes yesterday's label: built for today alone, training never sees it",
        where="`features.expand(day=upsert_result)`",
    )
    require(
        not too_many and set(days) == set(changed),
        "features are built for other dates than those that `upsert` returned, or for one of them twice",
        seen=f"{days}, changed: {sorted(changed)}",
        why="a date of which nothing was said has no flights yet: the night stops there",
        where="`features.expand(day=upsert_result)`, and no other date",
    )


def without_a_version(run: Mapping[str, Any], noted: Noted) -> None:
    """Check that a run in which there was no version to judge judges none, and is green."""
    finished(run)
    names = [one["step"] for one in noted]
    _called(dict.fromkeys(names), STEPS[:5])
    too_many = [name for name in names if name in ("evaluate", "promote")]
    require(
        not too_many,
        f"a run called `{too_many[0] if too_many else ''}` although there was no version to judge",
        seen=f"called: {', '.join(names)}",
        why="without a new model there is nothing to judge: version 0 does not exist",
        where="`@task.short_circuit` skips what comes after a task that returns 0",
    )


def _called(names: Collection[str], wanted: Sequence[str]) -> None:
    left_out = [name for name in wanted if name not in names]
    require(
        not left_out,
        f"a run did not call `{left_out[0] if left_out else ''}` as often as it must",
        seen=f"called: {', '.join(names)}",
        why="a step that is left out goes unnoticed: everything is green",
        where="is the task called in the DAG's function? Is `features` expanded over what `upsert` returns?",
    )


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


def own_folders(run: Mapping[str, Any], noted: Noted) -> None:
    """Check that the steps work in the folders of the work folder, and nothing is written outside it."""
    finished(run)
    stays_inside(run)
    _called(dict.fromkeys(one["step"] for one in noted), STEPS)
    for one in noted:
        for argument, name in (("landing", "landing"), ("lake", "lake"), ("folder", "mlflow")):
            require(
                one.get(argument, name) == name,
                f"`{one['step']}` was given a folder that is not {name}/ of the work folder",
                seen=f"{one.get(argument)}",
                why="what is written outside the run's folder is not there on the next machine, nor in a second try",
                where="`work.folder() / 'lake'`, and likewise `landing` and `mlflow`",
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


def _handed_on(noted: Sequence[Mapping[str, Any]], version: int) -> None:
    judged = {one["step"]: one for one in noted}
    right = judged["evaluate"]["version"] == version == judged["promote"]["version"]
    require(
        right and judged["promote"]["decision"]["gain"] == version,
        "the version that was trained, and its decision, do not reach `evaluate` and `promote`",
        why="the model that is promoted must be the one that was judged",
        where="hand on what the tasks return: `promote(version, evaluate(version))`",
    )


def after_the_day(noted: Noted, day: str) -> None:
    """Check that the run of a day starts when the day is over in New York."""
    facts: Mapping[str, Any] = next((one["facts"] for one in noted if one.get("facts")), {})
    over = pd.Timestamp(day, tz="America/New_York") + pd.DateOffset(days=1)
    require(
        not facts or pd.Timestamp(facts["ends"]) >= over,
        "the run of a day starts before the day is over in New York",
        seen=f"the run of {day} starts at {facts.get('ends')}, the day is over at {over.tz_convert('UTC')}",
        why="the run is about a day of which hours are still to come: its sensor waits for most of a day, and its date "
        "is another one than the feed's for five hours",
        where="`CronDataIntervalTimetable('0 0 * * *', timezone='America/New_York')`; `'@daily'` starts a run when its "
        "day begins, in UTC",
    )


def waits_long(noted: Noted) -> None:
    """Check that the sensor waits a day at least, and that the run fails when it gives up."""
    facts: Mapping[str, Any] = next((one["facts"] for one in noted if one.get("facts")), {})
    require(
        not facts or not facts["soft"],
        "when the sensor gives up, the run is green",
        why="the day is skipped, and nobody hears of it: the window has a hole from then on",
        where="no `soft_fail`: what has waited in vain must fail",
    )
    require(
        not facts or facts["gives_up"] >= PATIENCE,
        "the sensor gives up within a day",
        seen=f"after {facts.get('gives_up', 0):.0f} seconds",
        why="files that are some hours late are an ordinary night, and nobody should be called for it",
        where="`timeout` of the sensor, in seconds: a whole day at least",
    )


def configured(noted: Sequence[Mapping[str, Any]], conf: Mapping[str, int]) -> None:
    """Check that the run's configuration, or what stands for it, reaches training and its examination."""
    own = {one["step"]: one for one in noted}
    require(
        {"train", "evaluate"} <= set(own),
        "a run with its own configuration, of one setting or of both, does not call `train` and `evaluate`",
        why="whoever backfills with another holdout does not think of naming the window as well",
        where="`dag_run.conf.get('holdout', 7)`: each setting has its default, whatever the other one is",
    )
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
        seen=f"{run['state']}; called: {', '.join(one['step'] for one in calls(run)) or 'nothing'}",
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


def light(text: Any) -> None:
    """Check that the file does not import the steps when it is parsed."""
    from helpers import airflow

    steps = {"steps.py": "raise ImportError('the file was parsed')"}
    outcome = isolated(airflow.run, returns(text, str, "the DAG file"), modules=steps, dag_id=DAG)
    require(
        not outcome["problem"],
        "the file imports steps.py whenever it is parsed, and with it pandas and MLflow",
        why="every few seconds the scheduler would spend seconds on it, and start the night's tasks late",
        where="`import steps` within each task, where only the run of that task pays for it",
    )


def retried(text: Any, date: str, outcome: Mapping[str, Any]) -> list[str]:
    """Check that every task survives one failure; the dates for which features were called, one of which failed once.

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
    return [one["day"] for one in calls(run) if one["step"] == "features"]


def by_themselves(noted: Sequence[str], failed: str) -> None:
    """Check that no date of features was built again because another one failed."""
    require(
        not [day for day in noted if noted.count(day) > 1 and day != failed],
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
