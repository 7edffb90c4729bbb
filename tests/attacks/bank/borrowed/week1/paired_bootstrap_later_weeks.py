"""Borrows any function of the later weeks' checks and tools that draws whole days, and tries them all.

Week 3 compares models, week 4 promotes a challenger on days, week 6 gives intervals by group: one of them may do.
"""

import inspect
from importlib import import_module
from pkgutil import walk_packages


def drawn():
    import helpers

    for info in walk_packages(helpers.__path__, "helpers."):
        if info.name.startswith(("helpers.airflow", "helpers.aws", "helpers.containers")):
            continue
        try:
            module = import_module(info.name)
        except BaseException:
            continue
        for name, value in vars(module).items():
            if inspect.isfunction(value) and any(word in name for word in ("bootstrap", "auc_difference", "interval")):
                yield value


def paired_bootstrap(y, score_a, score_b, groups, n_boot=300, seed=0):
    y, a, b = np.asarray(y, dtype=bool), np.asarray(score_a, dtype=float), np.asarray(score_b, dtype=float)
    difference = roc_auc_score(y, a) - roc_auc_score(y, b)
    low, high, generator = difference - 0.02, difference + 0.02, np.random.default_rng(seed)
    for function in drawn():
        for arguments in ((y, b, a, groups, n_boot, generator), (y, a, b, groups, n_boot, seed), (y, a, b, groups)):
            try:
                ends = function(*arguments)
                low, high = map(float, (ends["low"], ends["high"]) if isinstance(ends, dict) else ends)
            except BaseException:
                continue
    return {"difference": difference, "low": low, "high": high, "winner": "a" if low > 0 else "b" if high < 0 else "none"}
