"""The outcome of every cell is recorded, whatever a student's code does to the kernel."""

import nbformat
import pytest
from nbformat import NotebookNode

from grader.engine.run import Run
from grader.gradebook import load_config
from grader.results import judge


@pytest.fixture
def config(classroom):
    config = load_config(classroom.course)
    config.Execute.timeout, config.Execute.iopub_timeout = 2, 2
    return config


@pytest.fixture
def run(config, tmp_path):
    """Run cells as those of a repaired notebook; a name that ends in ``_test`` makes a test cell of 10 points."""

    def start(cells: dict[str, str], **files: str) -> NotebookNode:
        for name, text in files.items():
            (tmp_path / name).write_text(text)
        notebook = nbformat.v4.new_notebook()
        notebook.metadata = NotebookNode(
            kernelspec={"name": "python3", "display_name": "Python 3"},
            course=NotebookNode(malformed="", digest="", repairs=[]),
        )
        for name, source in cells.items():
            meta = {"grade_id": name, "grade": name.endswith("_test"), "points": 10, "solution": False, "locked": True}
            tags = ["skip-execution"] if name.startswith("tagged") else []
            cell = nbformat.v4.new_code_cell(source, metadata={"nbgrader": meta, "tags": tags})
            notebook.cells.append(cell)
        Run(config=config).preprocess(notebook, {"metadata": {"path": str(tmp_path)}})
        return notebook

    return start


def outcomes(notebook):
    return {task.cell: task.outcome for task in judge(notebook, week="w", notebook="n", student="s").tasks}


def points(notebook):
    return sum(task.points for task in judge(notebook, week="w", notebook="n", student="s").tasks)


def messages(notebook):
    return {task.cell: task.message for task in judge(notebook, week="w", notebook="n", student="s").tasks}


def test_only_a_test_that_ran_to_its_end_earns(run):
    notebook = run(
        {
            **{"a_test": "pass", "b_test": "1/0", "c_test": "0.5", "d_test": "raise SystemExit", "e_test": "x = ("},
            "f_test": "import os, sys; print('warning', file=sys.stderr); assert not os.system('echo warning >&2')",
            "g_test": "-1.0",
        }
    )
    assert outcomes(notebook) == {
        **{"a_test": "passed", "b_test": "failed", "c_test": "partial", "d_test": "failed", "e_test": "failed"},
        **{"f_test": "passed", "g_test": "failed"},
    }
    assert points(notebook) == 20.5


def test_after_the_kernel_died_nothing_is_earned_and_the_reason_is_kept(run):
    notebook = run({"a_test": "pass", "b_test": "import os; os._exit(1)", "c_test": "pass"})
    assert outcomes(notebook) == {"a_test": "passed", "b_test": "crashed", "c_test": "crashed"}
    assert "died before it, in `b_test`" in messages(notebook)["c_test"]
    assert points(notebook) == 10


def test_an_interrupted_cell_lets_the_next_go_on(run):
    notebook = run({"a_test": "while True: pass", "b_test": "pass"})
    assert outcomes(notebook) == {"a_test": "timed out", "b_test": "passed"}


def test_a_cell_that_cannot_be_interrupted_ends_the_run(run):
    stubborn = "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass"
    notebook = run({"a_test": stubborn, "b_test": "pass"})
    assert outcomes(notebook) == {"a_test": "timed out", "b_test": "timed out"}
    assert "could not go on" in messages(notebook)["b_test"]


def test_a_cell_that_was_not_run_earns_nothing(run):
    notebook = run({"a_test": "", "b_test": "  \n"})
    assert points(notebook) == 0
    assert set(outcomes(notebook).values()) == {"crashed"}


def test_no_tag_keeps_a_cell_from_running(run):
    assert outcomes(run({"tagged_test": "pass", "tagged_2_test": "1/0"})) == {
        "tagged_test": "passed",
        "tagged_2_test": "failed",
    }


def test_clearing_the_outputs_does_not_undo_an_error(run):
    later = (
        "from IPython.display import clear_output\nimport threading\n"
        "threading.Timer(0.3, clear_output).start()\nraise ValueError"
    )
    assert outcomes(run({"a_test": later, "b_test": "import time; time.sleep(0.5)"}))["a_test"] == "failed"


def test_a_flood_of_output_is_cut_and_costs_nothing(run, config):
    config.Run.most_output = 1000
    notebook = run({"a_test": "for _ in range(2000): print('y' * 1000)"})
    assert outcomes(notebook) == {"a_test": "passed"}
    assert len(nbformat.writes(notebook)) < 20_000
    assert "cut off" in notebook.cells[0].outputs[-1].text


def test_a_run_has_its_files_and_leaves_none_behind(run, tmp_path):
    notebook = run(
        {"a_test": "assert open('mine.txt').read() == 'hi'; print(1, file=open('left.txt', 'w'))"}, **{"mine.txt": "hi"}
    )
    assert outcomes(notebook) == {"a_test": "passed"}
    assert list(tmp_path.iterdir()) == []


def test_messages_that_make_no_sense_do_not_stop_the_run(run):
    forged = (
        "k = get_ipython().kernel\n"
        "k.session.send(k.iopub_socket, 'display_data', {'oops': 1}, parent=k.get_parent(), ident=b'x')\n"
        "k.session.send(k.iopub_socket, 'comm_msg', {}, parent=k.get_parent(), ident=b'x')"
    )
    assert outcomes(run({"a_test": forged, "b_test": "pass"})) == {"a_test": "passed", "b_test": "passed"}
