"""An image of week 5 for real, where there are the tools; where there are not, what to install."""

from __future__ import annotations

import pytest

from helpers import containers
from tests import reference_image


def test_without_the_tools_what_to_install_is_said(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(containers, "_found", lambda name: "/usr/bin/podman" if name == "podman" else None)
    assert containers.main(tmp_path) == 2
    said = capsys.readouterr().err
    assert "buildah, runc, debootstrap not found" in said
    assert "apt-get install --no-install-recommends buildah runc debootstrap" in said


def test_without_a_context_it_is_said_who_writes_it(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(containers, "require_tools", lambda: None)
    assert containers.main(tmp_path) == 2
    assert "model.joblib is missing: week 5's notebook writes it" in capsys.readouterr().err


@pytest.mark.parametrize(
    "base", ["python:3.11.9-slim-bookworm", "docker.io/library/python:3.11.9", "python@sha256:0a1b", "python:3.11"]
)
def test_every_base_of_python_is_the_one_that_was_made_here(base):
    text = f"FROM --platform=linux/amd64 {base} AS wheels\nRUN true\nFROM wheels\nCOPY x y\nfrom {base}\n"
    made = f"FROM --platform=linux/amd64 {containers.BASE} AS wheels\nRUN true\nFROM wheels\nCOPY x y\n"
    assert containers.based_here(text) == f"{made}from {containers.BASE}\n"


@pytest.mark.parametrize("base", ["debian:12.5", "python:3.12.1-slim", "mypython:3.11.2", "python:3.110"])
def test_another_base_is_refused_by_its_name(base):
    with pytest.raises(containers.Failed, match=f"Python 3.11, as this course is, not {base}"):
        containers.based_here(f"FROM {base}\n")


@pytest.mark.long
def test_the_authors_image_is_built_runs_and_predicts_what_the_model_predicts(tmp_path, capsys):
    """Where the tools are not installed, this test holds to what is said then."""
    missing = [name for name in containers.TOOLS if containers._found(name) is None]
    code, said = containers.main(reference_image.write(tmp_path / "image")), capsys.readouterr()
    if missing:
        assert (code, said.err.count("apt-get install")) == (2, 1)
    else:
        assert (code, said.err) == (0, "")
        assert "It runs as user 10001" in said.out
        assert "300 rows: the largest difference" in said.out
