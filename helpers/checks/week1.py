"""Week 1's property checks. The visible and the hidden tests call the same ones, on different data.

They compare what a function gives with what must be true of it; none holds the answer to a task.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from helpers.checks import CheckFailed, call, close, has_columns, is_probability, require, returns, same_rows

OUTCOMES = ("on_time", "late", "cancelled", "diverted")

_A = {"on_time": "an on-time", "late": "a late", "cancelled": "a cancelled", "diverted": "a diverted"}
_MISSING = "the definition above the task: which of dep_time and arr_delay are missing? Decide these cases first"
_HAS_ARRIVED = "it has an arrival delay, so it did arrive"
_CONFUSED = {
    ("cancelled", "on_time"): ("passengers who never flew were not served on time", _MISSING),
    ("diverted", "on_time"): ("it has no arrival delay at its destination", _MISSING),
    ("cancelled", "late"): ("it never arrived, and the desk reports it apart", _MISSING),
    ("diverted", "late"): ("it has no arrival delay, and the desk reports it apart", _MISSING),
    ("diverted", "cancelled"): ("it did leave", _MISSING),
    ("cancelled", "diverted"): (
        "it never left",
        "an assignment further down overwrites the one before: mind their order",
    ),
    ("late", "on_time"): ("it arrived too late", "the definition: on which side is a flight exactly on the line?"),
    ("on_time", "late"): ("it arrived in time", "what counts is the delay at arrival, not the one at departure"),
    ("late", "cancelled"): (_HAS_ARRIVED, _MISSING),
    ("late", "diverted"): (_HAS_ARRIVED, _MISSING),
    ("on_time", "cancelled"): (_HAS_ARRIVED, _MISSING),
    ("on_time", "diverted"): (_HAS_ARRIVED, _MISSING),
}


def outcomes(label_delays: Callable[..., Any], cases: pd.DataFrame) -> None:
    """Check the outcome of each case.

    Parameters
    ----------
    cases
        raw flight rows with two more columns: ``what`` (the case in words) and ``expected`` (its outcome)
    """
    flights = cases.drop(columns=["what", "expected"])
    result = call(label_delays, flights)
    labels = returns(result, pd.Series, "label_delays")
    same_rows(flights, labels)
    labels = labels.reindex(flights.index).astype("object")
    _all_labelled(labels)
    for what, expected, actual in zip(cases["what"], cases["expected"], labels, strict=True):
        fact, where = _CONFUSED.get((expected, actual), ("", ""))
        require(
            actual == expected,
            f"{_A[expected]} flight counted as {actual.replace('_', ' ')}: {fact}",
            seen=f"{what}: {actual!r}",
            why="every later number of the desk stands on this column",
            where=where,
        )


def _all_labelled(labels: pd.Series) -> None:
    missing, strange = int(labels.isna().sum()), sorted({str(x) for x in labels.dropna()} - set(OUTCOMES))
    require(
        missing == 0,
        "some flights have no outcome",
        seen=f"{missing} of {len(labels)} flights",
        why="a flight without an outcome drops out of every count without anybody noticing",
        where="comparisons with a missing value are False: decide the missing cases first",
    )
    require(
        not strange,
        "outcomes that the desk does not know",
        seen=", ".join(map(repr, strange[:5])),
        where="the four outcomes are " + ", ".join(OUTCOMES),
    )


def time_split(split: Callable[..., Any], flights: pd.DataFrame, valid_from: str, test_from: str) -> None:
    """Check that a split by date keeps every row once and lets no part see a later one.

    ``valid_from`` and ``test_from`` are New York dates, the first days of validation and of test.
    """
    parts = call(split, flights, valid_from, test_from)
    require(
        isinstance(parts, tuple | list) and len(parts) == 3,
        "the split does not give three tables",
        seen=type(parts).__name__,
        where="return train, valid, test, in this order",
    )
    for part, name in zip(parts, ("train", "valid", "test"), strict=True):
        returns(part, pd.DataFrame, f"the {name} part")
        has_columns(part, list(flights.columns))
    same_rows(flights, pd.concat(list(parts)))
    _same_departures(flights, parts)
    _in_order(parts)
    _starts_on_local_midnight(parts, valid_from, test_from)


def _same_departures(flights: pd.DataFrame, parts: Sequence[pd.DataFrame]) -> None:
    for part in parts:
        departs, given = part["sched_dep"], flights["sched_dep"].reindex(part.index)
        require(
            isinstance(departs.dtype, pd.DatetimeTZDtype) and bool((departs == given).all()),
            "the departure times in the parts are not those of the input",
            seen=f"sched_dep is {departs.dtype}, and was {given.dtype}",
            why="what joins the weather by time next week would be hours off",
            where="convert times in a variable of their own and filter the table that you were given",
        )


def _in_order(parts: Sequence[pd.DataFrame]) -> None:
    names = ("training", "validation", "test")
    for (early, before), (late, after) in zip(
        list(zip(names, parts, strict=True))[:-1], list(zip(names, parts, strict=True))[1:], strict=True
    ):
        if before.empty or after.empty:
            continue
        last, first = before["sched_dep"].max(), after["sched_dep"].min()
        require(
            last < first,
            f"a {late} flight departs no later than a {early} flight",
            seen=f"last {early} departure {last}, first {late} departure {first}",
            why="a model that has seen the same hour of the same day knows its weather: the score is too good",
            where="compare departure times, not row positions, and put equal times on one side",
        )


def _starts_on_local_midnight(parts: Sequence[pd.DataFrame], valid_from: str, test_from: str) -> None:
    edges = [pd.Timestamp(day, tz="America/New_York") for day in (valid_from, test_from)]
    wrong = sum(int(((part["sched_dep"] >= edge) != late).sum()) for part, edge, late in _sides(parts, edges))
    require(
        wrong == 0,
        "flights near the boundary are on the wrong side",
        seen=f"{wrong} flights; the days should begin at {edges[0]} and {edges[1]}",
        why="a day begins at midnight in New York, which is 04:00 or 05:00 UTC; "
        "evening flights of the last training day otherwise land in the validation days",
        where="sched_dep is in UTC: give the two dates that the function is handed a time zone before you compare, "
        "and count the minute at which a day begins to that day",
    )


def _sides(
    parts: Sequence[pd.DataFrame], edges: Sequence[pd.Timestamp]
) -> list[tuple[pd.DataFrame, pd.Timestamp, bool]]:
    train, valid, test = parts
    return [(train, edges[0], False), (valid, edges[0], True), (valid, edges[1], False), (test, edges[1], True)]


def rule_of_thumb(rule: Callable[..., Any], train: pd.DataFrame, flights: pd.DataFrame) -> np.ndarray:
    """Check what any fair rule by hour obeys, and return its scores for ``flights``.

    ``train`` has ``hour`` and ``late``; ``flights`` has ``hour``, with hours that ``train`` lacks among them.
    """
    scores = np.asarray(call(rule, train, flights), dtype=float)
    is_probability(scores, len(flights))
    by_hour = pd.Series(scores).groupby(flights["hour"].to_numpy())
    require(
        bool((by_hour.max() - by_hour.min() < 1e-9).all()),
        "two flights of the same hour get different scores",
        why="the rule knows the hour and nothing else",
        where="is each score matched to its own flight? An index that differs from 0, 1, 2, … misaligns quietly",
    )
    unseen = ~flights["hour"].isin(train["hour"]).to_numpy()
    if unseen.any():
        close(
            scores[unseen],
            np.full(unseen.sum(), train["late"].mean()),
            what="the score of an hour never seen in training",
            where="it is the overall rate of the training flights",
        )
    _blind_to_outcomes(rule, train, flights, scores)
    return scores


def _blind_to_outcomes(
    rule: Callable[..., Any], train: pd.DataFrame, flights: pd.DataFrame, scores: np.ndarray
) -> None:
    for outcome in (True, False):
        again = np.asarray(call(rule, train, flights.assign(late=outcome)), dtype=float)
        require(
            again.shape == scores.shape and np.allclose(again, scores),
            "the scores change when the outcomes of the flights to be scored change",
            why="two hours before departure nobody knows them: a rule that does has looked at the answer",
            where="count late flights in the training table alone",
        )


def gradients(function: Callable[..., Any], y: np.ndarray, raw: np.ndarray) -> None:
    """Compare gradient and Hessian with numerical derivatives of the log loss at raw scores ``raw`` (log odds)."""
    result = call(function, y, raw)
    require(
        isinstance(result, tuple | list) and len(result) == 2,
        "gradients must return two arrays, g and h",
        seen=type(result).__name__,
    )
    g, h = (np.asarray(part, dtype=float) for part in result)

    def loss(shift: float) -> np.ndarray:
        return np.logaddexp(0.0, raw + shift) - y * (raw + shift)

    step = 1e-4
    slope = (loss(step) - loss(-step)) / (2 * step)
    curvature = (loss(step) - 2 * loss(0.0) + loss(-step)) / step**2
    close(g, slope, what="the gradient g (compared with a numerical derivative of the loss)", tolerance=1e-5)
    close(h, curvature, what="the Hessian h (compared with a numerical second derivative)", tolerance=1e-3)


def leaf_objective(G: float, H: float, lam: float, w: float) -> float:
    """The second-order objective of one leaf at weight ``w``: G·w + ½(H + λ)·w² (Chen and Guestrin 2016, eq. 4)."""
    return G * w + 0.5 * (H + lam) * w * w


def _lowest(G: float, H: float, lam: float) -> float:
    from scipy.optimize import minimize_scalar

    return float(minimize_scalar(lambda w: leaf_objective(G, H, lam, w)).fun)


def leaf_weight(function: Callable[..., Any], G: float, H: float, lam: float) -> None:
    """Check that no other weight gives the leaf a lower objective."""
    w = float(call(function, G, H, lam))
    here, best = leaf_objective(G, H, lam, w), _lowest(G, H, lam)
    require(
        here <= best + 1e-6 * max(1.0, abs(best)),
        "another weight makes the leaf's objective lower",
        seen=f"G={G:.4g}, H={H:.4g}, λ={lam:.4g}: your w={w:.4g} gives {here:.6g}, the lowest possible is {best:.6g}",
        why="the tree adds this number to the raw score of every row in the leaf",
        where="set the derivative of G·w + ½(H + λ)·w² to zero; mind the sign",
    )


def split_gain(function: Callable[..., Any], left: tuple[float, float], right: tuple[float, float], lam: float) -> None:
    """Check that the gain is the fall of the objective from one leaf to two; ``left`` and ``right`` are (G, H)."""
    gain = float(call(function, *left, *right, lam))
    together = _lowest(left[0] + right[0], left[1] + right[1], lam)
    fall = together - _lowest(*left, lam) - _lowest(*right, lam)
    require(
        abs(gain - fall) <= 1e-5 * max(1.0, abs(fall)),
        "the gain is not the fall of the objective",
        seen=f"left (G, H) = {left}, right = {right}, λ = {lam:.4g}: "
        f"your gain {gain:.6g}, the objective falls by {fall:.6g}",
        why="a split is chosen by its gain: a wrong gain grows another tree than XGBoost's",
        where="write down the best objective of a leaf, then parent minus left minus right; keep the ½",
    )


def xgboost_scores(
    X: np.ndarray, y: np.ndarray, start: np.ndarray, rounds: int, params: Mapping[str, float]
) -> np.ndarray:
    """Raw scores of the installed XGBoost after ``rounds`` trees on top of the raw scores ``start``; shape (n,)."""
    import xgboost

    settings = {**params, "objective": "binary:logistic", "base_score": 0.5, "tree_method": "exact", "nthread": 1}
    matrix = xgboost.DMatrix(X, label=y, base_margin=start)
    return xgboost.train(settings, matrix, num_boost_round=rounds).predict(matrix, output_margin=True)


def boosting_step(
    step: Callable[..., Any],
    X: np.ndarray,
    y: np.ndarray,
    start: np.ndarray,
    *,
    rounds: int,
    params: Mapping[str, float],
) -> None:
    """Check that ``rounds`` steps by hand end where the installed XGBoost ends, to 1e-5 in raw score.

    Both begin at the raw scores ``start``. Let them differ from row to row: where all are equal, many splits have
    exactly the same gain, and which of them a library takes is its own affair.
    """
    before = expected = start.astype("float32").astype(float)
    options = {"learning_rate": params["eta"], "lam": params["lambda"], "max_depth": int(params["max_depth"])}
    for done in range(1, rounds + 1):
        arguments = X, y, before.copy()
        raw = call(step, *arguments, min_child_weight=params["min_child_weight"], **options)
        raw = returns(raw, np.ndarray, "the result of a step").astype(float)
        require(raw.shape == (len(y),), "a step must return one raw score a row", seen=f"shape {raw.shape}")
        expected, last = xgboost_scores(X, y, start, done, params), expected
        _same_tree(raw - before, expected - last, before, f"with {dict(params)}, tree {done}")
        before = raw


def weight_reached(step: Callable[..., Any]) -> None:
    """Check that a side whose Hessians sum to ``min_child_weight`` exactly is heavy enough.

    At a raw score of 0 every Hessian is ¼, so sums are exact. The one split allowed is that between the two classes.
    """
    X, y, raw = np.arange(16.0).reshape(-1, 1), np.repeat([0, 1], 8), np.zeros(16)
    options = {"max_depth": 1, "learning_rate": 1.0, "lam": 1.0, "min_child_weight": 2.0}
    new = returns(call(step, X, y, raw, **options), np.ndarray, "the result of a step").astype(float)
    require(
        new.shape == (16,) and np.ptp(new) > 0,
        "a split is refused although both sides have just the Hessian that is asked for",
        why="XGBoost makes this split: your tree is not its tree",
        where="step 2 of the text above the task: H ≥ min_child_weight, so a sum exactly as large is allowed",
    )


def _same_tree(tree: np.ndarray, expected: np.ndarray, before: np.ndarray, seen: str) -> None:
    """Compare what two trees add to each row; ``before`` are the raw scores that they are added to."""
    worst = float(np.max(np.abs(tree - expected), initial=0.0))
    if np.isfinite(worst) and worst <= 1e-5 * max(1.0, float(np.abs(before + expected).max())):
        return
    leaves, expected_leaves = _leaves(tree), _leaves(expected)
    broke, where = "your tree is not the tree that XGBoost grows", _WHICH_SPLIT
    if np.allclose(tree + before, expected, atol=1e-5):
        broke, where = "the old raw scores are lost: the step returns the tree alone", "add each leaf's value to `raw`"
    elif np.array_equal(leaves, expected_leaves):
        broke, where = "the leaves hold the right rows, but not the right weights", _WHICH_WEIGHT
    raise CheckFailed(
        broke,
        seen=f"{seen}: largest difference {worst:.3g}, "
        f"{leaves.max() + 1} leaves where XGBoost has {expected_leaves.max() + 1}",
        why="if your step and the library's agree to the fifth digit, you know what the library does",
        where=where,
    )


def _leaves(tree: np.ndarray) -> np.ndarray:
    """Number the leaves in the order of rows: two trees that put the same rows together get the same numbers."""
    return pd.factorize(tree.round(5))[0]


_WHICH_SPLIT = (
    "when does a node stop (max_depth levels of splits, min_child_weight as a sum of Hessians on both sides, "
    "no positive gain)? Does the gain hold λ? Does each cut lie between different values? Are g and h those of `raw`?"
)
_WHICH_WEIGHT = "the sign, λ and the Hessians in the leaf weight, and the learning rate, which is applied once"


def trained(result: Any, X: pd.DataFrame, max_rounds: int, library: str) -> tuple[np.ndarray, int]:
    """Check what a training function returned; give its probabilities of being late for ``X`` and its rounds."""
    require(
        isinstance(result, tuple | list) and len(result) == 2,
        f"{library}: return the model and the number of rounds it kept",
        seen=type(result).__name__,
        where="`return model, rounds`",
    )
    model, rounds = result
    require(hasattr(model, "predict_proba"), f"{library}: the model has no predict_proba", seen=type(model).__name__)
    probabilities = np.asarray(call(model.predict_proba, X), dtype=float)
    require(
        probabilities.shape == (len(X), 2),
        f"{library}: predict_proba must give two columns, on time and late",
        seen=f"shape {probabilities.shape} for {len(X)} rows",
    )
    late = is_probability(probabilities[:, 1], len(X))
    require(
        not np.isin(late, (0.0, 1.0)).all(),
        f"{library}: the probabilities are all 0 or 1",
        why="a yes and a no cannot be ranked, and cost the most where they are wrong",
        where="the library's predict_proba, not its predict",
    )
    kept = int(returns(rounds, float, f"{library}: the number of rounds"))
    require(
        0 <= kept <= max_rounds,
        f"{library}: the number of rounds kept is not between 0 and max_rounds",
        seen=f"{rounds!r}, max_rounds {max_rounds}",
        where="does max_rounds reach the library?",
    )
    return late, kept


def stops_early(
    trainer: Callable[..., Any],
    train: tuple[pd.DataFrame, pd.Series],
    valid: tuple[pd.DataFrame, pd.Series],
    library: str,
) -> None:
    """Check early stopping on labels that are fair coins: there the first tree is as good as it gets.

    A model that predicts with its best round is at least as good on the validation rows as the same training after a
    single round. That holds for every learning rate and patience; 0.004 leaves room for a library that sets its
    learning rate by ``max_rounds``.
    """
    from sklearn.metrics import log_loss

    most, losses = 200, []
    for max_rounds in (1, most):
        fitted = call(trainer, *train, *valid, seed=1, max_rounds=max_rounds)
        p, rounds = trained(fitted, valid[0], max_rounds, library)
        losses.append(log_loss(valid[1], p))
    require(
        rounds <= most // 2,
        f"{library}: training went on although the validation loss no longer fell",
        seen=f"{rounds} of {most} rounds on labels that are pure noise",
        why="on noise every tree after the first few learns training rows by heart",
        where="give the validation set to fit, ask for early stopping, and report the best round, not the last one",
    )
    require(
        losses[1] < losses[0] + 0.004,
        f"{library}: the model does not predict with its best round",
        seen=f"on noise: validation log loss {losses[1]:.4f}, and {losses[0]:.4f} after a single round",
        why="the trees after the best round are the ones that early stopping was meant to leave out",
        where="which loss decides when to stop, and how many trees does predict_proba use? The libraries' own training "
        "functions differ from their scikit-learn classes in this",
    )
    if rounds > 1:
        shorter, _ = trained(call(trainer, *train, *valid, seed=1, max_rounds=rounds - 1), valid[0], most, library)
        require(
            np.abs(p - shorter).max() > 1e-6,
            f"{library}: the model predicts with fewer trees than the rounds returned",
            seen=f"{rounds} rounds returned; with max_rounds={rounds - 1} the predictions are the same",
            why="who trains again on all rows, with that number of trees, gets the overfitted model that was stopped",
            where="report the best round, not the last one that was tried before patience ran out",
        )


def watches_log_loss(trainer: Callable[..., Any], library: str) -> None:
    """Check that log loss decides when to stop, where one tree ranks all rows as well as they can be ranked.

    There are two kinds of flight, late 9 times in 10 and once in 10. From the first tree on, AUC and accuracy stay
    as they are, while log loss falls until the probabilities are right: to 0.325, from 0.693.
    """
    from sklearn.metrics import log_loss

    row = np.arange(1_000)
    evening = row % 2 == 1
    late = pd.Series(evening ^ (row % 20 < 2))
    X = pd.DataFrame({"level": pd.Categorical(np.where(evening, "evening", "morning")), "x": evening.astype("int32")})
    p, _ = trained(call(trainer, X, late, X.copy(), late.copy(), seed=3, max_rounds=400), X, 400, library)
    require(
        log_loss(late, p) < 0.42,
        f"{library}: training stopped although the validation log loss still fell",
        seen=f"log loss {log_loss(late, p):.3f}, where two groups with shares of 0.1 and 0.9 allow 0.325",
        why="AUC and accuracy see only the order, or only one threshold: the probabilities stay far from the shares, "
        "and finance multiplies them with dollars",
        where="which metric does early stopping watch? It should be log loss, and no other metric beside it",
    )


def interval(result: Any) -> tuple[float, float, float, str]:
    """Check the shape of what the paired bootstrap returns; give difference, low, high and winner."""
    require(
        isinstance(result, Mapping) and {"difference", "low", "high", "winner"} <= set(result),
        "return a dictionary with difference, low, high and winner",
        seen=f"{list(result) if isinstance(result, Mapping) else type(result).__name__}",
    )
    difference, low, high = (float(result[key]) for key in ("difference", "low", "high"))
    require(
        bool(np.isfinite([difference, low, high]).all()) and low <= high,
        "the interval's ends are missing or in the wrong order",
        seen=f"low {low}, high {high}",
        where="a resample in which all flights are late, or none, has no AUC: draw again",
    )
    expected = "a" if low > 0 else "b" if high < 0 else "none"
    require(
        result["winner"] == expected,
        "the winner does not follow from the interval",
        seen=f"[{low:.4f}, {high:.4f}] and winner {result['winner']!r}",
        why="where the interval holds zero, the data cannot tell the two apart: the desk should not pay for a change",
        where='"a" when the whole interval is above zero, "b" when it is below, otherwise "none"',
    )
    return difference, low, high, expected


def benchmark(
    result: Any, trainers: Sequence[str], seeds: Sequence[int], test_rows: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Check the benchmark's two tables: one row for each library and seed, one score column for each library."""
    require(
        isinstance(result, tuple | list) and len(result) == 2,
        "return two tables: the measurements and the mean scores",
        seen=type(result).__name__,
    )
    table, scores = result
    returns(table, pd.DataFrame, "the first table")
    returns(scores, pd.DataFrame, "the second table")
    table = table.reset_index() if "library" not in table else table
    has_columns(table, ["library", "seed", "auc", "log_loss", "fit_seconds", "rows_per_second", "model_bytes"])
    found = sorted(zip(table["library"].astype(str), table["seed"].astype(int), strict=True))
    expected = sorted((library, seed) for library in trainers for seed in seeds)
    require(
        found == expected, "there must be one row for each library and seed", seen=f"{len(found)} rows: {found[:6]}"
    )
    has_columns(scores, list(trainers))
    same_rows(test_rows, scores)
    for column in ("fit_seconds", "rows_per_second", "model_bytes"):
        require(bool((table[column] > 0).all()), f"{column} must be positive", seen=f"smallest {table[column].min()}")
    return table, scores


