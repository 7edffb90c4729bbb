"""The author's image of week 5: ``python -m tests.reference_image`` builds it, runs it and asks it."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from grader.course import Course
from helpers import checkpoints, containers, registry
from helpers.checks.week5 import archives, container
from tests.sample_class import REPOSITORY, references

TASKS = ("archive", "server", "container")


def write(folder: Path) -> Path:
    """Write the context that the author's answers give, with a small model."""
    names: dict[str, Any] = {}
    answers = references(Course(REPOSITORY).weeks["week5"])
    for task in TASKS:
        exec(answers[task], names)
    table = checkpoints.reference()
    X, y = registry.plain(table.drop(columns=["sched_dep", "late"])), table["late"].astype(int)
    saved = archives.saved(archives.small_model(X, y, 0), X.head(3))
    archive = names["package"](saved, names["inference_script"](), registry.requirements())
    return container.write_context(folder, names["image_files"](), archive)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        sys.exit(containers.main(write(Path(place, "image"))))
