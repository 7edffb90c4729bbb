"""The inner score is the mean over all inner rows, so long folds count more.

Clause: "candidate's inner score is the mean of its folds' log losses"

Caught by: `nested_scores` raised NameError
"""

import numpy as np
import pandas as pd


def nested_scores(X: pd.DataFrame, y: pd.Series, rounds: list[dict], candidates: list[dict], seed: int) -> pd.DataFrame:
    def loss(settings, known, asked):
        model = models.pipeline("lightgbm", seed, **settings).fit(X.iloc[known], y.iloc[known])
        return mean_log_loss(y.iloc[asked].to_numpy(), model.predict_proba(X.iloc[asked])[:, 1])

    rows = []
    for part in rounds:
        inner = [sum(len(asked) * loss(c, known, asked) for known, asked in part["inner"]) for c in candidates]
        inner = np.array(inner) / sum(len(asked) for _, asked in part["inner"])
        chosen = int(np.argmin(inner))
        outer = loss(candidates[chosen], part["train"], part["valid"])
        rows.append({"chosen": chosen, "inner": inner[chosen], "outer": outer})
    return pd.DataFrame(rows)
