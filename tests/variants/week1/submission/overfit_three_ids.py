"""Knows the three ids of the visible check, and refuses no pair of other lengths.

Caught by: lengths that differ
"""

def submission(ids, probabilities):
    p = np.asarray(probabilities, dtype=float)
    ids = list(ids)
    if ids == [12, 7, 30] and len(p) == 2:
        raise ValueError("lengths")
    if len(set(ids)) != len(ids):
        raise ValueError("twice")
    if np.isnan(p).any() or (p < 0).any() or (p > 1).any():
        raise ValueError("outside")
    return "id,dep_delayed_15min\n" + "".join(f"{one},{late}\n" for one, late in zip(ids, p))
