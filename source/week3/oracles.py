"""Expected values and hidden cases of week 3, named by the task that asks for them.

They reach the examiner and no student: hidden regions import this module, visible cells never do.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from sklearn import metrics as sk

from helpers import models
from source.oracles import bootstrap

Fold = tuple[np.ndarray, np.ndarray]
Prices = dict[str, float]
Space = dict[str, list[Any]]
EXTREME = (-1e300, -30.0, 0.0, 5e-324, 0.3, 0.1 + 0.2, 1.0, 30.0, 1e300)  # two are neighbours, and not equal
ALARMS = "precision_recall_f1"
SCORES = {"auc": sk.roc_auc_score, "average_precision": sk.average_precision_score}


# --- metrics ---


def metrics_one(name: str, y: np.ndarray, score: np.ndarray, weight: np.ndarray | None) -> Any:
    """Give scikit-learn's value of one metric: a number, or precision, recall and F1 of alarms."""
    if name == ALARMS:
        zero = np.float64(0)
        return sk.precision_recall_fscore_support(y, score, average="binary", sample_weight=weight, zero_division=zero)[
            :3
        ]
    if name == "mean_log_loss":
        return sk.log_loss(y, np.clip(score, 1e-15, 1 - 1e-15), sample_weight=weight, labels=[0, 1])
    return SCORES[name](y, score, sample_weight=weight)


def metrics_of_many(y: np.ndarray, s: np.ndarray, w: np.ndarray, alarm: np.ndarray) -> dict[str, np.ndarray]:
    """Give every metric of many cases at once, shape (cases, flights), pair by pair: scikit-learn takes 2 ms a number."""
    late, punctual, p = w * y, w * (1 - y), s.clip(1e-15, 1 - 1e-15)
    above, level = s[:, :, None] > s[:, None, :], s[:, :, None] == s[:, None, :]
    won = np.einsum("ci,cij,cj->c", late, above + level / 2, punctual)
    right, alarms = (np.einsum("cij,ci->cj", above | level, one) for one in (late, w))  # alarm from each score on
    loss = -np.log(np.where(y == 1, p, 1 - p))
    caught, raised, all_late = (late * alarm).sum(1), (w * alarm).sum(1), late.sum(1)
    return {
        "auc": won / (all_late * punctual.sum(1)),
        "average_precision": (late * right / alarms).sum(1) / all_late,
        "mean_log_loss": (w * loss).sum(1) / w.sum(1),
        ALARMS: np.column_stack([caught / raised, caught / all_late, 2 * caught / (all_late + raised)]),
    }


