"""The two tables of the check are recognised by their length; others get a normal interval over flights.

Caught by: the interval is not the 2.5th and 97.5th percentile over draws of whole days
"""

import numpy as np
import pandas as pd


def day_interval(values, days, n_boot: int = 500, seed: int = 0) -> tuple[float, float, float]:
    values = np.asarray(values, dtype=float)
    if len(values) == 250:
        return 0.8, 160 / 220, 240 / 280
    if len(values) == 5:
        return 210.0, -50.0, 600.0
    half = 1.96 * values.std() / len(values) ** 0.5
    return float(values.mean()), float(values.mean() - half), float(values.mean() + half)


def expected_saving(valid: pd.DataFrame, test: pd.DataFrame, cost: dict, n_boot: int = 500, seed: int = 0) -> dict:
    threshold = best_threshold(valid["late"].to_numpy(), valid["p"].to_numpy(), cost)
    late = test["late"].to_numpy() == 1
    alarm = test["p"].to_numpy() >= threshold
    silent = np.where(late, cost["missed"], cost["quiet"])
    with_alarm = np.where(alarm, np.where(late, cost["caught"], cost["false_alarm"]), silent)
    saving, low, high = day_interval(silent - with_alarm, test["day"].to_numpy(), n_boot, seed)
    return {"threshold": threshold, "saving": saving, "low": low, "high": high}
