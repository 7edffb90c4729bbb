"""Plain strings with five digits, an error class of its own."""

class BadSubmission(ValueError):
    pass


def submission(ids, probabilities):
    pairs = dict(zip(list(ids), [float(p) for p in probabilities]))
    if len(ids) != len(probabilities) or len(pairs) != len(ids):
        raise BadSubmission("lengths differ, or an id comes twice")
    if any(not (0.0 <= p <= 1.0) for p in pairs.values()):
        raise BadSubmission("not a probability")
    return "\n".join(["id,dep_delayed_15min"] + [f"{key},{p:.5f}" for key, p in pairs.items()])
