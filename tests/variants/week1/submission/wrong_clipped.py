"""Probabilities outside 0 to 1 are cut off, not refused.

Clause: "when the lengths differ, an id comes twice, or a probability is missing or outside 0 to 1"

Caught by: a probability above 1 is not refused
"""

def submission(ids: pd.Series, probabilities: np.ndarray) -> str:

    p = np.clip(np.asarray(probabilities, dtype=float), 0, 1)
    if len(ids) != len(p):
        raise ValueError("lengths differ")
    if ids.duplicated().any():
        raise ValueError("an id comes twice")
    if np.isnan(p).any() or (p < 0).any() or (p > 1).any():
        raise ValueError("a probability is missing or outside 0 to 1")
    return pd.DataFrame({"id": ids.to_numpy(), "dep_delayed_15min": p}).to_csv(index=False)
