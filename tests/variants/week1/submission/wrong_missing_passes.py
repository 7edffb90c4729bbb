"""Asks whether one lies outside: of a missing value, neither comparison is true.

Caught by: a missing probability is not refused
"""

def submission(ids, probabilities):
    if len(ids) != len(probabilities) or ids.duplicated().any():
        raise ValueError("one probability for each id, and each id once")
    if (probabilities < 0).any() or (probabilities > 1).any():
        raise ValueError("outside 0 to 1")
    return pd.DataFrame({"id": ids.to_numpy(), "dep_delayed_15min": probabilities}).to_csv(index=False)
