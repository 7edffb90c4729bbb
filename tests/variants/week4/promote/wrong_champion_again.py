"""A version that is champion already gets promote true.

Clause: "A version that is champion already has gain 0 and is not promoted."

Caught by: a version that is champion already is judged against itself, and does not end with gain 0
"""

import numpy as np
import pandas as pd
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException

NINE_INPUTS = ["departs", "weekday", "distance", "carrier", "origin", "dest"]
NINE_INPUTS += ["origin_departed", "origin_delay", "origin_waiting"]


def decide(champion, challenger, day, seed: int = 0, n_boot: int = 1_000) -> dict:
    gains = np.asarray(champion, dtype=float) - np.asarray(challenger, dtype=float)
    code, names = pd.factorize(np.asarray(day))
    sums, sizes = np.bincount(code, gains), np.bincount(code)
    drawn = np.random.default_rng(seed).integers(len(names), size=(n_boot, len(names)))
    means = sums[drawn].sum(axis=1) / sizes[drawn].sum(axis=1)
    low, high = np.percentile(means, [2.5, 97.5])
    return {"gain": float(gains.mean()), "low": float(low), "high": float(high), "promote": bool(low > 0)}


def _alias(folder, name):
    registry.connect(folder)
    try:
        return int(MlflowClient().get_model_version_by_alias(registry.MODEL, name).version)
    except MlflowException:
        return 0


def evaluate(day: str, lake_folder: str, folder: str, version: int, holdout: int = 7) -> dict:
    champion = _alias(folder, "champion")
    if champion in (0, version):
        return {"gain": 0.0, "low": 0.0, "high": 0.0, "promote": True}
    parts = []
    for date in sorted(lake.days_before(day, holdout - 1)):
        if date in lake.days(lake_folder, "features"):
            parts.append(lake.read(lake_folder, "features", [date]).assign(date=date))
    rows = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame({"late": []})
    rows = rows[rows["late"].notna()]
    if rows.empty:
        return {"gain": 0.0, "low": 0.0, "high": 0.0, "promote": False}
    X, late = registry.plain(rows[NINE_INPUTS]), rows["late"].to_numpy() == 1
    losses = []
    for number in (champion, version):
        p = np.clip(np.asarray(registry.score(folder, number, X), dtype=float), 1e-15, 1 - 1e-15)
        losses.append(-np.log(np.where(late, p, 1 - p)))
    return decide(*losses, rows["date"].to_numpy())


def promote(folder: str, version: int, decision: dict) -> int:
    champion = _alias(folder, "champion")
    if not decision["promote"] or champion == version:
        return champion
    client = MlflowClient()
    if champion:
        client.set_registered_model_alias(registry.MODEL, "previous", champion)
    client.set_registered_model_alias(registry.MODEL, "champion", version)
    return int(version)


def rollback(folder: str) -> int:
    previous = _alias(folder, "previous")
    if not previous:
        raise ValueError("there is no previous champion")
    MlflowClient().set_registered_model_alias(registry.MODEL, "champion", previous)
    return previous
