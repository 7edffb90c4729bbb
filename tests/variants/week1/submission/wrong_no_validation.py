"""Writes whatever it is handed.

Caught by: is not refused
"""

def submission(ids, probabilities):
    return pd.DataFrame({"id": ids.to_numpy(), "dep_delayed_15min": probabilities}).to_csv(index=False)
