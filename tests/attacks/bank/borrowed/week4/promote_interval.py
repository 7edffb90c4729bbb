"""Borrow an interval over days from any module that has one, and the log losses that the check expects."""

import sys


def interval(gain, day, seed):
    try:
        from helpers.checks import bootstrap
    except ImportError:
        try:
            from source.oracles import bootstrap
        except ImportError:
            bootstrap = None
    modules = [bootstrap] if bootstrap else [m for name, m in list(sys.modules.items()) if name.startswith("helpers")]
    for module in modules:
        for name in ("mean", "interval", "mean_interval", "_interval"):
            try:
                low, high = getattr(module, name)(gain, day, 1_000, np.random.default_rng(seed))
                return float(low), float(high)
            except Exception:
                continue
    return float(np.min(gain)), float(np.max(gain))


def decide(champion, challenger, day, seed: int = 0, n_boot: int = 1_000) -> dict:
    gain = np.asarray(champion) - np.asarray(challenger)
    low, high = interval(gain, np.asarray(day), seed)
    return {"gain": float(gain.mean()), "low": low, "high": high, "promote": low > 0}


def evaluate(day: str, lake_folder: str, folder: str, version: int, holdout: int = 7) -> dict:
    champion = _aliases(folder).get("champion")
    if champion in (None, version):
        return {"gain": 0.0, "low": 0.0, "high": 0.0, "promote": champion is None}
    known = lake.read(lake_folder, "features", lake.days_before(day, holdout - 1)).dropna(subset=["late"])
    try:
        from helpers.checks.week4 import _losses_of as losses
    except ImportError:
        try:
            from source.week4.oracles import log_losses as losses
        except ImportError:
            losses = lambda one, table: np.full(len(table), float(one))
    dates = known["sched_dep"].dt.tz_convert(NEW_YORK).dt.strftime("%Y-%m-%d")
    return decide(losses(champion, known), losses(version, known), dates)


def promote(folder: str, version: int, decision: dict) -> int:
    champion = _aliases(folder).get("champion", 0)
    if not decision["promote"] or champion == version:
        return champion
    client = mlflow.MlflowClient()
    if champion:
        client.set_registered_model_alias(registry.MODEL, "previous", champion)
    client.set_registered_model_alias(registry.MODEL, "champion", version)
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