def clocks(table: pd.DataFrame, slow_to_train: str, slow_to_score: str, seconds: float, rows: int) -> None:
    """Check that training and scoring are both timed, on two models that take ``seconds`` for the one or the other.

    A model that takes no time is held against one that does, at its best over all seeds, and units are told apart by
    a factor of 100, so that a busy machine fails nobody.
    """
    times = table.groupby("library")["fit_seconds"].min()
    require(
        times[slow_to_train] >= 0.9 * seconds,
        "fit_seconds does not hold the time of training",
        seen=f"{times[slow_to_train]:.3f} s for a model that takes {seconds} s to train",
        why="the desk pays for training time",
        where="read the clock before fit and after fit",
    )
    speeds = table.groupby("library")["rows_per_second"].max()
    require(
        speeds[slow_to_score] <= rows / (0.9 * seconds),
        "rows_per_second does not come from the time of scoring",
        seen=f"{speeds[slow_to_score]:,.0f} rows a second for a model that takes {seconds} s to score {rows:,} rows",
        why="the desk must answer for every flight, every day: scoring is the time that counts there",
        where="read the clock after fit and after predict_proba; divide the number of test rows by the difference",
    )
    require(
        times[slow_to_train] < 100 * seconds and speeds[slow_to_score] > rows / (100 * seconds),
        "fit_seconds is not in seconds, or rows_per_second not in rows a second",
        seen=f"{times[slow_to_train]:.3g} and {speeds[slow_to_score]:.3g} for models that take {seconds} s",
        why="the table is read by its column names: a wrong unit makes a model look a thousand times slower",
        where="time.perf_counter counts seconds; rows_per_second is rows divided by seconds, not the other way round",
    )
    require(
        times[slow_to_score] < 0.9 * seconds and speeds[slow_to_train] > 1.5 * rows / seconds,
        "training and scoring are not timed apart",
        seen=f"{times[slow_to_score]:.3f} s to train a model that only scores slowly, "
        f"{speeds[slow_to_train]:,.0f} rows a second scored by one that only trains slowly",
        why="training is paid once, scoring with every flight: a sum of the two answers neither question",
        where="read the clock three times: before fit, after fit, and after predict_proba",
    )


