"""The local Airflow: what a DAG did is told task by task, what is wrong with it in words and with its line."""

import json
import os
import subprocess
import sys
import textwrap
import threading
import urllib.request

import psutil
import pytest

from helpers import airflow
from helpers.airflow import serve

pytestmark = pytest.mark.xdist_group("airflow")  # they share one fork server

# A small pipeline done right: each date has a partition of its own, written whole or not at all.
REFERENCE = """
import json
import pendulum
from airflow.sdk import Asset, CronDataIntervalTimetable, dag, task
from helpers import work

counts = Asset("counts")
EVERY_DAY = CronDataIntervalTimetable("0 0 * * *", timezone="America/New_York")


def replace(name, text):
    path = work.path(*name.split("/"))
    part = path.with_suffix(".part")
    part.write_text(text)
    part.replace(path)


@dag(schedule=EVERY_DAY, start_date=pendulum.datetime(2013, 1, 1, tz="America/New_York"), catchup=False)
def reference():
    @task(retries=2, retry_delay=3600)
    def ingest(ds=None, data_interval_start=None, data_interval_end=None):
        lines = work.path("landing", f"{ds}.csv").read_text().splitlines()
        replace(f"clean/{ds}.json", json.dumps(sorted(set(lines))))
        print(f"{len(lines)} lines of {ds}")
        return {"lines": len(lines), "from": str(data_interval_start), "to": str(data_interval_end)}

    @task
    def double(number):
        return 2 * number

    @task(outlets=[counts])
    def total(numbers, ds=None, dag_run=None):
        replace(f"total/{ds}.json", json.dumps({"total": sum(numbers), "conf": dag_run.conf}))

    ingested = ingest()
    done = double.expand(number=[1, 2])
    ingested >> done
    total(done)


@dag(schedule=[counts])
def consumer():
    @task
    def tell():
        print("told")

    tell()


reference()
consumer()
"""
LANDING = {"landing/2013-02-07.csv": b"b\na\nb\n", "landing/2013-02-08.csv": b"c\n"}
TASKS = ["ingest", "double", "total"]


def one_task(body: str, decorator: str = "@task", options: str = "schedule=None") -> str:
    """A DAG file with the single task `only`, on line 8."""
    head = f"""
        import os
        import time
        import pendulum
        from airflow.sdk import dag, task

        @dag({options})
        def single():
            {decorator}
            def only(ds=None):
        """
    text = textwrap.dedent(head).strip("\n") + "\n" + textwrap.indent(textwrap.dedent(body).strip("\n"), " " * 8)
    return f"{text}\n\n    only()\n\nsingle()\n"


def states(run: dict) -> dict:
    return {(entry["task"], entry["map_index"]): entry["state"] for entry in run["tasks"]}


def task(run: dict, name: str) -> dict:
    return next(entry for entry in run["tasks"] if entry["task"] == name)


@pytest.fixture(scope="module")
def two_days():
    return airflow.run(REFERENCE, ["2013-02-07", "2013-02-08", "2013-02-07"], {"window": 7}, LANDING)


def test_a_run_tells_states_tries_xcoms_logs_and_files(two_days):
    first = two_days["runs"][0]
    assert (two_days["problem"], first["problem"], first["state"]) == ("", "", "success")
    assert set(states(first)) == {("ingest", -1), ("double", 0), ("double", 1), ("total", -1)}
    assert set(states(first).values()) == {"success"}
    assert task(first, "ingest")["xcom"]["return_value"]["lines"] == 3
    assert task(first, "ingest")["tries"] == 1
    assert "3 lines of 2013-02-07" in task(first, "ingest")["log"]
    assert json.loads(first["files"]["clean/2013-02-07.json"]) == ["a", "b"]
    assert json.loads(first["files"]["total/2013-02-07.json"]) == {"total": 6, "conf": {"window": 7}}
    assert first["strays"] == []


