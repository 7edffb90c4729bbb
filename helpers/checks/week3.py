"""Week 3's property checks. The visible and the hidden tests call the same ones, on different data.

Metrics are compared with scikit-learn's; everything else with what must be true of any right answer.
"""

from __future__ import annotations

import re
import sqlite3
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from helpers import checks, models
from helpers.checks import CheckFailed, artifacts, bootstrap, call, close, has_columns, is_probability, require, returns

Fold = tuple[np.ndarray, np.ndarray]
METRICS = ("auc", "log_loss", "average_precision")
EXTREME = (-1e300, -30.0, 0.0, 5e-324, 0.3, 0.1 + 0.2, 1.0, 30.0, 1e300)  # two are neighbours, and not equal
_METRIC_WHERE = {
    "auc": "pairs of equal scores count half; weights of a pair multiply",
    "average_precision": "flights of one score enter together; with R before and after each step, no trapezoids",
    "mean_log_loss": "cut p at 1e-15 on both sides first; the mean over all flights, weights included",
}


_ALARM_WHERE = {
    "precision": "the share of alarms that are right",
    "recall": "the share of late flights that got an alarm",
    "f1": "the harmonic mean, 2PR / (P + R), and not the plain one",
}
_WEIGHTS = "; with weights, sums of weights take the place of counts"


# --- metrics ---


def metric(
    name: str,
    function: Callable[..., Any],
    y: np.ndarray,
    score: np.ndarray,
    weight: np.ndarray | None,
    expected: float | None = None,
) -> None:
    """Compare a metric of a student with ``expected``, or else with scikit-learn's, with or without weights."""
    arguments = (y, score) if weight is None else (y, score, weight)
    result = returns(call(function, *arguments), float, name)
    if expected is None:
        expected = _scikit_learns(name, y, score, weight)
    why = "two teams that report one name for two numbers cannot compare anything"
    what = f"{name}{_kind(name, score, weight)}"
    close(result, expected, what=what, tolerance=1e-8, why=why, where=_METRIC_WHERE[name])


def _scikit_learns(name: str, y: np.ndarray, score: np.ndarray, weight: np.ndarray | None) -> float:
    from sklearn import metrics as sk

    if name == "mean_log_loss":
        return sk.log_loss(y, np.clip(score, 1e-15, 1 - 1e-15), sample_weight=weight, labels=[0, 1])
    known = {"auc": sk.roc_auc_score, "average_precision": sk.average_precision_score}
    return known[name](y, score, sample_weight=weight)


def _kind(name: str, score: np.ndarray, weight: np.ndarray | None) -> str:
    """What is special about a case, for the message."""
    steps = np.diff(np.unique(score))
    special = {
        " with weights": weight is not None,
        " of probabilities that are exactly 0 or 1": name == "mean_log_loss" and np.isin(score, (0, 1)).any(),
        " where scores are tied": name != "mean_log_loss" and len(steps) + 1 < len(score),
        " where scores are huge, or equal but for the last digit": np.abs(score).max() > 1e6
        or steps.min(initial=1.0) < 1e-12,
    }
    return "".join(words for words, true in special.items() if true)


def alarms(
    function: Callable[..., Any],
    y: np.ndarray,
    alarm: np.ndarray,
    weight: np.ndarray | None,
    expected: Sequence[float] | None = None,
) -> None:
    """Compare precision, recall and F1 with ``expected``, or else with scikit-learn's, where all three exist."""
    from sklearn import metrics as sk

    arguments = (y, alarm) if weight is None else (y, alarm, weight)
    result = returns(call(function, *arguments), dict, "precision_recall_f1")
    names = ("precision", "recall", "f1")
    missing = [name for name in names if name not in result]
    require(not missing, f"the dictionary has no {', '.join(missing)}", where="the docstring names its keys")
    if expected is None:
        expected = sk.precision_recall_fscore_support(
            y, alarm, average="binary", sample_weight=weight, zero_division=np.float64(0)
        )[:3]
    weighted = " with weights" if weight is not None else ""
    for name, value in zip(names, expected, strict=True):
        close(result[name], value, what=f"{name}{weighted}", where=_ALARM_WHERE[name] + _WEIGHTS)


