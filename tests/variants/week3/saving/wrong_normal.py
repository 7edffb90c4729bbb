"""The mean and 1.96 deviations on either side.

Caught by: the interval is not the 2.5th and 97.5th
"""

def day_interval(values, days, n_boot: int = 500, seed: int = 0) -> tuple[float, float, float]:
    flights = pd.DataFrame({"value": np.asarray(values, dtype=float), "day": np.asarray(days)})
    by_day = flights.groupby("day")["value"].agg(["sum", "size"]).to_numpy()
    drawn = np.random.default_rng(seed).integers(len(by_day), size=(n_boot, len(by_day)))
    totals = by_day[drawn].sum(axis=1)
    spread = 1.96 * (totals[:, 0] / totals[:, 1]).std()
    low, high = flights["value"].mean() - spread, flights["value"].mean() + spread
    return float(flights["value"].mean()), float(low), float(high)


def expected_saving(valid: pd.DataFrame, test: pd.DataFrame, cost: dict, n_boot: int = 500, seed: int = 0) -> dict:
    candidates = [*np.unique(valid["p"]), np.inf]

    def costs(flights: pd.DataFrame, threshold: float) -> np.ndarray:
        late, alarm = flights["late"].to_numpy() == 1, flights["p"].to_numpy() >= threshold
        return np.where(
            late,
            np.where(alarm, cost["caught"], cost["missed"]),
            np.where(alarm, cost["false_alarm"], cost["quiet"]),
        )

    threshold = min(candidates, key=lambda cut: costs(valid, cut).mean())
    saved = costs(test, np.inf) - costs(test, threshold)
    saving, low, high = day_interval(saved, test["day"], n_boot, seed)
    return {"threshold": float(threshold), "saving": saving, "low": low, "high": high}
