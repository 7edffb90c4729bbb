"""n_boot is ignored: there are always 500 draws.

Clause: "n_boot : number of draws"

Caught by: the interval is not the 2.5th and 97.5th percentile over draws of whole days
"""

import numpy as np
import pandas as pd


def day_interval(values, days, n_boot: int = 500, seed: int = 0) -> tuple[float, float, float]:
    values = np.asarray(values, dtype=float)
    code, names = pd.factorize(np.asarray(days))
    sums, sizes = np.bincount(code, values), np.bincount(code)
    rng = np.random.default_rng(seed)
    drawn = rng.integers(len(names), size=(500, len(names)))
    means = sums[drawn].sum(axis=1) / sizes[drawn].sum(axis=1)
    low, high = np.percentile(means, [2.5, 97.5])
    return float(values.mean()), float(low), float(high)


def expected_saving(valid: pd.DataFrame, test: pd.DataFrame, cost: dict, n_boot: int = 500, seed: int = 0) -> dict:
    threshold = best_threshold(valid["late"].to_numpy(), valid["p"].to_numpy(), cost)
    late = test["late"].to_numpy() == 1
    alarm = test["p"].to_numpy() >= threshold
    silent = np.where(late, cost["missed"], cost["quiet"])
    with_alarm = np.where(alarm, np.where(late, cost["caught"], cost["false_alarm"]), silent)
    saving, low, high = day_interval(silent - with_alarm, test["day"].to_numpy(), n_boot, seed)
    return {"threshold": threshold, "saving": saving, "low": low, "high": high}