def test_a_date_has_the_interval_that_the_scheduler_gives_it(two_days):
    told = task(two_days["runs"][0], "ingest")["xcom"]["return_value"]
    assert told["from"].startswith("2013-02-07") and told["to"].startswith("2013-02-08")


def test_dates_follow_each_other_and_a_second_run_changes_nothing(two_days):
    first, second, again = two_days["runs"]
    assert set(second["files"]) == {*first["files"], "clean/2013-02-08.json", "total/2013-02-08.json"}
    assert again["files"] == second["files"]
    assert again["state"] == "success" and task(again, "ingest")["tries"] == 1
    assert task(again, "ingest")["log"].count("lines of") == 1


def test_an_asset_tells_whom_it_would_start(two_days):
    first = two_days["runs"][0]
    assert [(asset["name"], asset["task"]) for asset in first["assets"]] == [("counts", "total")]
    assert first["triggers"] == ["consumer"]


def test_the_files_dags_are_described_without_a_run():
    told = airflow.run(REFERENCE)
    assert told["runs"] == [] and set(told["dags"]) == {"reference", "consumer"}
    reference = told["dags"]["reference"]
    assert list(reference["tasks"]) == TASKS and not reference["catchup"]
    assert reference["tasks"]["double"] == {**reference["tasks"]["double"], "mapped": True, "upstream": ["ingest"]}
    assert reference["tasks"]["ingest"]["retries"] == 2
    assert reference["tasks"]["ingest"]["waits"] == ""
    assert reference["tasks"]["total"]["outlets"] == ["counts"]


def test_another_dag_of_the_file_is_run_when_named():
    told = airflow.run(REFERENCE, ["2013-02-07"], dag_id="consumer")
    assert states(told["runs"][0]) == {("tell", -1): "success"}
    unknown = airflow.run(REFERENCE, ["2013-02-07"], dag_id="consumr")
    assert "no DAG 'consumr'" in unknown["problem"] and "consumer" in unknown["problem"]


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("import airflow\nfrom airflow.sdk import dag\n\nimport no_such_module\n", 4, "no_such_module"),
        ("from airflow.sdk import dag\n\n@dag(\ndef broken():\n", 3, "was never closed"),
        (
            "from airflow.sdk import dag, task\n\n@dag(schedule=None)\ndef d():\n    @task\n    def a():\n"
            "        pass\n\n    a() >> missing\n\nd()\n",
            9,
            "missing",
        ),
        (
            "from airflow.sdk import DAG\nfrom airflow.providers.standard.operators.empty import EmptyOperator\n\n"
            "with DAG('c', schedule=None):\n    a = EmptyOperator(task_id='a')\n    b = EmptyOperator(task_id='b')\n"
            "    a >> b >> a\n",
            None,
            "Cycle",
        ),
    ],
    ids=["import", "syntax", "missing", "cycle"],
)
def test_a_file_that_cannot_be_imported_is_told_with_its_line(text, line, said):
    told = airflow.run(text, ["2013-02-07"])
    assert told["runs"] == [] and said in told["problem"]
    assert told["line"] == line if line else told["line"] in (5, 6)
    assert f"line {told['line']}" in told["problem"]


def test_a_file_without_a_dag_says_what_is_missing():
    told = airflow.run("from airflow.sdk import dag\n\n@dag(schedule=None)\ndef never_called():\n    pass\n")
    assert "must also be called" in told["problem"]


def test_an_import_that_ends_the_process_is_told():
    assert "ends the process" in airflow.run("# dag airflow\nimport os\nos._exit(3)\n")["problem"]


def test_a_sensor_that_waits_for_ever_is_ended_and_named_and_no_other_date_waits_for_it():
    waits = one_task("return False", "@task.sensor(poke_interval=30, mode='poke')")
    (run,) = airflow.run(waits, ["2013-02-07", "2013-02-08"], limit=3)["runs"]
    assert run["state"] == "killed" and run["line"] in (8, 9)
    assert "`only`" in run["problem"] and f"line {run['line']}" in run["problem"]


