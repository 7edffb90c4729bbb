"""A repeated id raises AssertionError.

Clause: "ValueError
        when the lengths differ, an id comes twice, or a probability is missing or outside 0 to 1"

Caught by: an id that comes twice must raise ValueError, not AssertionError
"""

def submission(ids: pd.Series, probabilities: np.ndarray) -> str:

    p = np.asarray(probabilities, dtype=float)
    if len(ids) != len(p):
        raise ValueError("lengths differ")
    assert not ids.duplicated().any(), "an id comes twice"
    if np.isnan(p).any() or (p < 0).any() or (p > 1).any():
        raise ValueError("a probability is missing or outside 0 to 1")
    return pd.DataFrame({"id": ids.to_numpy(), "dep_delayed_15min": p}).to_csv(index=False)
