"""More probabilities than ids are cut to length without a word.

Clause: "when the lengths differ"

Caught by: lengths that differ is not refused
"""

def submission(ids: pd.Series, probabilities: np.ndarray) -> str:

    p = np.asarray(probabilities, dtype=float)
    if len(p) < len(ids):
        raise ValueError("lengths differ")
    if ids.duplicated().any():
        raise ValueError("an id comes twice")
    if np.isnan(p).any() or (p < 0).any() or (p > 1).any():
        raise ValueError("a probability is missing or outside 0 to 1")
    return pd.DataFrame({"id": ids.to_numpy(), "dep_delayed_15min": p[: len(ids)]}).to_csv(index=False)
