"""A registry in which the champion is neither the first nor the newest version, for weeks 3, 5 and 6."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import Any

import pandas as pd

from helpers import models, registry, work

MADE, CHANGED = "2026-03-05 02:30", "2026-03-09 16:00"  # UTC; in New York the first was the day before


def of_three(X: pd.DataFrame, y: pd.Series, seed: int, champion: int) -> tuple[dict[str, bytes], Any, dict[str, Any]]:
    """Make a registry with three versions; give its files, the champion's pipeline and what the records say of it."""
    import mlflow

    folder, fitted = registry.connect(work.new_private()), []
    client = mlflow.MlflowClient()
    for place in (1, 2, 3):
        settings = {"n_estimators": 4 * place + seed % 3, "num_leaves": 3 + place, "learning_rate": 0.2}
        fitted.append(models.pipeline("lightgbm", seed, **settings).fit(X.iloc[place * 50 :], y.iloc[place * 50 :]))
        with mlflow.start_run(run_name=f"trial {place}"):
            mlflow.log_params(settings)
            mlflow.log_metrics({"mean_log_loss": 0.6 - 0.03 * place + 0.001 * (seed % 7)})
            mlflow.sklearn.log_model(
                fitted[-1],
                name="model",
                pip_requirements=registry.requirements(),
                signature=mlflow.models.infer_signature(X, fitted[-1].predict_proba(X)),
                serialization_format="cloudpickle",
                pyfunc_predict_fn="predict_proba",
                registered_model_name=registry.MODEL,
            )
    client.set_registered_model_alias(registry.MODEL, registry.ALIAS, str(champion))
    made, changed = (int(pd.Timestamp(day).timestamp() * 1_000) for day in (MADE, CHANGED))
    with closing(sqlite3.connect(folder / registry.DATABASE)) as database, database:
        database.execute("UPDATE model_versions SET creation_time = ?, last_updated_time = ?", (made, changed))
    record = client.get_model_version_by_alias(registry.MODEL, registry.ALIAS)
    run = client.get_run(str(record.run_id))
    shown = {
        "model": {
            "name": record.name,
            "version": int(record.version),
            "alias": registry.ALIAS,
            "run_id": record.run_id,
            "registered": pd.Timestamp(record.creation_timestamp, unit="ms").strftime("%Y-%m-%d"),
        },
        "training": {"settings": dict(run.data.params), "recorded": dict(run.data.metrics)},
    }
    registry.connect(work.new_private())  # an answer that forgets to connect must not find these versions by luck
    return work.contents(folder), fitted[champion - 1], shown