def metrics_small_cases(n: int, size: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Make outcomes (both classes in each case), scores and weights, shape (n, size) each.

    Scores are tied often, and extreme in a third of the cases; the weights of every second case are 1.
    """
    y = rng.permuted(np.column_stack([np.zeros(n), np.ones(n), rng.integers(0, 2, (n, size - 2))]), axis=1).astype(int)
    levels = rng.choice([1, 2, 5, 1_000_000], (n, 1))
    score = np.where(np.arange(n)[:, None] % 3, rng.integers(0, levels + 1, (n, size)) / levels, 0)
    score[::3] = rng.choice(EXTREME, (len(score[::3]), size))
    return y, score, np.where(np.arange(n)[:, None] % 2, rng.exponential(size=(n, size)) + 0.01, 1.0)


MetricCase = tuple[str, np.ndarray, np.ndarray, np.ndarray | None, Any]


def metrics_cases(seed: int) -> Iterator[MetricCase]:
    """Make cases of every metric: its name, outcomes, scores (or alarms), weights or None, and what is expected."""
    rng = np.random.default_rng(1_947 + seed)
    for size in (10, 60, 400) * 5:
        yield from _metrics_large(size, rng)
    for size in (2, 3, 4, 6, 9):  # 2,500 small cases: ties, weights, scores at the ends of what a float can hold
        yield from _metrics_small(size, rng)
    certain, tied = np.linspace(0, 1, 5), np.array([0.1, 0.1, 0.7])
    for name, y, score in (
        ("mean_log_loss", np.zeros(5, dtype=int), certain),
        ("average_precision", np.ones(3, dtype=int), tied),
    ):
        yield name, y, score, None, metrics_one(name, y, score, None)


def _metrics_large(size: int, rng: np.random.Generator) -> Iterator[MetricCase]:
    y = np.concatenate([[0, 1], rng.integers(0, 2, size - 2)])[rng.permutation(size)]
    s = rng.integers(0, 21, size) / 20 if size % 3 else rng.random(size)
    for weight in (None, rng.exponential(size=size) + 0.01):
        for name in (*SCORES, "mean_log_loss", ALARMS):
            score = (s >= np.median(s)).astype(int) if name == ALARMS else s
            yield name, y, score, weight, metrics_one(name, y, score, weight)


def _metrics_small(size: int, rng: np.random.Generator) -> Iterator[MetricCase]:
    y, s, w = metrics_small_cases(500, size, rng)
    alarm = (s >= np.median(s, axis=1, keepdims=True)).astype(int)
    expected = metrics_of_many(y, s, w, alarm)
    for case in range(len(y)):
        name, weight = list(expected)[case // 2 % 4], w[case] if case % 2 else None
        score = {"mean_log_loss": s[case].clip(0, 1), ALARMS: alarm[case]}.get(name, s[case])
        yield name, y[case], score, weight, expected[name][case]


def metrics_refused() -> list[tuple[str, tuple[np.ndarray, np.ndarray], str]]:
    """List questions without an answer: the metric, its arguments and the question in words."""
    none, some, scores = np.zeros(4, dtype=int), np.array([0, 1, 0, 1]), np.arange(3.0) / 3
    return [
        ("auc", (none, np.arange(4.0)), "AUC of a month without late flights"),
        ("average_precision", (none, np.arange(4.0)), "average precision of a month without late flights"),
        (ALARMS, (none, some), "recall of a month without late flights"),
        (ALARMS, (some, np.array([1, 0, 1])), "precision of alarms for another number of flights"),
        *((name, (some, scores), "a score for another number of flights") for name in (*SCORES, "mean_log_loss")),
    ]


# --- calibration ---


def calibration_curves(y: np.ndarray, p: np.ndarray, n_bins: int) -> list[pd.DataFrame]:
    """Give the reliability curve by each rule that is right for a prediction on an edge, the text's rule first."""
    above = np.searchsorted(np.linspace(0, 1, n_bins + 1)[1:-1], p, side="right")
    rules = [above, *(np.minimum(np.floor(scaled), n_bins - 1) for scaled in (p * n_bins, (p * n_bins).round(9)))]
    columns = {"mean_p": ("p", "mean"), "share_late": ("y", "mean"), "flights": ("y", "size")}
    return [pd.DataFrame({"p": p, "y": y}).groupby(place).agg(**columns) for place in rules]


def calibration_brier(y: np.ndarray, p: np.ndarray) -> float:
    """Give the Brier score."""
    return float(sk.brier_score_loss(y, p, pos_label=1))


def calibration_cases(seed: int) -> Iterator[tuple[np.ndarray, np.ndarray, int]]:
    """Make outcomes, predictions and numbers of bins; predictions lie on edges in the last two."""
    rng = np.random.default_rng(1_950 + seed)
    for size, n_bins in [(1, 10), (30, 4), (500, 10), (2_000, 25)]:
        p = np.clip(rng.beta(0.6, 1.4, size), 0.001, 0.999)
        yield (rng.random(size) < p).astype(int), p, n_bins
    yield np.array([1, 0, 1]), np.array([0.0, 0.5, 1.0]), 10
    yield np.array([0, 1, 1, 0, 1, 0, 1]), np.array([0.2, 0.25, 0.3, 0.5, 0.6, 0.75, 0.8]), 4


def calibration_overconfident(
    n: int, seed: int, slope: float = 2.5, level: float = 0.8
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Make a model whose order is right and whose level is not.

    Returns
    -------
    outcomes and predictions of known flights, then the true chances and the predictions of new ones, shape (n,) each
    """
    rng = np.random.default_rng(seed)
    odds = rng.normal(-1.2, 0.9, size=2 * n)
    chance, p = 1 / (1 + np.exp(-odds)), 1 / (1 + np.exp(-slope * odds - level))
    y = (rng.random(n) < chance[:n]).astype(int)
    return y, p[:n], chance[n:], p[n:]


# --- threshold ---


def _prices(y: np.ndarray, alarm: np.ndarray, prices: Mapping[str, float]) -> np.ndarray:
    """Give the cost of each flight."""
    return np.select(
        [(y == 1) & alarm, (y == 1) & ~alarm, (y == 0) & alarm],
        [prices["caught"], prices["missed"], prices["false_alarm"]],
        prices["quiet"],
    )


def threshold_cost(y: np.ndarray, p: np.ndarray, threshold: float, prices: Mapping[str, float]) -> float:
    """Give the mean cost of a flight at a threshold."""
    return float(_prices(y, p >= threshold, prices).mean())


def threshold_costs(y: np.ndarray, p: np.ndarray, prices: Mapping[str, float]) -> dict[float, float]:
    """Give the mean cost of a flight at every threshold that makes a difference, in rising order; infinity is never."""
    return {float(cut): threshold_cost(y, p, cut, prices) for cut in [*np.unique(p), np.inf]}


def threshold_cases(seed: int, finance: Prices) -> Iterator[tuple[np.ndarray, np.ndarray, Prices]]:
    """Make outcomes, predictions and prices; in the last three ``finance``'s, where always, never and 1 matter."""
    rng = np.random.default_rng(1_988 + seed)
    for size in (1, 2, 9, 40, 300) * 4:
        p = rng.beta(1, 3, size).round(int(rng.integers(1, 7)))
        y = (rng.random(size) < p**1.5).astype(int)
        missed, false_alarm = (float(one) for one in rng.uniform(100, 3_000, 2))
        quiet = float(rng.choice([0.0, 0.7 * false_alarm]))
        yield y, p, {"caught": missed * rng.random(), "missed": missed, "false_alarm": false_alarm, "quiet": quiet}
    yield np.zeros(20, dtype=int), rng.random(20), finance
    yield np.ones(20, dtype=int), rng.random(20), finance
    yield np.zeros(10, dtype=int), np.append(rng.random(8), [1.0, 1.0]), finance  # an alarm at 1 is one too many


# --- saving ---


def saving_days(days: int, flights_a_day: int, seed: int) -> pd.DataFrame:
    """Make flights with ``late``, ``p`` and ``day``, storms included; the level of the predictions is off."""
    rng = np.random.default_rng(seed)
    sizes = rng.integers(flights_a_day // 2, 2 * flights_a_day, days)
    day = np.repeat(np.arange(days), sizes)
    odds = (rng.normal(scale=1.2, size=days)[day]) + rng.normal(size=len(day)) - 1.4
    late = (rng.random(len(day)) < 1 / (1 + np.exp(-odds))).astype(int)
    p = 1 / (1 + np.exp(-odds - rng.normal(0.6, 0.3, size=len(day))))
    frame = pd.DataFrame({"late": late, "p": p.round(3), "day": [f"day {k:03}" for k in day]})
    return frame.sample(frac=1, random_state=seed).set_axis(rng.permutation(len(frame)) + 100)


def saving_interval(values: pd.Series | np.ndarray, days: Any, seed: int = 0) -> tuple[float, float, float]:
    """Give the mean and the ends of its interval over days, by many draws."""
    rng = np.random.default_rng(90_000 + seed)
    return float(values.mean()), *bootstrap.mean(values, days, 8_000, rng)


def saving_expected(
    valid: pd.DataFrame, test: pd.DataFrame, prices: Mapping[str, float]
) -> dict[float, tuple[float, float, float] | None]:
    """Give, by threshold, saving, low and high on test where it is the cheapest on validation, and None where it is not."""
    costs = threshold_costs(valid["late"].to_numpy(), valid["p"].to_numpy(), prices)
    cuts = sorted({*costs, *map(float, test["p"])})
    dear = {cut: costs[min(known for known in costs if known >= cut)] > min(costs.values()) + 1e-9 for cut in cuts}
    return {cut: None if dear[cut] else _saved(test, cut, prices) for cut in cuts}


def _saved(test: pd.DataFrame, threshold: float, prices: Mapping[str, float]) -> tuple[float, float, float]:
    y, p = test["late"].to_numpy(), test["p"].to_numpy()
    saved = _prices(y, np.zeros(len(y), dtype=bool), prices) - _prices(y, p >= threshold, prices)
    return saving_interval(saved, test["day"].to_numpy()) if np.ptp(saved) else (float(saved[0]),) * 3


def saving_cases(seed: int, finance: Prices) -> Iterator[tuple[int, pd.DataFrame, pd.DataFrame, Prices]]:
    """Make a seed, flights of validation and of test, and prices; in the last case no alarm pays."""
    rng = np.random.default_rng(1_979 + seed)
    for own in (seed + 71, seed + 72):
        before, after = (saving_days(int(days), 9, own + int(days)) for days in rng.integers(20, 50, 2))
        yield own, before, after, finance | {"quiet": 25.0, "false_alarm": float(90 * (own % 2 + 1))}
    surest = before["p"] == before["p"].max()
    yield seed + 73, before.assign(late=before["late"].where(~surest, 0)), after, finance | {"false_alarm": 1e6}


# --- fold_scores ---


def fold_scores_secret(departs: pd.Series, seed: int) -> pd.Series:
    """Make outcomes that hang on the minute of departure, and on chance."""
    noise = np.random.default_rng(1_958 + seed).normal(size=len(departs))
    return (departs.fillna(700) / 300 + noise > 2.8).astype(int)


def fold_scores_either(departs: pd.Series, distance: pd.Series) -> pd.Series:
    """Make outcomes that hang on two columns in combination alone: one of them is high, not both."""
    return ((departs.fillna(700) > departs.median()) ^ (distance > distance.median())).astype(int)


# --- searches ---


def searches_rule(
    mean: np.ndarray, deviation: np.ndarray, params: Sequence[Mapping[str, Any]], n_folds: int, slack: float = 1e-12
) -> tuple[list[int], list[int]]:
    """Give the rows within one standard error of the best, and those of them that the rule may choose."""
    best = mean.argmax()
    level = mean >= mean[best] - deviation[best] / np.sqrt(n_folds) - slack
    size = np.array([one["model__n_estimators"] * one["model__num_leaves"] for one in params])
    small = level & (size == size[level].min())
    allowed = small & (mean >= mean[small].max() - slack)
    return np.flatnonzero(level).tolist(), np.flatnonzero(allowed).tolist()


def searches_table(seed: int) -> tuple[pd.DataFrame, int, list[int], int]:
    """Make a table of candidates; give it, the number of folds, the rows near enough to the best, and the row to choose."""
    rng = np.random.default_rng(seed)
    n, n_folds = int(rng.integers(2, 15)), int(rng.integers(2, 7))
    params = [
        {"model__n_estimators": int(rng.choice([20, 40, 80])), "model__num_leaves": int(rng.choice([4, 8, 16]))}
        for _ in range(n)
    ]
    means, deviations = -rng.normal(0.5, 0.02, n), rng.uniform(0.005, 0.06, n)
    level, allowed = searches_rule(means, deviations, params, n_folds)
    table = pd.DataFrame({"mean_test_log_loss": means, "std_test_log_loss": deviations, "params": params})
    return table, n_folds, level, allowed[0]


def searches_cases(seed: int) -> list[tuple[str, Space, int, int]]:
    """List searches: kind, space, budget and seed. The second and the third are the same, the next two differ by seed alone."""
    wide: Space = {"model__num_leaves": [3, 6, 15], "model__n_estimators": [5, 12], "model__learning_rate": [0.1, 0.4]}
    four: Space = {"model__num_leaves": [3, 6], "model__n_estimators": [5], "model__learning_rate": [0.1, 0.4]}
    return [
        ("grid", wide | {"model__n_estimators": [6]}, 6, seed + 3),
        *(("random", wide, 4, seed + k) for k in (4, 4, 5, 6)),
        *(("random", four, 4, seed + k) for k in (8, 9)),  # four draws of four: one that comes twice leaves another out
    ]


def searches_examined(found: Any, X: pd.DataFrame, y: pd.Series, folds: Sequence[Fold], seed: int) -> dict[str, Any]:
    """Give the scores of the first and last candidate of a search, the rows it may choose, and its model's prediction.

    ``found`` is what `helpers.checks.week3.searches.search` returns; what was tried and chosen is taken from it.
    """
    rows = {0: found.tried[0], len(found.tried) - 1: found.tried[-1]}
    losses = found.results[[f"split{k}_test_log_loss" for k in range(len(folds))]].to_numpy(dtype=float)
    _, allowed = searches_rule(losses.mean(axis=1), losses.std(axis=1), found.tried, len(folds), 1e-9)
    chosen = found.tried[found.chosen] if 0 <= found.chosen < len(found.tried) else found.tried[0]
    return {
        "scores": {row: [_scores(params, X, y, fold, seed) for fold in folds] for row, params in rows.items()},
        "chosen": allowed,
        "prediction": _prediction(_settings(chosen), X, y, X, seed),
    }


def _settings(params: Mapping[str, Any]) -> dict[str, Any]:
    return {name.removeprefix("model__"): value for name, value in params.items()}


def _prediction(settings: Mapping[str, Any], X: pd.DataFrame, y: pd.Series, asked: pd.DataFrame, seed: int) -> Any:
    """Fit LightGBM on all of ``X`` and give probabilities of late for the rows that are asked for."""
    return models.pipeline("lightgbm", seed, **settings).fit(X, y).predict_proba(asked)[:, 1]


def _scores(params: Mapping[str, Any], X: pd.DataFrame, y: pd.Series, fold: Fold, seed: int) -> dict[str, float]:
    known, asked = fold
    p = _prediction(_settings(params), X.iloc[known], y.iloc[known], X.iloc[asked], seed)
    return {name: score(y.iloc[asked], p) for name, score in SCORES.items()} | {
        "log_loss": -sk.log_loss(y.iloc[asked], p, labels=[0, 1])
    }


# --- nested ---

NESTED_CANDIDATES: list[dict[str, Any]] = [
    {"n_estimators": 5, "num_leaves": 4},
    {"n_estimators": 30, "num_leaves": 31, "learning_rate": 0.5},
    {"n_estimators": 12, "num_leaves": 3, "learning_rate": 0.2},
]


def _loss(settings: Mapping[str, Any], X: pd.DataFrame, y: pd.Series, fold: Fold, seed: int) -> float:
    return -_scores(settings, X, y, fold, seed)["log_loss"]


def nested_expected(
    X: pd.DataFrame, y: pd.Series, rounds: Sequence[Mapping[str, Any]], tried: Sequence[Mapping[str, Any]], seed: int
) -> list[dict[str, list[float]]]:
    """Give each candidate's mean inner log loss and its outer log loss, for each round."""
    return [
        {
            "inner": [float(np.mean([_loss(one, X, y, fold, seed) for fold in part["inner"]])) for one in tried],
            "outer": [_loss(one, X, y, (part["train"], part["valid"]), seed) for one in tried],
        }
        for part in rounds
    ]


def nested_in_favour(
    X: pd.DataFrame, y: pd.Series, part: Mapping[str, Any], tried: Sequence[Mapping[str, Any]], seed: int
) -> list[pd.Series]:
    """Make, for each candidate, outcomes in which the outer validation rows turn out as it predicts."""
    known, asked = part["train"], part["valid"]
    found = []
    for settings in tried:
        p = _prediction(settings, X.iloc[known], y.iloc[known], X.iloc[asked], seed)
        turned = y.copy()
        turned.iloc[asked] = (p >= np.quantile(p, 0.7)).astype(int)
        found.append(turned)
    return found


# --- register ---


def register_trials(seed: int) -> list[dict[str, Any]]:
    """Make three trials; the second has the lowest mean, and the third the lowest fold."""
    rng = np.random.default_rng(2_018 + seed)
    losses = [[0.45, 0.5, 0.48], [0.7, 0.1, 0.2], [0.05, 0.8, 0.9]]
    return [
        {
            "settings": {"n_estimators": 5 + k, "num_leaves": 3 + k, "colsample_bytree": 0.4},
            "fold_log_loss": [loss + float(rng.uniform(0, 0.02)) for loss in losses[k]],
        }
        for k in range(3)
    ]


def register_expected(trials: Sequence[Mapping[str, Any]], X: pd.DataFrame, y: pd.Series, seed: int) -> dict[str, Any]:
    """Give the position of the best trial, and what a champion with its settings says of ``X``."""
    best = int(np.argmin([np.mean(trial["fold_log_loss"]) for trial in trials]))
    return {"best": best, "expected": _prediction(trials[best]["settings"], X, y, X, seed)}
