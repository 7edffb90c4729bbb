"""Finds doubles only where they stand side by side.

Caught by: an id that comes twice is not refused
"""

def submission(ids, probabilities):
    p = np.asarray(probabilities, dtype=float)
    ids = list(ids)
    if len(ids) != len(p):
        raise ValueError("lengths")
    if any(a == b for a, b in zip(ids, ids[1:])):
        raise ValueError("twice")
    if np.isnan(p).any() or (p < 0).any() or (p > 1).any():
        raise ValueError("outside")
    return pd.DataFrame({"id": ids, "dep_delayed_15min": p}).to_csv(index=False)
