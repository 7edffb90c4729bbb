"""Asserts, which raises another error, and none at all under python -O.

Caught by: must raise ValueError
"""

def submission(ids, probabilities):
    assert len(ids) == len(probabilities), "lengths differ"
    assert ids.is_unique, "an id comes twice"
    assert ((probabilities >= 0) & (probabilities <= 1)).all(), "not a probability"
    return pd.DataFrame({"id": ids.to_numpy(), "dep_delayed_15min": probabilities}).to_csv(index=False)
