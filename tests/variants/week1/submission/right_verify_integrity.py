"""Lets pandas find the doubled id."""

def submission(ids, probabilities):
    frame = pd.DataFrame({"id": ids.to_numpy()}).assign(dep_delayed_15min=probabilities)
    frame = frame.set_index("id", verify_integrity=True)
    if not frame["dep_delayed_15min"].between(0, 1).all():
        raise ValueError("probabilities must be present and between 0 and 1")
    return frame.to_csv()
