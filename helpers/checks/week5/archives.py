"""Models and archives of the tests' own, which several tasks share: small, and quickly made."""

from __future__ import annotations

import io
import tarfile
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from helpers import models, registry, work
from helpers.internal.folders import new_folder, write_folder

MODEL, SCRIPT, REQUIREMENTS = "model.joblib", "code/inference.py", "code/requirements.txt"
SAME = 1e-9  # two predictions of one model


def small_model(X: pd.DataFrame, y: pd.Series, seed: int, columns: Sequence[str] | None = None) -> Any:
    """Train a small pipeline of the course's kind; no two seeds give the same predictions."""
    rows = np.random.default_rng(seed).choice(len(X), size=min(1_500, len(X)), replace=False)
    chosen = X[list(columns)] if columns is not None else X
    model = models.pipeline("lightgbm", seed, n_estimators=12, num_leaves=8)
    return model.fit(chosen.iloc[rows], y.iloc[rows])


def mlflow_files(model: Any, X: pd.DataFrame) -> dict[str, bytes]:
    """Return the files in which MLflow saves a model, by their paths."""
    from mlflow.models import infer_signature
    from mlflow.sklearn import save_model

    registry.silence()
    with tempfile.TemporaryDirectory(prefix=work.PREFIX) as folder:
        place = Path(folder) / "model"
        save_model(
            model,
            str(place),
            signature=infer_signature(X, model.predict_proba(X)),
            pip_requirements=registry.requirements(),
            serialization_format="cloudpickle",
            pyfunc_predict_fn="predict_proba",
        )
        return work.contents(place)


def saved(model: Any, X: pd.DataFrame) -> str:
    """Have MLflow save a model into a new folder, and return its path."""
    return new_folder(mlflow_files(model, X))


def pack(files: Mapping[str, str | bytes]) -> bytes:
    """Pack files for a trial; the headers hold whatever this machine writes into them."""
    packed = io.BytesIO()
    with tempfile.TemporaryDirectory(prefix=work.PREFIX) as folder, tarfile.open(fileobj=packed, mode="w:gz") as tar:
        write_folder(Path(folder), {n: text.encode() if isinstance(text, str) else text for n, text in files.items()})
        for name in files:
            tar.add(Path(folder, name), arcname=name)
    return packed.getvalue()


def dumped(model: Any) -> bytes:
    """Return a model as joblib writes it."""
    import joblib

    stream = io.BytesIO()
    joblib.dump(model, stream)
    return stream.getvalue()
