"""Takes rows for runs.

Caught by: an index in no order
"""

def nested_scores(X: pd.DataFrame, y: pd.Series, rounds: list[dict], candidates: list[dict], seed: int) -> pd.DataFrame:

    def loss(settings: dict, known: np.ndarray, asked: np.ndarray) -> float:
        known = np.arange(known.min(), known.max() + 1)
        model = models.pipeline("lightgbm", seed, **settings).fit(X.iloc[known], y.iloc[known])
        return sk.log_loss(y.iloc[asked], model.predict_proba(X.iloc[asked])[:, 1])

    rows = []
    for part_of in rounds:
        inner = [np.mean([loss(settings, *fold) for fold in part_of["inner"]]) for settings in candidates]
        chosen = int(np.argmin(inner))
        outer = loss(candidates[chosen], part_of["train"], part_of["valid"])
        rows.append({"chosen": chosen, "inner": inner[chosen], "outer": outer})
    return pd.DataFrame(rows)
