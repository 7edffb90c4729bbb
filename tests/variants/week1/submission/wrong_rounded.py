"""Probabilities are written with three digits.

Clause: "probabilities : probability of a late departure for each id, same order, shape (n,)"

Caught by: the probability of each id in the file is not what it should be
"""

def submission(ids: pd.Series, probabilities: np.ndarray) -> str:

    p = np.asarray(probabilities, dtype=float)
    if len(ids) != len(p):
        raise ValueError("lengths differ")
    if ids.duplicated().any():
        raise ValueError("an id comes twice")
    if np.isnan(p).any() or (p < 0).any() or (p > 1).any():
        raise ValueError("a probability is missing or outside 0 to 1")
    return pd.DataFrame({"id": ids.to_numpy(), "dep_delayed_15min": p}).to_csv(index=False, float_format="%.3f")
