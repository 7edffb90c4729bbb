"""Sorts the ids and leaves the probabilities where they were.

Caught by: the probability of each id in the file
"""

def submission(ids, probabilities):
    values = np.asarray(probabilities, dtype=float)
    if len(ids) != len(values) or len(set(ids)) != len(ids):
        raise ValueError("one probability for each id, and each id once")
    if np.isnan(values).any() or values.min() < 0 or values.max() > 1:
        raise ValueError("probabilities lie between 0 and 1")
    return pd.DataFrame({"id": sorted(ids), "dep_delayed_15min": values}).to_csv(index=False)