@pytest.mark.parametrize("mode", ["poke", "reschedule"])
def test_how_a_sensor_waits_is_told(mode):
    told = airflow.run(one_task("return False", f"@task.sensor(mode={mode!r})"))
    assert told["dags"]["single"]["tasks"]["only"]["waits"] == mode


def test_modules_lie_beside_the_file():
    text = one_task("import steps\nreturn steps.double(4)")
    told = airflow.run(text, ["2013-02-07"], modules={"steps.py": "def double(x):\n    return 2 * x\n"})
    assert task(told["runs"][0], "only")["xcom"]["return_value"] == 8


def test_a_dag_that_waits_for_a_failed_run_before_it_is_ended():
    fails = one_task("assert ds != '2013-02-07'", "@task(depends_on_past=True)", "schedule='@daily'")
    first, second = airflow.run(fails, ["2013-02-07", "2013-02-08"], limit=3)["runs"]
    assert (first["state"], second["state"]) == ("failed", "killed")
    assert "depends_on_past" in second["problem"]
    assert "AssertionError" in task(first, "only")["log"]


def test_a_task_deaf_to_signals_and_its_children_are_ended():
    deaf = one_task(
        """
        import signal, subprocess
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        subprocess.Popen(["sleep", "4242"], start_new_session=True)
        while True:
            time.sleep(1)
        """
    )
    (run,) = airflow.run(deaf, ["2013-02-07"], limit=3)["runs"]
    assert run["state"] == "killed"
    assert not [process for process in psutil.process_iter(["cmdline"]) if "4242" in (process.info["cmdline"] or [])]


@pytest.mark.parametrize("fault", ["fail before", "fail after"])
def test_a_task_that_fails_once_is_tried_again_at_once(two_days, fault):
    (run,) = airflow.run(REFERENCE, ["2013-02-07"], {"window": 7}, LANDING, faults={"ingest": fault})["runs"]
    assert run["state"] == "success"
    assert task(run, "ingest")["tries"] == 2
    assert run["files"] == two_days["runs"][0]["files"]


def test_on_a_full_disk_a_file_is_half_written_once():
    writes = one_task(
        """
        with open(os.path.join(os.environ["COURSE_WORK"], f"{time.time_ns()}.txt"), "w") as file:
            file.write(1_000 * "x")
        """,
        "@task(retries=1)",
    )
    (run,) = airflow.run(writes, ["2013-02-07"], faults={"only": "disk full"})["runs"]
    assert (run["state"], task(run, "only")["tries"]) == ("success", 2)
    assert [len(content) for content in run["files"].values()] == [256, 1_000]


@pytest.mark.parametrize("fault", ["crash before", "crash after"])
def test_crashes_at_one_task_after_another_and_a_last_run_end_as_without_them(two_days, fault):
    days = ["2013-02-07"] * (len(TASKS) + 1)
    *crashed, last = airflow.run(REFERENCE, days, {"window": 7}, LANDING, faults=dict.fromkeys(TASKS, fault))["runs"]
    for name, run in zip(TASKS, crashed, strict=True):
        assert run["state"] == "killed" and "as was asked" in run["problem"]
        assert "running" in {entry["state"] for entry in run["tasks"] if entry["task"] == name}
        assert {task(run, earlier)["state"] for earlier in TASKS[: TASKS.index(name)]} <= {"success"}
    assert last["state"] == "success"
    assert last["files"] == two_days["runs"][0]["files"]


def test_files_arrive_before_their_date():
    arrivals = {"2013-02-08": {"landing/2013-02-08.csv": b"late\n"}}
    told = airflow.run(REFERENCE, ["2013-02-07", "2013-02-08"], {}, LANDING, arrivals)
    first, second = told["runs"]
    assert first["files"]["landing/2013-02-08.csv"] == b"c\n"
    assert json.loads(second["files"]["clean/2013-02-08.json"]) == ["late"]


