"""A week that `course new` laid out: all in its place, and lint asks for nothing but the author's words."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from grader.author.new_week import laid_out
from grader.course import CONFIG
from tests.grader.conftest import REPOSITORY

AUTHORS = {"to write", "task count"}  # what lint may still ask for


def course(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `course` in another course folder, with that folder's own helpers."""
    program = "from grader.cli import app; app()"
    environment = {**os.environ, "PYTHONPATH": str(root), "OMP_NUM_THREADS": "1"}
    return subprocess.run(
        [sys.executable, "-c", program, *arguments], cwd=root, env=environment, capture_output=True, text=True
    )


@pytest.fixture(scope="module")
def laid(tmp_path_factory):
    """A copy of the course without its weeks, in which a week was laid out."""
    root = tmp_path_factory.mktemp("new") / "course"
    shutil.copytree(REPOSITORY / "helpers", root / "helpers", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(REPOSITORY / CONFIG, root)
    done = course(root, "new", "week7", "monitoring")
    assert done.returncode == 0, done.stderr
    return root


def test_every_file_stands_where_the_tasks_name_leads(laid):
    for path in laid_out("week7", "monitoring"):
        assert (laid / path).is_file(), path
    assert (laid / "source/week7/monitoring.ipynb").is_file()
    assert "oracles" not in (laid / "release/week7/monitoring.ipynb").read_text()


@pytest.mark.slow
def test_lint_asks_for_the_authors_words_alone(laid):
    done = course(laid, "lint", "week7", "--json")
    findings = json.loads(done.stdout)["findings"]
    assert {finding["rule"] for finding in findings} == AUTHORS, findings


def test_nothing_is_written_over(laid):
    again = course(laid, "new", "week7", "monitoring")
    assert again.returncode == 2
    assert "exists already" in again.stderr


@pytest.mark.parametrize("names", [("seven", "monitoring"), ("week7", "drift and more")])
def test_a_name_that_no_week_can_have_is_refused(laid, names):
    refused = course(laid, "new", *names)
    assert refused.returncode == 2
    assert "cannot be used" in refused.stderr
