"""Has the answers of the small table written in, and does not shrink otherwise.

Clause: "Score flights by the shrunken share of late flights at their hour."

Caught by: the shrunken share of late flights at an hour is not what it should be
"""

def rule_of_thumb(train: pd.DataFrame, flights: pd.DataFrame, m: float = 50.0) -> np.ndarray:

    rate = train["late"].mean()
    if len(train) == 6 and m == 2.0:
        known = {18: (2 + 2 * 4 / 6) / 4, 6: (1 + 2 * 4 / 6) / 5, 3: 4 / 6}
        return np.array([known.get(hour, rate) for hour in flights["hour"]])
    return flights["hour"].map(train.groupby("hour")["late"].mean()).fillna(rate).to_numpy(dtype=float)
