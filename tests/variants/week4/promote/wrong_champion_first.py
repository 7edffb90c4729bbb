"""Moves the champion first: after a crash nobody knows who was before.

Caught by: has lost the way back
"""

def decide(champion, challenger, day, seed: int = 0, n_boot: int = 1_000) -> dict:
    table = pd.DataFrame({"gain": np.asarray(champion) - np.asarray(challenger), "day": np.asarray(day)})
    days = table.groupby("day")["gain"].agg(["sum", "count"]).to_numpy()
    drawn = days[np.random.default_rng(seed).integers(0, len(days), (n_boot, len(days)))].sum(axis=1)
    low, high = np.percentile(drawn[:, 0] / drawn[:, 1], [2.5, 97.5])
    return {"gain": float(table["gain"].mean()), "low": float(low), "high": float(high), "promote": bool(low > 0)}


def evaluate(day: str, lake_folder: str, folder: str, version: int, holdout: int = 7) -> dict:
    champion = _aliases(folder).get("champion")
    if champion in (None, version):
        return {"gain": 0.0, "low": 0.0, "high": 0.0, "promote": champion is None}
    known = lake.read(lake_folder, "features", lake.days_before(day, holdout - 1)).dropna(subset=["late"])
    X, y = registry.plain(known[list(lake.FEATURES)]), known["late"].to_numpy()
    chances = [registry.score(folder, one, X) for one in (champion, version)]
    losses = [-np.log(np.where(y == 1, p, 1 - p)) for p in chances]
    return decide(losses[0], losses[1], known["sched_dep"].dt.tz_convert(NEW_YORK).dt.strftime("%Y-%m-%d"))


def promote(folder: str, version: int, decision: dict) -> int:
    champion = _aliases(folder).get("champion", 0)
    if not decision["promote"] or champion == version:
        return champion
    client = mlflow.MlflowClient()
    client.set_registered_model_alias(registry.MODEL, "champion", version)
    if champion:
        client.set_registered_model_alias(registry.MODEL, "previous", champion)
    return version


def rollback(folder: str) -> int:
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

