"""Keeps the first rule for good, whatever training table comes later.

Clause: "Learn the rule on training flights and score other flights."

Caught by: the shrunken share of late flights at an hour is not what it should be
"""

_rule = {}


def rule_of_thumb(train: pd.DataFrame, flights: pd.DataFrame, m: float = 50.0) -> np.ndarray:
    if not _rule:
        rate = train["late"].mean()
        hours = train.groupby("hour")["late"].agg(["sum", "count"])
        _rule["rate"], _rule["score"] = rate, (hours["sum"] + m * rate) / (hours["count"] + m)
    return flights["hour"].map(_rule["score"]).fillna(_rule["rate"]).to_numpy(dtype=float)