def small_cases(n: int, size: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Make outcomes (both classes in each case), scores and weights, shape (n, size) each.

    Scores are tied often, and extreme in a third of the cases; the weights of every second case are 1.
    """
    y = rng.permuted(np.column_stack([np.zeros(n), np.ones(n), rng.integers(0, 2, (n, size - 2))]), axis=1).astype(int)
    levels = rng.choice([1, 2, 5, 1_000_000], (n, 1))
    score = np.where(np.arange(n)[:, None] % 3, rng.integers(0, levels + 1, (n, size)) / levels, 0)
    score[::3] = rng.choice(EXTREME, (len(score[::3]), size))
    return y, score, np.where(np.arange(n)[:, None] % 2, rng.exponential(size=(n, size)) + 0.01, 1.0)


def refuses(function: Callable[..., Any], arguments: tuple[Any, ...], what: str) -> None:
    """Require a ValueError; ``what`` says which number was asked for."""
    checks.refuses(
        function,
        arguments,
        what,
        instead="is given as a number, though it does not exist",
        why="a silent 0 or NaN goes into a mean over months, and nobody finds it again",
        where="the docstring's section Raises: test the input first, then compute",
    )


# --- calibration ---


def reliability(function: Callable[..., Any], y: np.ndarray, p: np.ndarray, n_bins: int) -> None:
    """Check a reliability curve against the flights that it was made of."""
    result = returns(call(function, y, p, n_bins), pd.DataFrame, "reliability")
    has_columns(result, ["mean_p", "share_late", "flights"])
    counts = np.asarray(result["flights"], dtype=float)
    require(
        bool((counts > 0).all()) and not result[["mean_p", "share_late"]].isna().any(axis=None),
        "the curve has a row for a bin without flights",
        why="a bin without flights has no mean: it would be drawn as 0, or as a hole",
        where="leave empty bins out",
    )
    require(
        counts.sum() == len(p),
        "the bins do not hold every flight once",
        seen=f"{counts.sum():.0f} of {len(p)}",
        where="the first bin holds 0, the last one holds 1",
    )
    # An edge like 0.3 is no float, and 0.3 lies above one float next to it and below another: each rule is right there.
    above = np.searchsorted(np.linspace(0, 1, n_bins + 1)[1:-1], p, side="right")
    rules = [above, *(np.minimum(np.floor(scaled), n_bins - 1) for scaled in (p * n_bins, (p * n_bins).round(9)))]
    given = counts.tolist()
    place = next((rule for rule in rules if np.unique(rule, return_counts=True)[1].tolist() == given), above)
    expected = [
        (p[place == k].mean(), y[place == k].mean(), (place == k).sum()) for k in range(n_bins) if (place == k).any()
    ]
    require(
        len(result) == len(expected),
        "the bins are not of equal width between 0 and 1",
        seen=f"{len(result)} bins with flights, expected {len(expected)}",
        why="the bins are part of the definition: with others, the curve is another",
        where="edges at 0, 1/n, 2/n, …, 1; a flight on an edge belongs to the bin above, and p = 1 to the last",
    )
    where = "edges at 0, 1/n, …, 1; mean prediction and share of late flights of the same flights; rising order"
    for column, numbers in zip(("flights", "mean_p", "share_late"), np.array(expected).T[[2, 0, 1]], strict=True):
        close(result[column].to_numpy(dtype=float), numbers, what=f"{column} of the bins", where=where)


def overconfident(
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


def recalibrated(
    function: Callable[..., Any], y_known: np.ndarray, p_known: np.ndarray, chance: np.ndarray, p_new: np.ndarray
) -> None:
    """Check that mending keeps the order, uses known outcomes alone, and comes nearer to the chances of new flights.

    Chances, not outcomes: luck in the outcomes would fail one right answer in twenty.
    """
    asked = np.concatenate([p_new, [0.0, 1.0]])
    answer = returns(call(function, y_known, p_known, asked), np.ndarray, "recalibrate")
    require(
        not pd.isna(answer).any(),
        "some predictions are mended to nothing (NaN)",
        seen=f"{pd.isna(answer).sum()} of {len(asked):,}",
        why="the first flight beyond what was seen so far would have no probability",
        where="beyond all known predictions (`out_of_bounds`); the log odds of 0 and 1, which are infinite: cut first",
    )
    mended = is_probability(answer, len(asked))
    steps = np.diff(mended[np.argsort(asked, kind="stable")])
    require(
        bool((steps > -1e-9).all()),
        "a higher prediction became a lower one",
        why="recalibration mends the level; an order that it changes is another model",
        where="a curve that only rises: logistic in the log odds, or isotonic",
    )
    alone = is_probability(call(function, y_known, p_known, asked[:1]), 1)
    require(
        abs(alone[0] - mended[0]) < 1e-6,
        "what a prediction becomes depends on the other predictions to be mended",
        why="tomorrow flights come one by one, and their outcomes are not known",
        where="learn the curve from y_known and p_known alone",
    )
    raw, after = (float(np.mean((p - chance) ** 2)) for p in (p_new, mended[:-2]))
    require(
        after < 0.4 * raw,
        "the mended predictions are hardly nearer to the truth than the raw ones",
        seen=f"mean squared distance from the true chance {raw:.4f} before, {after:.4f} after",
        why="finance multiplies these numbers with dollars",
        where="is the curve from prediction to outcome, on the known flights? One factor for all is no curve",
    )


# --- cost and threshold ---


def _price(y: np.ndarray, alarm: np.ndarray, cost: Mapping[str, float]) -> np.ndarray:
    return np.select(
        [(y == 1) & alarm, (y == 1) & ~alarm, (y == 0) & alarm],
        [cost["caught"], cost["missed"], cost["false_alarm"]],
        cost["quiet"],
    )


def cost(
    function: Callable[..., Any], y: np.ndarray, p: np.ndarray, threshold: float, prices: Mapping[str, float]
) -> None:
    """Check the mean cost of a flight at one threshold."""
    result = returns(call(function, y, p, threshold, dict(prices)), float, "cost_per_flight")
    where = "finance's four prices, none taken for zero; an alarm is p >= threshold, itself included; the mean"
    close(result, _price(y, p >= threshold, prices).mean(), what="the mean cost of a flight", where=where)


def cheapest(function: Callable[..., Any], y: np.ndarray, p: np.ndarray, prices: Mapping[str, float]) -> None:
    """Check that no other threshold is cheaper on these flights."""
    threshold = returns(call(function, y, p, dict(prices)), float, "best_threshold")
    require(not np.isnan(threshold), "the threshold is missing (NaN)", where="a mean over no flights is NaN")
    here = _price(y, p >= threshold, prices).mean()
    possible = {cut: _price(y, p >= cut, prices).mean() for cut in [*np.unique(p), np.inf]}
    best = min(possible, key=lambda cut: possible[cut])
    where = "try every predicted value as a threshold, and keep the cheapest; of equally cheap ones any will do"
    if best in (p.min(), np.inf):
        where = "always raising the alarm and never raising it are choices too"
    require(
        here <= possible[best] + 1e-9 * max(1.0, abs(possible[best])),
        "another threshold is cheaper on these flights",
        seen=f"{threshold:.4g} costs {here:.4f} dollars a flight, {best:.4g} costs {possible[best]:.4f}",
        why="every flight of the year pays the difference; 0.5, or the best F1, knows nothing of dollars",
        where=where,
    )


def desk_days(days: int, flights_a_day: int, seed: int) -> pd.DataFrame:
    """Flights with ``late``, ``p`` and ``day``, storms included; the level of the predictions is off."""
    rng = np.random.default_rng(seed)
    sizes = rng.integers(flights_a_day // 2, 2 * flights_a_day, days)
    day = np.repeat(np.arange(days), sizes)
    odds = (rng.normal(scale=1.2, size=days)[day]) + rng.normal(size=len(day)) - 1.4
    late = (rng.random(len(day)) < 1 / (1 + np.exp(-odds))).astype(int)
    p = 1 / (1 + np.exp(-odds - rng.normal(0.6, 0.3, size=len(day))))
    frame = pd.DataFrame({"late": late, "p": p.round(3), "day": [f"day {k:03}" for k in day]})
    return frame.sample(frac=1, random_state=seed).set_axis(rng.permutation(len(frame)) + 100)


def day_interval(function: Callable[..., Any], flights: pd.DataFrame, seed: int) -> None:
    """Check an interval of a mean against a bootstrap of days of this check's own, by width and by place."""
    values = 10.0 * flights["late"] - 3.0 * flights["p"]
    mean, low, high = _three(call(function, values, flights["day"], n_boot=2_000, seed=seed))
    close(mean, values.mean(), what="the mean over all flights", where="flights count, not days: no mean of means")
    again = _three(call(function, values, flights["day"], n_boot=2_000, seed=seed))
    require(
        again == (mean, low, high),
        "the same seed gives another interval",
        why="nobody can check a number that comes out different every time",
        where="make one random generator from `seed`, inside the function",
    )
    expected = bootstrap.mean(values, flights["day"], 8_000, np.random.default_rng(90_000 + seed))
    width = (high - low) / (expected[1] - expected[0])
    off = np.abs(np.array([low, high]) - expected).max() / (expected[1] - expected[0])
    require(
        0.88 < width < 1.13 and off < 0.12,
        "the interval is not the 2.5th and 97.5th percentile over draws of whole days",
        seen=f"[{low:.3f}, {high:.3f}], expected about [{expected[0]:.3f}, {expected[1]:.3f}]",
        why="flights of one day share one storm: drawn one by one, they promise more than the data hold",
        where="draw days with replacement, as many as there are; a day drawn twice counts twice; sums over sizes; "
        "2.5 % on either side",
    )


def _three(result: Any) -> tuple[float, float, float]:
    result = returns(result, tuple, "day_interval")
    require(len(result) == 3, "give three numbers: the mean, the low end and the high end", seen=f"{len(result)}")
    mean, low, high = (float(number) for number in result)
    return mean, low, high


def saving(function: Callable[..., Any], valid: pd.DataFrame, test: pd.DataFrame, prices: Mapping[str, float]) -> None:
    """Check that the threshold is validation's, whatever happens on test, and that the saving is test's."""
    result = _saving(call(function, valid, test, dict(prices), n_boot=1_000, seed=1))
    other = test.assign(late=1 - test["late"], p=test["p"] ** 2)
    elsewhere = _saving(call(function, valid, other, dict(prices), n_boot=20, seed=1))
    require(
        _same(result["threshold"], elsewhere["threshold"]),
        "the threshold changes when the test flights change: it was tuned on test",
        why="a threshold that has seen the test flights saves more on them than it will ever save again",
        where="choose on `valid` alone, then use that number on `test`",
    )
    y, p = valid["late"].to_numpy(), valid["p"].to_numpy()
    costs = {cut: _price(y, p >= cut, prices).mean() for cut in [*np.unique(p), np.inf]}
    require(
        _price(y, p >= result["threshold"], prices).mean() <= min(costs.values()) + 1e-9,
        "another threshold is cheaper on the validation flights",
        why="every flight of the year pays the difference",
        where="the last task's search: every predicted value, and never",
    )
    y, p = test["late"].to_numpy(), test["p"].to_numpy()
    saved = _price(y, np.zeros(len(y), dtype=bool), prices) - _price(y, p >= result["threshold"], prices)
    where = "cost of silence minus cost with alarms, mean over the flights of test; mind the sign"
    close(result["saving"], saved.mean(), what="the saving of a flight on test", tolerance=1e-7, where=where)
    if np.ptp(saved) == 0:
        return
    _, low, high = day_reference(saved, test["day"].to_numpy())
    off = max(abs(result["low"] - low), abs(result["high"] - high)) / (high - low)
    require(
        off < 0.15,
        "the interval of the saving is not the one of whole days of test",
        seen=f"[{result['low']:.2f}, {result['high']:.2f}], expected about [{low:.2f}, {high:.2f}]",
        where="an interval of the saving of each flight, with the days of test",
    )


def day_reference(values: np.ndarray, days: np.ndarray) -> tuple[float, float, float]:
    """Mean and interval over days by weights of whole days, many draws."""
    return float(values.mean()), *bootstrap.mean(values, days, 8_000, np.random.default_rng(0))


def _saving(result: Any) -> dict[str, float]:
    result = returns(result, dict, "expected_saving")
    missing = [name for name in ("threshold", "saving", "low", "high") if name not in result]
    require(not missing, f"the dictionary has no {', '.join(missing)}", where="the docstring names its keys")
    return {name: float(result[name]) for name in ("threshold", "saving", "low", "high")}


def _same(one: float, other: float) -> bool:
    return one == other or abs(one - other) < 1e-12


# --- folds ---


def folds(function: Callable[..., Any], times: pd.Series, n_folds: int, gap_days: int) -> None:
    """Check that folds never look ahead, keep days whole and leave the gap out."""
    result = returns(call(function, times, n_folds, gap_days), list, "time_folds")
    where = "n_folds + 1 blocks: the first one only trains"
    require(
        len(result) == n_folds,
        "there must be one pair for each fold",
        seen=f"{len(result)} for {n_folds} folds",
        where=where,
    )
    local = times.dt.tz_convert("America/New_York").dt.tz_localize(None).dt.floor("D")
    days = np.unique(local.to_numpy())
    day = np.searchsorted(days, local.to_numpy())
    number = ((local - local.min()).dt.days).to_numpy()  # calendar days, those without flights included
    pairs = [_pair(pair, len(times)) for pair in result]
    for known, asked in pairs:
        _never_ahead(number[known], number[asked])
    _blocks(pairs, day, len(days), n_folds)
    for known, asked in pairs:
        _after_the_gap(number[known], number[asked], gap_days)
        expected = np.flatnonzero(number < number[asked].min() - gap_days)
        require(
            np.array_equal(np.sort(known), expected),
            "a fold does not train on every earlier flight outside its gap",
            seen=f"{len(known)} training rows, expected {len(expected)}",
            why="rows that are left out are evidence that was paid for and thrown away",
            where="from the first day on; the gap is counted in days of New York: gap_days before validation, no more",
        )


def _pair(pair: Any, n: int) -> Fold:
    pair = returns(pair, tuple, "a fold")
    require(len(pair) == 2, "a fold must be a pair: rows of training, rows of validation", seen=f"{len(pair)} parts")
    known, asked = (np.asarray(rows) for rows in pair)
    for rows in (known, asked):
        whole = rows.ndim == 1 and rows.dtype.kind in "iu" and rows.size > 0
        require(
            whole and rows.min() >= 0 and rows.max() < n and len(np.unique(rows)) == len(rows),
            "a fold's rows are not row positions, each once",
            seen=f"dtype {rows.dtype}, {rows.size} rows",
            why="scikit-learn takes positions: index labels point to other flights, or to none",
            where="`np.flatnonzero` of a mask gives positions",
        )
    return known, asked


def _never_ahead(known: np.ndarray, asked: np.ndarray) -> None:
    require(
        known.max() <= asked.min(),
        "a fold looks ahead: it trains on days after, or between, its validation days",
        why="it has seen the weather of the days around: shuffled folds score too well, as a random split does",
        where="no shuffling; blocks are runs of days in order of time; training first, then the gap, then validation",
    )
    require(
        known.max() < asked.min(),
        "a day stands on both sides of a fold",
        why="flights of one day share one storm",
        where="cut between days of New York, not between rows",
    )


def _after_the_gap(known: np.ndarray, asked: np.ndarray, gap_days: int) -> None:
    require(
        known.max() < asked.min() - gap_days,
        "a fold trains on days within the gap",
        seen=f"last training day {asked.min() - known.max()} days before validation begins, gap {gap_days}",
        why="the outcomes of those days are not all in when the model is trained",
        where="the gap is counted in days, not rows: with a gap of 2, the 2 days before validation are left out",
    )


def _blocks(pairs: Sequence[Fold], day: np.ndarray, n_days: int, n_folds: int) -> None:
    blocks = [np.unique(day[asked]) for _, asked in pairs]
    rows = sum(len(asked) for _, asked in pairs)
    joined = np.concatenate(blocks)
    whole = all(len(asked) == np.isin(day, block).sum() for (_, asked), block in zip(pairs, blocks, strict=True))
    require(
        whole and rows == np.isin(day, joined).sum(),
        "a validation block does not hold all flights of its days, or two blocks share a day",
        why="a day that is cut in two is on both sides of an examination",
        where="cut between days of New York: sched_dep is in UTC, and late evenings are the next day there",
    )
    first = n_days - len(joined)
    lengths = [first, *map(len, blocks)]
    require(
        np.array_equal(joined, np.arange(first, n_days)) and max(lengths) - min(lengths) <= 1,
        "the validation blocks are not n_folds of n_folds + 1 nearly equal runs of days, in order of time",
        seen=f"days a block: {lengths}",
        why="the last days are the ones most like tomorrow: no fold may leave them out",
        where="count days that have flights, not rows; the first block is for training only",
    )


# --- examinations on folds ---


def fold_scores(function: Callable[..., Any], X: pd.DataFrame, y: pd.Series, pairs: Sequence[Fold]) -> pd.DataFrame:
    """Check the shape of the scores, and that they come from probabilities of late; return them."""
    result = returns(call(function, X, y, list(pairs)), pd.DataFrame, "fold_scores")
    has_columns(result, ["auc", "log_loss"])
    require(len(result) == len(pairs), "there must be one row for each fold", seen=f"{len(result)} of {len(pairs)}")
    numbers = result[["auc", "log_loss"]].to_numpy(dtype=float)
    require(bool(np.isfinite(numbers).all()), "a fold has no score", seen=str(numbers), where="missing numbers")
    require(
        bool((numbers[:, 1] > 0).all()),
        "a log loss is not positive",
        where="scikit-learn's scorer has minus the log loss: the docstring asks for the loss itself",
    )
    for (_, asked), loss in zip(pairs, numbers[:, 1], strict=True):
        share = float(y.iloc[asked].mean())
        base = -(share * np.log(share) + (1 - share) * np.log(1 - share))
        require(
            loss < base + 0.25,
            "a log loss is far above that of a constant",
            seen=f"{loss:.3f}, a constant has {base:.3f}",
            where="probabilities of late (second column), not yes and no; rows and outcomes matched by position; "
            "a regression with its usual penalty, without class weights, on scaled numbers",
        )
    return result


def learns_within(function: Callable[..., Any], X: pd.DataFrame, y: pd.Series, pairs: Sequence[Fold]) -> None:
    """Change rows that are not in the first fold; its scores must stay."""
    before = fold_scores(function, X, y, pairs)
    own = np.zeros(len(X), dtype=bool)
    own[np.concatenate([*pairs[0]])] = True
    numbers = X.select_dtypes("number").columns
    changed = X.copy()
    changed.loc[~own, numbers] = changed.loc[~own, numbers] * 40.0 + 9_000.0
    after = fold_scores(function, changed, y, pairs)
    require(
        np.allclose(before.iloc[0][["auc", "log_loss"]], after.iloc[0][["auc", "log_loss"]], atol=1e-7),
        "the first fold's scores change when rows outside that fold change: something learned from all rows",
        why="a scaler, a median or an encoder that was fitted on the whole table has seen the days of the examination",
        where="put every step that learns into the pipeline, and fit the pipeline on the fold's training rows",
    )
    flipped = y.copy()
    flipped[~own] = 1 - flipped[~own]
    again = fold_scores_loose(function, X, flipped, pairs)
    require(
        np.allclose(before.iloc[0][["auc", "log_loss"]], again[0], atol=1e-7),
        "the first fold's scores change when outcomes outside that fold change",
        why="those flights have not landed yet when the fold's model is trained",
        where="a new model for each fold, trained on that fold's training rows alone",
    )


def fold_scores_loose(function: Callable[..., Any], X: pd.DataFrame, y: pd.Series, pairs: Sequence[Fold]) -> np.ndarray:
    """The scores without a word on how good they are."""
    result = call(function, X, y, list(pairs))
    return result[["auc", "log_loss"]].to_numpy(dtype=float)


def unit_free(function: Callable[..., Any], X: pd.DataFrame, y: pd.Series, pairs: Sequence[Fold], column: str) -> None:
    """Give a column in other units; no score may change by much."""
    before = fold_scores(function, X, y, pairs)["log_loss"].to_numpy(dtype=float)
    other = fold_scores_loose(function, X.assign(**{column: X[column] * 1.609 - 50}), y, pairs)[:, 1]
    tiny = fold_scores_loose(function, X.assign(**{column: X[column] / 50_000}), y, pairs)[:, 1]
    require(
        np.abs(before - other).max() < 2e-3 and np.abs(before - tiny).max() < 2e-3,
        "the scores depend on the unit of a column",
        seen=f"log loss {before}, in other units {other} and {tiny}",
        why="the penalty treats all coefficients alike: a column in small units is hardly used",
        where="numbers need one scale: subtract a mean and divide by a deviation, both of the training rows",
    )


def finds_signal(function: Callable[..., Any], X: pd.DataFrame, y: pd.Series, pairs: Sequence[Fold]) -> None:
    """A label that hangs on one numeric column must be found."""
    scores = fold_scores(function, X, y, pairs)["auc"].to_numpy(dtype=float)
    require(
        bool((scores > 0.7).all()),
        "a signal that lies in a numeric column is not found",
        seen=f"AUC {scores.round(3)}",
        where="are the numbers among the columns? Is it the probability of late? Do rows and outcomes belong together?",
    )


def standard_error_rule(function: Callable[..., Any], seed: int) -> None:
    """Check the rule of one standard error on a table of its own making."""
    rng = np.random.default_rng(seed)
    n, n_folds = int(rng.integers(2, 15)), int(rng.integers(2, 7))
    params = [
        {"model__n_estimators": int(rng.choice([20, 40, 80])), "model__num_leaves": int(rng.choice([4, 8, 16]))}
        for _ in range(n)
    ]
    means, deviations = -rng.normal(0.5, 0.02, n), rng.uniform(0.005, 0.06, n)
    results = pd.DataFrame({"mean_test_log_loss": means, "std_test_log_loss": deviations, "params": params})
    chosen = returns(call(function, results, n_folds), int, "one_standard_error")
    require(0 <= chosen < n, "the rule gives no row of the table", seen=f"{chosen} of {n} rows")
    best = int(means.argmax())
    line = means[best] - deviations[best] / np.sqrt(n_folds)
    size = np.array([entry["model__n_estimators"] * entry["model__num_leaves"] for entry in params])
    why = "the rule says in advance what is chosen: whoever changes it afterwards can choose anything"
    require(
        means[chosen] >= line - 1e-12,
        "the chosen candidate is more than one standard error behind the best",
        seen=f"mean {means[chosen]:.4f}, best {means[best]:.4f}, line {line:.4f}",
        why=why,
        where="scores are minus the log loss: higher is better; the best one's deviation over the root of the folds",
    )
    smallest = size[means >= line].min()
    require(
        size[chosen] == smallest,
        "a smaller model is within one standard error of the best, and was not chosen",
        seen=f"{size[chosen]} leaves, {smallest} would do",
        why=why,
        where="among all candidates at or above the line: n_estimators times num_leaves. Is the line too high?",
    )
    equal = (size == smallest) & (means >= line)
    require(
        means[chosen] == means[equal].max(),
        "of two equally small models the worse was chosen",
        why=why,
        where="order by size first, then by score",
    )


def search(
    function: Callable[..., Any],
    kind: str,
    X: pd.DataFrame,
    y: pd.Series,
    pairs: Sequence[Fold],
    space: Mapping[str, list[Any]],
    budget: int,
    seed: int,
) -> list[dict[str, Any]]:
    """Check candidates, scores, choice and model of a search; return the candidates."""
    from sklearn.model_selection import ParameterGrid

    found = returns(call(function, kind, X, y, list(pairs), dict(space), budget=budget, seed=seed), dict, "run_search")
    missing = [name for name in ("results", "chosen", "model") if name not in found]
    require(not missing, f"the dictionary has no {', '.join(missing)}", where="the docstring names its keys")
    results = returns(found["results"], pd.DataFrame, "the results").reset_index(drop=True)
    has_columns(results, ["params", *(f"mean_test_{name}" for name in METRICS)])
    has_columns(results, [f"split{k}_test_{name}" for k in range(len(pairs)) for name in METRICS])
    tried = [dict(params) for params in results["params"]]
    _candidates(kind, tried, list(ParameterGrid(dict(space))), budget)
    _examined(results, tried, X, y, pairs, seed)
    chosen = returns(found["chosen"], int, "the chosen row")
    _chosen_by_rule(results, tried, chosen, len(pairs))
    probabilities = np.asarray(call(found["model"].predict_proba, X), dtype=float)
    expected = _fitted(tried[chosen], X, y, seed).predict_proba(X)
    close(
        probabilities,
        expected,
        what="the model's prediction",
        tolerance=1e-6,
        where="the chosen settings, fitted on all rows of X with `seed`; or is it one fold's model?",
    )
    return tried


def _candidates(kind: str, tried: list[dict[str, Any]], possible: list[dict[str, Any]], budget: int) -> None:
    strange = [params for params in tried if params not in possible]
    doubled = [params for place, params in enumerate(tried) if params in tried[:place]]
    expected = len(possible) if kind == "grid" else min(budget, len(possible))
    require(not strange, "candidates that are not in the space", seen=str(strange[:2]))
    require(
        len(tried) == expected and not doubled,
        f"the {kind} search did not try what it should: "
        + ("every combination once" if kind == "grid" else "`budget` draws, none twice"),
        seen=f"{len(tried)} candidates, {len(doubled)} of them twice; expected {expected}",
        why="searches can only be compared at the same budget",
        where="`kind` decides between the two; is `budget` handed on?",
    )


def _fitted(params: Mapping[str, Any], X: pd.DataFrame, y: pd.Series, seed: int) -> Any:
    return models.pipeline("lightgbm", seed).set_params(**params).fit(X, y)


def _scores(y: pd.Series, p: np.ndarray) -> dict[str, float]:
    from sklearn import metrics as sk

    return {
        "auc": sk.roc_auc_score(y, p),
        "log_loss": -sk.log_loss(y, p, labels=[0, 1]),
        "average_precision": sk.average_precision_score(y, p),
    }


def _examined(
    results: pd.DataFrame,
    tried: list[dict[str, Any]],
    X: pd.DataFrame,
    y: pd.Series,
    pairs: Sequence[Fold],
    seed: int,
) -> None:
    losses = results[[f"split{k}_test_log_loss" for k in range(len(pairs))]].to_numpy(dtype=float)
    require(
        not (losses > 0).any(),
        "log losses in the results are positive: a search takes the highest score for the best",
        why="it would choose the worst candidate",
        where="the scorer `neg_log_loss` gives minus the log loss",
    )
    for row in (0, len(tried) - 1):
        for k, (known, asked) in enumerate(pairs):
            model = _fitted(tried[row], X.iloc[known], y.iloc[known], seed)
            expected = _scores(y.iloc[asked], model.predict_proba(X.iloc[asked])[:, 1])
            for name, value in expected.items():
                close(
                    results.loc[row, f"split{k}_test_{name}"],
                    value,
                    what=f"the {name} of a candidate on one of your folds",
                    tolerance=1e-6,
                    why="shuffled folds, or a plain number of them, look ahead: their scores are too good",
                    where="hand `folds` on as `cv`; score probabilities, not yes and no; make the models with `seed`",
                )
    for name in METRICS:
        mean = results[[f"split{k}_test_{name}" for k in range(len(pairs))]].mean(axis=1)
        close(results[f"mean_test_{name}"].to_numpy(), mean.to_numpy(), what=f"the mean {name} of the candidates")


def _chosen_by_rule(results: pd.DataFrame, tried: list[dict[str, Any]], chosen: int, n_folds: int) -> None:
    losses = results[[f"split{k}_test_log_loss" for k in range(n_folds)]].to_numpy(dtype=float)
    mean = losses.mean(axis=1)
    best = mean.argmax()
    line = mean[best] - losses[best].std() / np.sqrt(n_folds) - 1e-9
    size = np.array([params["model__n_estimators"] * params["model__num_leaves"] for params in tried])
    enough = mean >= line
    require(
        enough[chosen]
        and size[chosen] == size[enough].min()
        and mean[chosen] >= mean[enough & (size == size[chosen])].max() - 1e-9,
        "the chosen row is not the one that the rule of one standard error chooses",
        why="a rule that is written and not used decides nothing: the best of several scores is partly luck",
        where="hand your rule to the search as `refit`, and the number of folds to the rule",
    )


def nested(
    function: Callable[..., Any],
    X: pd.DataFrame,
    y: pd.Series,
    rounds: Sequence[Mapping[str, Any]],
    candidates: Sequence[Mapping[str, Any]],
    seed: int,
) -> None:
    """Check that choices are made within, and examined without: outcomes of the outer rows change no choice."""
    plain = [dict(one) for one in rounds], [dict(one) for one in candidates]
    result = _nested(call(function, X, y, *plain, seed), len(rounds))
    if len(rounds) == 1:
        for settings in candidates:
            again = _nested(call(function, X, _in_favour(settings, X, y, rounds[0], seed), *plain, seed), len(rounds))
            require(
                again["chosen"].iloc[0] == result["chosen"].iloc[0],
                "the choice changes with the outcomes of the outer validation rows: "
                "candidates were selected on test data",
                why="a score that chose its candidate is too good for it: that is the optimism to be measured",
                where="compare candidates on the inner folds alone",
            )
    for place, one in enumerate(rounds):
        _one_round(result.iloc[place], X, y, one, candidates, seed)


def _in_favour(
    settings: Mapping[str, Any], X: pd.DataFrame, y: pd.Series, one: Mapping[str, Any], seed: int
) -> pd.Series:
    """Outcomes in which the outer validation rows turn out as one candidate predicts."""
    known, asked = one["train"], one["valid"]
    model = models.pipeline("lightgbm", seed, **settings).fit(X.iloc[known], y.iloc[known])
    p = model.predict_proba(X.iloc[asked])[:, 1]
    turned = y.copy()
    turned.iloc[asked] = (p >= np.quantile(p, 0.7)).astype(int)
    return turned


def _nested(result: Any, n: int) -> pd.DataFrame:
    result = returns(result, pd.DataFrame, "nested_scores")
    has_columns(result, ["chosen", "inner", "outer"])
    require(len(result) == n, "there must be one row for each round", seen=f"{len(result)} of {n}")
    return result


def _one_round(
    row: pd.Series, X: pd.DataFrame, y: pd.Series, one: Mapping[str, Any], tried: Sequence[Mapping[str, Any]], seed: int
) -> None:
    def loss(settings: Mapping[str, Any], known: np.ndarray, asked: np.ndarray) -> float:
        model = models.pipeline("lightgbm", seed, **settings).fit(X.iloc[known], y.iloc[known])
        return -_scores(y.iloc[asked], model.predict_proba(X.iloc[asked])[:, 1])["log_loss"]

    inner = [float(np.mean([loss(settings, *fold) for fold in one["inner"]])) for settings in tried]
    chosen = int(row["chosen"])
    require(
        0 <= chosen < len(tried) and inner[chosen] <= min(inner) + 1e-9,
        "the chosen candidate is not the one of lowest mean inner log loss",
        seen=f"candidate {chosen}; inner losses {np.round(inner, 4)}",
        why="another choice rule, or other rows, than the task names",
        where="mean over the inner folds, each with a model of its own; is it the lowest loss, or the highest?",
    )
    close(
        row["inner"],
        inner[chosen],
        what="the inner score of the chosen candidate",
        tolerance=1e-6,
        why="inner and outer can only be compared if both say what they claim to say",
        where="the mean of its inner folds' log losses; each fold has a model of its own, made with `seed`",
    )
    close(
        row["outer"],
        loss(tried[chosen], one["train"], one["valid"]),
        what="the outer score of the chosen candidate",
        tolerance=1e-6,
        why="what is examined is what would be put to work: trained on all outer training rows, and on no others",
        where="fit anew on `train`, examine on `valid`; not on the rows it was trained on, and with `seed`",
    )


# --- the registry, read as files ---


def registered(
    register: Callable[..., Any],
    scores: Callable[..., Any],
    folder: str,
    trials: Sequence[Mapping[str, Any]],
    X: pd.DataFrame,
    y: pd.Series,
    seed: int,
) -> None:
    """Check a registry by its database and its files, and the champion by what it says of ``X``."""
    _close_runs()  # one that an earlier try has left open would stand in the way of every later one
    version = returns(call(register, folder, [dict(trial) for trial in trials], X, y, seed), int, "the version")
    require(
        not _close_runs(),
        "a run of MLflow was left open",
        why="the next `start_run` in this notebook would fail, in a line that is right",
        where="`with mlflow.start_run():` closes the run, also when something goes wrong",
    )
    place = artifacts(folder)
    tables = _tables(place)
    alias = tables["registered_model_aliases"].query("name == 'flight-delays' and alias == 'champion'")
    require(
        len(alias) == 1,
        "no version of `flight-delays` bears the alias `champion`",
        why="weeks 4 to 6 ask for the champion by that name",
        where="`MlflowClient().set_registered_model_alias`; the names are in `registry.MODEL` and `registry.ALIAS`",
    )
    require(
        int(alias["version"].iloc[0]) == version,
        "the alias is not on the version that was returned",
        where="the version that `log_model` has just registered: it is not always the first",
    )
    runs = _own_runs(tables, trials)
    losses = [float(np.mean(trial["fold_log_loss"])) for trial in trials]
    best = int(np.argmin(losses))
    _champion_run(tables, place, version, runs[best], X)
    given = is_probability(call(scores, folder, X), len(X))
    model = models.pipeline("lightgbm", seed, **trials[best]["settings"]).fit(X, y)
    where = "the settings of the best trial, trained on all of X with `seed`; predict_proba's second column; the alias"
    close(given, model.predict_proba(X)[:, 1], what="the champion's prediction", tolerance=1e-6, where=where)


def by_alias(scores: Callable[..., Any], folder: str, X: pd.DataFrame, model: Any) -> None:
    """Check that the champion is found in a registry where it is neither the first nor the newest version."""
    close(
        is_probability(call(scores, folder, X), len(X)),
        model.predict_proba(X)[:, 1],
        what="the prediction of the version with the alias",
        tolerance=1e-6,
        why="the alias is moved back when a new version fails: whoever asks for the newest serves the failure",
        where="`registry.connect(folder)`, then models:/NAME@ALIAS; not a version's number",
    )


def _close_runs() -> bool:
    """Close the runs that are open in this process; whether there were any. In grading answers run in another one."""
    mlflow, found = sys.modules.get("mlflow"), False
    while mlflow is not None and mlflow.active_run() is not None:
        mlflow.end_run()
        found = True
    return found


_TABLES = ("runs", "params", "metrics", "registered_model_aliases", "model_versions")


def _tables(place: Path) -> dict[str, pd.DataFrame]:
    database = place / "mlflow.db"
    require(
        database.is_file(),
        "there is no registry in the folder",
        why="what is logged elsewhere, nobody finds",
        where="`registry.connect(folder)` first, with the folder that the function was given",
    )
    with closing(sqlite3.connect(database)) as connection:
        return {name: pd.read_sql(f"SELECT * FROM {name}", connection) for name in _TABLES}  # noqa: S608


def _own_runs(tables: Mapping[str, pd.DataFrame], trials: Sequence[Mapping[str, Any]]) -> list[str]:
    """The run of each trial, found by its parameters and metrics, newest first."""
    newest = tables["runs"].sort_values("start_time", ascending=False, kind="stable")["run_uuid"]
    params = {str(run): dict(zip(t["key"], t["value"], strict=True)) for run, t in tables["params"].groupby("run_uuid")}
    return [_run_of(trial, list(newest), params, tables["metrics"]) for trial in trials]


def _run_of(
    trial: Mapping[str, Any], newest: list[str], params: Mapping[str, Mapping[str, str]], logged: pd.DataFrame
) -> str:
    wanted = {name: str(value) for name, value in trial["settings"].items()}
    runs = [run for run in newest if wanted.items() <= params.get(run, {}).items()]
    require(
        runs,
        "a trial has no run with its settings as parameters",
        why="a search of which only the winner is recorded cannot be judged: how many were tried?",
        where="one run for each trial, the losers too: `mlflow.start_run`, `mlflow.log_params(trial['settings'])`",
    )
    expected = list(enumerate(trial["fold_log_loss"]))
    mean = float(np.mean(trial["fold_log_loss"]))
    for run in runs:
        own = logged[logged["run_uuid"] == run]
        steps = own[own["key"] == "log_loss"].sort_values("step")[["step", "value"]].to_numpy()
        means = own.loc[own["key"] == "mean_log_loss", "value"].to_numpy()
        if (
            steps.shape == (len(expected), 2)
            and np.allclose(steps, expected)
            and np.allclose(means, mean)
            and len(means)
        ):
            return run
    raise CheckFailed(
        "a run does not hold the log loss of every fold, or not their mean",
        why="a mean without its folds does not say how sure it is",
        where="metric `log_loss` once for each fold with `step` from 0, and metric `mean_log_loss`",
    )


def _champion_run(tables: Mapping[str, pd.DataFrame], place: Path, version: int, run: str, X: pd.DataFrame) -> None:
    import yaml

    versions = tables["model_versions"].query("name == 'flight-delays' and version == @version")
    require(
        list(versions["run_id"]) == [run],
        "the champion was not logged in the run of the trial of lowest mean log loss",
        why="its lineage leads to the settings and scores of another model",
        where="choose by the mean of the folds; call `log_model` within that trial's `start_run`",
    )
    files = {path: yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(place.rglob("MLmodel"))}
    own = {path: content for path, content in files.items() if isinstance(content, dict) and content["run_id"] == run}
    require(
        own,
        "the champion's files are not in the folder",
        where="`registry.connect(folder)` makes an experiment whose files lie in the folder",
    )
    path, model = list(own.items())[-1]
    signature = model.get("signature") or {}
    require(
        signature.get("inputs") and signature.get("outputs"),
        "the model has no signature",
        why="nobody can tell which columns go in: a wrong table would be answered and not refused",
        where="`signature=mlflow.models.infer_signature(X, ...)` in log_model",
    )
    require(
        re.search("float|double", str(signature["outputs"])),
        "the signature says that yes and no come out",
        why="whoever serves it (week 5) tells its users what they will get, and reads that here",
        where="`infer_signature(X, model.predict_proba(X))`: the outputs are probabilities",
    )
    missing = [name for name in X.columns if f'"{name}"' not in str(signature["inputs"])]
    require(not missing, "the signature does not name every column", where="infer it from the table X itself")
    require(
        model.get("saved_input_example_info"),
        "the model has no input example",
        why="whoever serves it (week 5) needs one request that is known to work",
        where="`input_example=X.head(3)` in log_model",
    )
    require(
        "predict_proba" in str((model.get("flavors") or {}).get("python_function")),
        "a server of this model would answer yes or no, and not with probabilities",
        why="week 5 serves the champion, and finance's threshold needs the number",
        where="`pyfunc_predict_fn` in log_model",
    )
    _says_what_it_needs(path.with_name("requirements.txt"))
    require(
        any(run in path.as_posix() for path in place.rglob("folds.png")),
        "the champion's run has no figure folds.png",
        where="`mlflow.log_figure(figure, 'folds.png')` within the run",
    )


def _says_what_it_needs(file: Path) -> None:
    listed = file.read_text(encoding="utf-8").lower().replace("_", "-") if file.is_file() else ""
    missing = [name for name in ("lightgbm", "scikit-learn") if not re.search(rf"^{name}\s*[=<>~]", listed, re.M)]
    require(
        not missing,
        f"the model's requirements do not name {' and '.join(missing)} with a version",
        why="next year it is loaded with next year's libraries, or with none: it answers otherwise, or not at all",
        where="`pip_requirements=registry.requirements()` in log_model",
    )
