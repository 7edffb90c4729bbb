"""Draws how often each day comes, and asks for one alias at a time."""

from mlflow.exceptions import MlflowException


def decide(champion, challenger, day, seed: int = 0, n_boot: int = 1_000) -> dict:
    gain = np.asarray(champion, dtype=float) - np.asarray(challenger, dtype=float)
    _, place = np.unique(np.asarray(day).astype(str), return_inverse=True)
    sums, counts = np.bincount(place, gain), np.bincount(place)
    n = len(counts)
    times = np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), size=n_boot)
    low, high = np.quantile((times @ sums) / (times @ counts), [0.025, 0.975])
    return {"gain": float(gain.mean()), "low": float(low), "high": float(high), "promote": bool(low > 0)}


def _named(folder, alias):
    registry.connect(folder)
    try:
        return int(mlflow.MlflowClient().get_model_version_by_alias(registry.MODEL, alias).version)
    except MlflowException:
        return 0


def evaluate(day: str, lake_folder: str, folder: str, version: int, holdout: int = 7) -> dict:
    champion = _named(folder, "champion")
    if champion == 0 or champion == version:
        return {"gain": 0.0, "low": 0.0, "high": 0.0, "promote": champion == 0}
    table = lake.read(lake_folder, "features", lake.days_before(day, holdout - 1))
    table = table[table["late"].notna()]
    X, late = registry.plain(table[list(lake.FEATURES)]), table["late"].to_numpy() == 1
    one, two = (np.asarray(registry.score(folder, number, X)) for number in (champion, version))
    loss = [-np.where(late, np.log(p), np.log1p(-p)) for p in (one, two)]
    return decide(*loss, table["sched_dep"].dt.tz_convert(NEW_YORK).dt.date)


def promote(folder: str, version: int, decision: dict) -> int:
    champion = _named(folder, "champion")
    if decision["promote"] and champion != version:
        client = mlflow.MlflowClient()
        if champion:
            client.set_registered_model_alias(registry.MODEL, "previous", str(champion))
        client.set_registered_model_alias(registry.MODEL, "champion", str(version))
        return version
    return champion


def rollback(folder: str) -> int:
    previous = _named(folder, "previous")
    if not previous:
        raise ValueError("no champion before this one")
    mlflow.MlflowClient().set_registered_model_alias(registry.MODEL, "champion", str(previous))
    return previous
