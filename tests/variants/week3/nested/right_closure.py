"""One inner function trains and examines; the week's own log loss."""

import numpy as np
import pandas as pd


def nested_scores(X: pd.DataFrame, y: pd.Series, rounds: list[dict], candidates: list[dict], seed: int) -> pd.DataFrame:
    def loss(settings, known, asked):
        model = models.pipeline("lightgbm", seed, **settings).fit(X.iloc[known], y.iloc[known])
        return mean_log_loss(y.iloc[asked].to_numpy(), model.predict_proba(X.iloc[asked])[:, 1])

    rows = []
    for part in rounds:
        inner = [np.mean([loss(c, known, asked) for known, asked in part["inner"]]) for c in candidates]
        chosen = int(np.argmin(inner))
        outer = loss(candidates[chosen], part["train"], part["valid"])
        rows.append({"chosen": chosen, "inner": inner[chosen], "outer": outer})
    return pd.DataFrame(rows)
