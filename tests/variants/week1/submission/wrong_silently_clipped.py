"""Mends bad probabilities without a word.

Caught by: a missing probability is not refused
"""

def submission(ids, probabilities):
    values = np.clip(np.nan_to_num(probabilities, nan=0.5), 0, 1)
    if len(ids) != len(values) or ids.duplicated().any():
        raise ValueError("one probability for each id, and each id once")
    return pd.DataFrame({"id": ids.to_numpy(), "dep_delayed_15min": values}).to_csv(index=False)