def test_what_a_task_writes_elsewhere_is_told():
    elsewhere = one_task(
        """
        open("here.txt", "w").close()
        open(os.path.expanduser("~/there.txt"), "w").close()
        open(os.path.join(os.environ["COURSE_WORK"], "..", "above.txt"), "w").close()
        """
    )
    (run,) = airflow.run(elsewhere, ["2013-02-07"])["runs"]
    assert run["strays"] == ["above.txt", "cwd/here.txt", "home/there.txt"]


def test_an_unknown_fault_is_refused():
    with pytest.raises(ValueError, match="crash before"):
        airflow.run(REFERENCE, ["2013-02-07"], faults={"ingest": "crash"})


def test_two_at_once_do_not_meet(two_days):
    texts = [REFERENCE.replace("2 * number", f"{factor} * number") for factor in (2, 5)]
    found = [None, None]

    def run(position):
        found[position] = airflow.run(texts[position], ["2013-02-07"], {}, LANDING)

    threads = [threading.Thread(target=run, args=(position,)) for position in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    totals = [json.loads(told["runs"][0]["files"]["total/2013-02-07.json"])["total"] for told in found]
    assert totals == [6, 15]


def test_a_student_runs_a_file_on_their_own_work_folder(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("COURSE_WORK", str(tmp_path / "work"))
    folder = tmp_path / "dags"
    folder.mkdir()
    (folder / "rates.py").write_text("FACTOR = 3\n")
    (folder / "other.py").write_text("from airflow.sdk import dag\nraise SystemExit('the other DAG was imported')\n")
    own = "from rates import FACTOR\n" + REFERENCE.replace("2 * number", "FACTOR * number")
    (folder / "flight_delays.py").write_text(own)
    for name, content in LANDING.items():
        place = tmp_path / "work" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    first, second = airflow.backfill(folder / "flight_delays.py", ["2013-02-07", "2013-02-08"])
    assert (first.state, second.state) == ("success", "success"), first.problem
    assert json.loads((tmp_path / "work/total/2013-02-07.json").read_text())["total"] == 9
    assert "double[1]" in str(first)
    with pytest.raises(KeyError, match="ingest, double, total"):
        first.task("ingst")
    with pytest.raises(FileNotFoundError, match=r"missing\.py"):
        airflow.run_dag(folder / "missing.py", "2013-02-07")


def test_nothing_is_left_when_the_caller_ends(tmp_path):
    program = (
        "from helpers import airflow\nimport sys\nprint(airflow.run(sys.argv[1], ['2013-02-07'])['runs'][0]['state'])"
    )
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", program, one_task("pass")],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "success"
    left = [process for process in psutil.process_iter(["environ"]) if _of(process, str(tmp_path))]
    psutil.wait_procs(left, timeout=20)
    assert not [process for process in left if process.is_running()]
    assert not list(tmp_path.iterdir())


def _of(process: psutil.Process, folder: str) -> bool:
    return folder in (process.info["environ"] or {}).get("TMPDIR", "") and process.pid != os.getpid()


# --- make airflow ---


@pytest.mark.slow
def test_the_servers_start_answer_and_stop_with_nothing_left(tmp_path):
    before = {process.pid for process in psutil.process_iter()}
    port = _free_port()
    with serve.running(tmp_path / "dags", tmp_path / "work", port) as (address, check):
        check()
        with urllib.request.urlopen(f"{address}/api/v2/version") as reply:
            assert json.load(reply)["version"].startswith("3.")
    left = [p for p in psutil.process_iter(["cmdline"]) if p.pid not in before and "airflow" in str(p.info["cmdline"])]
    assert not [process for process in left if any("api-server" in word for word in process.info["cmdline"] or [])]


def _free_port() -> int:
    import socket

    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return trial.getsockname()[1]
