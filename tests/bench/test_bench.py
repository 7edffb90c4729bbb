"""The benchmark compares like with like, and its ratios are those of runs that belong together."""

import json
import os
import subprocess
import sys
from zipfile import ZipFile

import nbformat
import pytest

from bench import classes, contenders, endpoint, measure, report
from bench.__main__ import _missing
from bench.metered import seconds_of


def run(number, name, wall, **more):
    return {
        "round": number,
        "contender": name,
        "commit": "abc",
        "students": 2,
        "busy_before": 0.0,
        "wall": wall,
        "cpu": 2 * wall,
        "memory": 100.0,
        "commands": 50.0,
        "points": 180,
        **more,
    }


RUNS = [
    run(0, "stock", 100.0),
    run(0, "engine", 20.0),
    run(0, "floor", 21.0, floor=30.0),
    run(1, "stock", 300.0),
    run(1, "engine", 50.0),
    run(2, "stock", 80.0),  # the engine's run of this round was broken off
]


def test_ratios_are_taken_within_a_round():
    assert report.ratios(RUNS, "stock", "engine") == [5.0, 6.0]
    assert report.overheads(RUNS, "engine", cores=2) == [pytest.approx(20 * 2 / 30)]


def test_the_report_shows_what_was_run_and_on_what():
    results = {"version": 1, "students": 2, "points": 90, **report.machine(), "runs": RUNS}
    text = report.markdown(results)
    assert "| this engine | 17.5 (10.0–25.0) | 5.50 (5.00–6.00) |" in text
    assert "| this engine | 7.5 | 1.33 |" in text  # the floor
    assert "| 100 % |" in text
    assert "otter-grader, local mode |" not in text  # nobody ran it


def test_a_benchmark_goes_on_where_it_stopped_and_each_round_begins_with_another():
    chosen = [one for one in contenders.contenders() if one.name in ("stock", "engine", "floor")]
    names = [(number, one.name) for number, one in _missing(chosen, 3, RUNS)]
    assert names == [(1, "floor"), (2, "floor"), (2, "engine")]


def test_all_submissions_are_right_and_no_two_are_the_same():
    handed = dict(classes.submissions(4))
    assert sorted(handed) == ["a-00", "a-02", "b-01", "b-03"]
    assert len(set(handed.values())) == 4
    assert not any(b"NotImplementedError" in content for content in handed.values())


def test_otter_gets_the_hidden_tests_and_none_of_them_twice(tmp_path):
    classes.make_otter(tmp_path, classes.submissions(1))
    tests = {}
    with ZipFile(tmp_path / "autograder.zip") as archive:
        for name in archive.namelist():
            if name.startswith("tests/"):
                tests[name] = archive.read(name).decode()
    points = [line for test in tests.values() for line in test.splitlines() if line.startswith("@test_case")]
    assert sum(float(line.split("points=")[1].split(",")[0]) for line in points) == classes.POINTS
    assert all("mark.hidden()" in test for test in tests.values())
    notebook = nbformat.read(tmp_path / "submitted" / "a-00.ipynb", as_version=4)
    assert not any(cell.metadata.get("nbgrader", {}).get("grade_id", "").endswith("_test") for cell in notebook.cells)


def test_a_command_is_measured_with_all_that_it_starts(tmp_path):
    work = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'sum(range(20_000_000))'])"
    measured = measure.run([[sys.executable, "-c", work]], tmp_path, {})
    assert measured.wall > 0
    assert measured.cpu > 0
    assert measure.proportional_mib(1 << 30) == 0


def test_a_command_that_fails_is_no_result(tmp_path):
    with pytest.raises(measure.CommandFailed, match=measure.LOG):
        measure.run([[sys.executable, "-c", "1 / 0"]], tmp_path, {})
    assert "ZeroDivisionError" in (tmp_path / measure.LOG).read_text()


def test_the_meter_reads_another_process():
    work = "sum(range(5_000_000)); print('done', flush=True); input()"
    with subprocess.Popen([sys.executable, "-c", work], stdin=-1, stdout=-1) as process:
        process.stdout.readline()
        first, own = seconds_of(process.pid), seconds_of(os.getpid())
        assert first > 0.01
        assert first != own
        process.communicate(b"\n")


def test_the_floor_is_the_sum_over_the_class(tmp_path):
    spent = [{"kernel": 1.0, "examiner": 0.5, "all": 9.0}, {"kernel": 2.0, "examiner": 0.25, "all": 9.0}]
    (tmp_path / contenders.METER).write_text(json.dumps(spent))
    assert contenders.floor_seconds(tmp_path) == 3.75


def test_a_server_of_another_model_is_no_contender():
    with pytest.raises(RuntimeError, match="the model predicts"):
        endpoint._figures(lambda: 0.3, 0.2, begun=0.0, used=0.0, requests=1)
    assert endpoint._figures(lambda: 0.2, 0.2, begun=0.0, used=0.0, requests=3).seconds > 0


def test_endpoint_and_mlflow_are_compared_within_a_round():
    figures = {
        "endpoint": [endpoint.Figures(2.0, 2.0, 10.0), endpoint.Figures(8.0, 3.0, 40.0)],
        "second": [endpoint.Figures(1.0, 0.5, 10.0), endpoint.Figures(1.0, 0.5, 40.0)],
        "mlflow": [endpoint.Figures(8.0, 6.0, 10.0), endpoint.Figures(16.0, 6.0, 80.0)],
    }
    last = endpoint.table(figures).splitlines()[-1]
    assert last == "| MLflow's over the endpoint's | 3.00 (2.00–4.00) | 2.50 (2.00–3.00) | 1.50 (1.00–2.00) |"
