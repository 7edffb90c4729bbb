"""Takes the overall rate of the flights that are to be scored whenever they carry a label.

Clause: "Learn the rule on training flights and score other flights."

Caught by: the scores change when the outcomes of the flights to be scored change
"""

def rule_of_thumb(train: pd.DataFrame, flights: pd.DataFrame, m: float = 50.0) -> np.ndarray:

    known = pd.concat([train, flights]) if "late" in flights else train
    rate = known["late"].astype(float).mean()
    hours = train.groupby("hour")["late"].agg(["sum", "count"])
    score = (hours["sum"] + m * rate) / (hours["count"] + m)
    return flights["hour"].map(score).fillna(rate).to_numpy(dtype=float)
