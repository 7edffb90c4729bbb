"""Groups by UTC's days.

Caught by: the interval that `evaluate` finds
"""

def decide(champion, challenger, day, seed: int = 0, n_boot: int = 1_000) -> dict:
    """Say whether a challenger is better, by a bootstrap over days.

    Parameters
    ----------
    champion, challenger : log loss of each flight by each model, shape (n,), the same flights in the same order
    day : the day of each flight, shape (n,)

    Returns
    -------
    ``gain`` (mean of champion minus challenger over flights), ``low`` and ``high`` (percentiles 2.5 and 97.5 over ``n_boot``
    draws of as many days with replacement), ``promote`` (bool: the whole interval is above zero)
    """
    table = pd.DataFrame({"gain": np.asarray(champion) - np.asarray(challenger), "day": np.asarray(day)})
    days = table.groupby("day")["gain"].agg(["sum", "count"]).to_numpy()
    drawn = days[np.random.default_rng(seed).integers(0, len(days), (n_boot, len(days)))].sum(axis=1)
    low, high = np.percentile(drawn[:, 0] / drawn[:, 1], [2.5, 97.5])
    return {"gain": float(table["gain"].mean()), "low": float(low), "high": float(high), "promote": bool(low > 0)}


def evaluate(day: str, lake_folder: str, folder: str, version: int, holdout: int = 7) -> dict:
    """Decide between ``version`` and the champion on the ``holdout`` days up to ``day``; without a champion, "promote" is true.

    ``registry.score(folder, version, X)`` gives a version's probabilities of late. A version that is champion already has
    gain 0 and is not promoted.
    """
    champion = _aliases(folder).get("champion")
    if champion in (None, version):
        return {"gain": 0.0, "low": 0.0, "high": 0.0, "promote": champion is None}
    known = lake.read(lake_folder, "features", lake.days_before(day, holdout - 1)).dropna(subset=["late"])
    X, y = registry.plain(known[list(lake.FEATURES)]), known["late"].to_numpy()
    chances = [registry.score(folder, one, X) for one in (champion, version)]
    losses = [-np.log(np.where(y == 1, p, 1 - p)) for p in chances]
    return decide(losses[0], losses[1], known["sched_dep"].dt.strftime("%Y-%m-%d"))


def promote(folder: str, version: int, decision: dict) -> int:
    """Move the alias ``champion`` to ``version`` if the decision says so, and ``previous`` to the champion before, if there was one.

    Returns
    -------
    the champion's version afterwards; 0 where there is none
    """
    champion = _aliases(folder).get("champion", 0)
    if not decision["promote"] or champion == version:
        return champion
    client = mlflow.MlflowClient()
    if champion:
        client.set_registered_model_alias(registry.MODEL, "previous", champion)
    client.set_registered_model_alias(registry.MODEL, "champion", version)
    return version


def rollback(folder: str) -> int:
    """Make the previous champion champion again; its version. ValueError where there is none."""
    previous = _aliases(folder).get("previous")
    if previous is None:
        raise ValueError("there is no previous champion to go back to")
    client = mlflow.MlflowClient()
    client.set_registered_model_alias(registry.MODEL, "champion", previous)
    client.delete_registered_model_alias(registry.MODEL, "previous")
    return previous


def _aliases(folder):
    registry.connect(folder)
    found = mlflow.MlflowClient().search_registered_models(f"name = '{registry.MODEL}'")
    return {name: int(version) for name, version in found[0].aliases.items()} if found else {}
