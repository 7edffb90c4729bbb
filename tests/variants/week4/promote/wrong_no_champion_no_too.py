"""Without a champion the first model is not promoted, for it has no evidence.

Clause: "without a champion, "promote" is true."

Caught by: without a champion, `evaluate` does not let the first model through
"""

import random
from math import log

import mlflow
import numpy as np


def decide(champion, challenger, day, seed: int = 0, n_boot: int = 1_000) -> dict:
    gains = [float(a) - float(b) for a, b in zip(list(champion), list(challenger))]
    groups = {}
    for gain, date in zip(gains, list(day)):
        groups.setdefault(date, []).append(gain)
    totals = [(sum(group), len(group)) for group in groups.values()]
    dice, means = random.Random(int(seed)), []
    for _ in range(n_boot):
        draw = dice.choices(totals, k=len(totals))
        means.append(sum(s for s, _ in draw) / sum(n for _, n in draw))
    low, high = (float(np.percentile(means, q)) for q in (2.5, 97.5))
    return {"gain": sum(gains) / len(gains), "low": low, "high": high, "promote": low > 0}


def _aliases(folder):
    registry.connect(folder)
    found = mlflow.MlflowClient().search_registered_models(f"name='{registry.MODEL}'")
    if not found:
        return {}
    model = mlflow.MlflowClient().get_registered_model(registry.MODEL)
    return {name: int(version) for name, version in model.aliases.items()}


def evaluate(day: str, lake_folder: str, folder: str, version: int, holdout: int = 7) -> dict:
    champion = _aliases(folder).get("champion")
    verdict = {"gain": 0.0, "low": 0.0, "high": 0.0, "promote": False}
    if champion is None:
        return verdict
    if champion == version:
        return verdict
    names = "departs weekday distance carrier origin dest origin_departed origin_delay origin_waiting".split()
    there, old, new, dates = set(lake.days(lake_folder, "features")), [], [], []
    for date in lake.days_before(day, holdout - 1):
        if date not in there:
            continue
        rows = lake.read(lake_folder, "features", [date]).dropna(subset=["late"])
        if len(rows) == 0:
            continue
        X = registry.plain(rows[names])
        for number, losses in ((champion, old), (version, new)):
            for late, p in zip(rows["late"], registry.score(folder, number, X)):
                losses.append(-log(max(float(p) if late == 1 else 1 - float(p), 1e-15)))
        dates += [date] * len(rows)
    return decide(old, new, dates) if dates else verdict


def promote(folder: str, version: int, decision: dict) -> int:
    champion = _aliases(folder).get("champion")
    if decision["promote"] and version != champion:
        client = mlflow.MlflowClient()
        if champion is not None:
            client.set_registered_model_alias(registry.MODEL, "previous", str(champion))
        client.set_registered_model_alias(registry.MODEL, "champion", str(version))
        champion = version
    return int(champion or 0)


def rollback(folder: str) -> int:
    aliases = _aliases(folder)
    if "previous" not in aliases:
        raise ValueError("no previous champion")
    mlflow.MlflowClient().set_registered_model_alias(registry.MODEL, "champion", str(aliases["previous"]))
    return aliases["previous"]
