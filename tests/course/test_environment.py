"""The packages that the course is about are there, import together, and are those of uv.lock."""

import json
import subprocess
import sys
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest

LOCK = Path(__file__).parents[2] / "uv.lock"
MODULES = {  # distribution: module
    "apache-airflow": "airflow",
    "boto3": "boto3",
    "catboost": "catboost",
    "fairlearn": "fairlearn",
    "featuretools": "featuretools",
    "jupyterlab": "jupyterlab",
    "lightgbm": "lightgbm",
    "mlflow": "mlflow",
    "moto": "moto",
    "nbgrader": "nbgrader",
    "pandas": "pandas",
    "papermill": "papermill",
    "scikit-learn": "sklearn",
    "shap": "shap",
    "xgboost-cpu": "xgboost",
}
IMPORT_ALL = """
import importlib, json, sys
sys.__stdout__.write(json.dumps({name: importlib.import_module(name).__version__ for name in sys.argv[1:]}))
"""


@pytest.fixture(scope="module")
def locked():
    return {package["name"]: package["version"] for package in tomllib.loads(LOCK.read_text())["package"]}


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    """The version that each module says it has, all of them imported into one process."""
    home = str(tmp_path_factory.mktemp("home"))  # some of them write to the home folder when imported
    run = subprocess.run(
        [sys.executable, "-c", IMPORT_ALL, *MODULES.values()],
        env={"HOME": home, "AIRFLOW_HOME": home, "MPLCONFIGDIR": home, "MLFLOW_DISABLE_TELEMETRY": "true"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout.splitlines()[-1])


@pytest.mark.parametrize("distribution", MODULES)
def test_the_locked_version_is_what_runs(distribution, locked, running):
    assert running[MODULES[distribution]] == locked[distribution] == version(distribution)
