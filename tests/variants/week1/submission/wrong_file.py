"""Writes a file and returns nothing.

Caught by: return the file's content as text
"""

def submission(ids, probabilities):
    values = np.asarray(probabilities, dtype=float)
    if len(ids) != len(values) or len(set(ids)) != len(ids):
        raise ValueError("one probability for each id, and each id once")
    if np.isnan(values).any() or values.min() < 0 or values.max() > 1:
        raise ValueError("probabilities lie between 0 and 1")
    pd.DataFrame({"id": np.asarray(ids), "dep_delayed_15min": values}).to_csv(io.StringIO(), index=False)
