"""Plain Python: random.choices among the days' sums, again and again."""

import random

import numpy as np
import pandas as pd


def day_interval(values, days, n_boot: int = 500, seed: int = 0) -> tuple[float, float, float]:
    values = [float(value) for value in values]
    by_day = {}
    for value, day in zip(values, list(days)):
        by_day.setdefault(day, []).append(value)
    totals = [(sum(group), len(group)) for group in by_day.values()]
    dice = random.Random(int(seed))
    means = []
    for _ in range(n_boot):
        draw = dice.choices(totals, k=len(totals))
        means.append(sum(s for s, _ in draw) / sum(m for _, m in draw))
    return sum(values) / len(values), float(np.percentile(means, 2.5)), float(np.percentile(means, 97.5))


def expected_saving(valid: pd.DataFrame, test: pd.DataFrame, cost: dict, n_boot: int = 500, seed: int = 0) -> dict:
    threshold = best_threshold(valid["late"], valid["p"], cost)
    saved = []
    for late, p in zip(test["late"], test["p"]):
        if p < threshold:
            saved.append(0.0)
        elif late:
            saved.append(cost["missed"] - cost["caught"])
        else:
            saved.append(cost["quiet"] - cost["false_alarm"])
    names = ("saving", "low", "high")
    return {"threshold": threshold} | dict(zip(names, day_interval(saved, test["day"], n_boot, seed)))
