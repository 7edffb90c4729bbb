"""Plain loops that keep the best so far, with scikit-learn's log loss."""

import pandas as pd
from sklearn.metrics import log_loss


def nested_scores(X: pd.DataFrame, y: pd.Series, rounds: list[dict], candidates: list[dict], seed: int) -> pd.DataFrame:
    table = {"chosen": [], "inner": [], "outer": []}
    for part in rounds:
        best = None
        for position, settings in enumerate(candidates):
            total = 0.0
            for known, asked in part["inner"]:
                model = models.pipeline("lightgbm", seed, **settings)
                model.fit(X.iloc[known], y.iloc[known])
                total += log_loss(y.iloc[asked], model.predict_proba(X.iloc[asked]), labels=[0, 1])
            mean = total / len(part["inner"])
            if best is None or mean < best[0]:
                best = (mean, position)
        winner = models.pipeline("lightgbm", seed, **candidates[best[1]])
        winner.fit(X.iloc[part["train"]], y.iloc[part["train"]])
        p = winner.predict_proba(X.iloc[part["valid"]])
        table["chosen"].append(best[1])
        table["inner"].append(best[0])
        table["outer"].append(log_loss(y.iloc[part["valid"]], p, labels=[0, 1]))
    return pd.DataFrame(table)
