from __future__ import annotations

import nbformat
import pytest
from nbclient import NotebookClient


@pytest.fixture(scope="session")
def run_cells(tmp_path_factory):
    """Run cells in a real kernel, errors allowed; give each cell's outputs."""

    def run(*cells: str) -> list[list]:
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in cells])
        folder = tmp_path_factory.mktemp("kernel")
        NotebookClient(notebook, allow_errors=True, timeout=60, resources={"metadata": {"path": str(folder)}}).execute()
        return [cell.outputs for cell in notebook.cells]

    return run


@pytest.fixture(autouse=True)
def state_of_its_own(tmp_path, monkeypatch):
    """Keep hints and leaderboards of tests out of the working folder and apart from each other."""
    monkeypatch.setenv("COURSE_STATE", str(tmp_path / "state"))