def submission_text(function: Callable[..., Any], ids: pd.Series, probabilities: np.ndarray) -> pd.DataFrame:
    """Check that a submission can be read back as exactly the ids and probabilities given; return what was read."""
    import io

    text = call(function, ids, probabilities)
    require(isinstance(text, str), "return the file's content as text", seen=type(text).__name__)
    try:
        read = pd.read_csv(io.StringIO(text))
    except (ValueError, pd.errors.ParserError) as error:
        raise CheckFailed("the text is not a CSV file", seen=str(error)) from None
    columns = ["id", "dep_delayed_15min"]
    require(
        not set(columns).isdisjoint(read.columns),
        "the first line of the file must be the header",
        seen=repr(text.partition("\n")[0][:80]),
        why="the competition reads the columns by name",
        where='the first line is "id,dep_delayed_15min", with a comma',
    )
    has_columns(read, columns)
    extra = [str(column) for column in read.columns if column not in columns]
    require(
        not extra,
        "the file has a column too many",
        seen=", ".join(extra),
        why="the competition refuses the file, and a try is lost",
        where="pandas writes its index as a nameless first column unless told not to",
    )
    require(
        len(read) == len(ids), "the file must have one row for each id", seen=f"{len(read)} rows for {len(ids)} ids"
    )
    expected = pd.Series(np.asarray(probabilities, dtype=float), index=np.asarray(ids))
    require(set(read["id"]) == set(expected.index), "the ids in the file are not the ids given")
    written = set(pd.read_csv(io.StringIO(text), dtype={"id": str})["id"].str.strip())
    require(
        written == set(map(str, ids)),
        "the ids in the file are not written as they were given",
        seen=f"{sorted(written)[:3]} for {sorted(map(str, ids))[:3]}",
        why="the competition looks ids up by what is written: 12.0 is not 12",
        where="an array that holds ids and probabilities together turns the ids into decimal numbers",
    )
    given = expected.loc[read["id"]].to_numpy()
    close(
        read["dep_delayed_15min"].to_numpy(dtype=float),
        given,
        what="the probability of each id in the file",
        tolerance=1e-4,
        why="another flight's probability, or a rounded one, ranks the flights wrongly",
        where="pandas matches a Series by its index; were the ids sorted alone? "
        "Are they probabilities, with four digits or more?",
    )
    return read
