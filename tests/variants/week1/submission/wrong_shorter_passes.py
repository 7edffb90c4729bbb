"""Refuses too many probabilities and lets too few pass, with the ids cut off.

Caught by: lengths that differ is not refused
"""

def submission(ids, probabilities):
    p = np.asarray(probabilities, dtype=float)
    ids = list(ids)
    if len(ids) < len(p):
        raise ValueError("lengths")
    ids = ids[: len(p)]
    if len(set(ids)) != len(ids):
        raise ValueError("twice")
    if np.isnan(p).any() or (p < 0).any() or (p > 1).any():
        raise ValueError("outside")
    return pd.DataFrame({"id": ids, "dep_delayed_15min": p}).to_csv(index=False)
