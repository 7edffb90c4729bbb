"""Keeps the first of two equal ids and says nothing.

Caught by: an id that comes twice is not refused
"""

def submission(ids, probabilities):
    if len(ids) != len(probabilities) or not ((probabilities >= 0) & (probabilities <= 1)).all():
        raise ValueError("not one probability for each id")
    table = pd.DataFrame({"id": ids.to_numpy(), "dep_delayed_15min": probabilities})
    return table.drop_duplicates("id").to_csv(index=False)
