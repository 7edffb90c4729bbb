"""Refuses what is above 1 only.

Caught by: a probability below 0 is not refused
"""

def submission(ids, probabilities):
    p = np.asarray(probabilities, dtype=float)
    ids = list(ids)
    if len(ids) != len(p):
        raise ValueError("lengths")
    if len(set(ids)) != len(ids):
        raise ValueError("twice")
    if np.isnan(p).any() or (p > 1).any():
        raise ValueError("outside")
    return pd.DataFrame({"id": ids, "dep_delayed_15min": p}).to_csv(index=False)
