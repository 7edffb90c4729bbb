# %% [markdown]
# # Week 3 · Evaluation and optimisation
#
# ## The desk's question: which model, at which threshold, and how sure are we?
#
# The delay desk now has features and three libraries. Operations want an alarm for each flight, yes or no. Finance has sent a table
# of what each mistake costs. Somebody has tuned a model all weekend and reports that it is better. Three questions, and each has a
# wrong answer that looks right: the metric that nobody checked, the threshold of 0.5, the best of fifty scores.
#
# **When you are done you can**
#
# - write the metrics that you report from their definitions, and say where they do not exist,
# - tell whether a predicted 30 % is 30 %, and recalibrate it if it is not,
# - turn dollars into a threshold, and say what it saves, with an interval,
# - cross-validate without looking ahead, and search settings by grid and by chance at the same budget,
# - measure how much of a tuned score is luck,
# - leave a registry behind in which the next person finds every trial and the champion.
#
# **Time:** 5 to 8 hours. A full run takes under a minute.
#
# **Why now:** week 1 gave you a yardstick and week 2 the features. Before a pipeline retrains every night (week 4) and a server
# answers (week 5), somebody must say what "better" means, in numbers that a machine can act on. You need week 1's log loss and splits.

# %% [markdown]
# ## How to work in this notebook
#
# As in the weeks before: fill in a cell, run the check under it as often as you like, and when you are stuck, ask
# `helpers.hint("week3.metrics")` in a cell of your own. Grading runs the same checks on data that you have not seen.
# Where a docstring says *shape (n,)*, arrays or Series may come. All Series of a call have the same index, whose labels may be in any order: the first values belong together, and so on.
#
# | task | points | |
# |---|---|---|
# | `metrics` | 14 | what exactly are we reporting? |
# | `calibration` | 10 | is 30 % really 30 %? |
# | `threshold` | 9 | dollars decide |
# | `saving` | 9 | how much, and how sure? |
# | `time_folds` | 10 | several examinations, none of which looks ahead |
# | `fold_scores` | 8 | a plain opponent, and the leak in its scaler |
# | `searches` | 11 | grid and chance at the same budget |
# | `nested` | 8 | how much of the best score is luck |
# | `register` | 9 | what the next person finds |
# | `memo` | 12 | the metric, defended to finance, marked by hand |
#
# **Points.** A check has parts, each with its points and the sentence of the task that it stands for. One that fails does not stop the
# next; a few count only where the core of the task holds, and say so. Some parts are looked at in grading only.
# A function leaves the tables and arrays that it is given as they are.

# %% nbgrader={"grade_id": "parameters"} tags=["parameters"]
SEED = 0
SAMPLE_ROWS = 30_000  # training rows; validation and test get a third of that each

# %% nbgrader={"grade_id": "setup"} tags=["setup"]
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from sklearn import metrics as sk

import helpers
from helpers import checkpoints, checks, models, notebook, plots, registry
from helpers.checks import week3
from helpers.progress import progress

notebook.setup()
FINANCE = {"caught": 400.0, "missed": 1_000.0, "false_alarm": 150.0, "quiet": 0.0}  # dollars a flight, part 3

# %% nbgrader={"grade_id": "load"} tags=["setup"]
table = checkpoints.features()
local = table["sched_dep"].dt.tz_convert("America/New_York").dt.tz_localize(None)


def part(first: str, last: str, size: int, seed: int) -> tuple[pd.DataFrame, pd.Series, pd.Series]:
    """Features, outcome (0 or 1) and departure of flights drawn from the New York days first to last, in order of time."""
    rows = table[(local >= first) & (local < pd.Timestamp(last) + pd.Timedelta("1D"))]
    rows = rows.sample(min(size, len(rows)), random_state=seed).sort_values("sched_dep", kind="stable")
    return registry.plain(rows.drop(columns=["sched_dep", "late"])), rows["late"].astype(int), rows["sched_dep"]


# %% [markdown]
# As in week 1: January to June to learn from, July and August for choices, September to December to report. The notebook looks at test in
# several places, and everything that it *chooses*, it chooses by what happened before September. Count the looks: you will be asked.

# %% nbgrader={"grade_id": "parts"}
X_train, y_train, t_train = part("2013-01-01", "2013-06-30", SAMPLE_ROWS, SEED)
X_valid, y_valid, t_valid = part("2013-07-01", "2013-08-31", SAMPLE_ROWS // 3, SEED)
X_test, y_test, t_test = part("2013-09-01", "2013-12-31", SAMPLE_ROWS // 3, SEED)
DEFAULT = {"n_estimators": 100}
default_model = models.pipeline("lightgbm", SEED, **DEFAULT).fit(X_train, y_train)
p_valid, p_test = (default_model.predict_proba(X)[:, 1] for X in (X_valid, X_test))
for name, y in {"train": y_train, "validation": y_valid, "test": y_test}.items():
    print(f"{name:10} {len(y):6,} flights, {y.mean():.1%} of them late")

# %% [markdown]
# ## 1 · What exactly are we reporting?
#
# Of 100 flights some 24 are late. A model that never raises an alarm is right 76 times. So nobody reports accuracy here; but do you know
# what the others do with a tie, with a month without late flights, with a probability of exactly 0? Four definitions:
#
# **AUC** is the chance that a late flight drawn at random scores above a punctual one, a tie counting half. With the mid-ranks $r_i$ of
# all scores (equal scores share the mean of their ranks), $n_1$ late and $n_0$ punctual flights,
#
# $$ \text{AUC} = \frac{\sum_{\text{late}} r_i - n_1 (n_1 + 1) / 2}{n_1 \, n_0} . $$
#
# **Precision** is the share of alarms that are right, **recall** the share of late flights that get one, **F1** their harmonic mean.
# **Average precision** goes down the list of *distinct* scores $s_1 > s_2 > \dots$ and adds
# $\sum_k (R_k - R_{k-1}) P_k$, with precision and recall of the alarm "score at least $s_k$", and $R_0 = 0$. Flights of one score enter
# together. **Log loss** you know; here $p$ is first cut to $[10^{-15}, 1 - 10^{-15}]$, so that one certain and wrong answer costs 34.5 and not
# infinity.
#
# With **weights** $w_i$ each flight counts as $w_i$ flights: sums of weights take the place of counts everywhere (for AUC go back to the first sentence: a pair counts $w_i w_j$). Where a definition divides by
# nothing, an honest function raises an error. A silent 0 goes into a mean, and nobody finds it again.
#
# **Task `metrics`.** Write the four from their definitions. They may be slow; they may not be wrong. (scikit-learn has them, and of
# course you could call it. Then you would know no more than before.)


# %% nbgrader={"grade_id": "metrics", "solution": true}
def auc(y, score, weight=None) -> float:
    """Give the area under the ROC curve, ties counting half.

    Parameters
    ----------
    y : 0 or 1, shape (n,)
    score : finite numbers, higher means more likely late, shape (n,)
    weight : positive numbers, shape (n,); None counts every flight once

    Raises
    ------
    ValueError
        when there are no rows, only one class, or lengths that differ
    """
    ### BEGIN SOLUTION
    y, score = np.asarray(y), np.asarray(score, dtype=float)
    weight = np.ones(len(y)) if weight is None else np.asarray(weight, dtype=float)
    if not len(y) == len(score) == len(weight) or len(set(y.tolist())) != 2:
        raise ValueError("AUC needs late and punctual flights, and one score for each")
    values, place = np.unique(score, return_inverse=True)
    late = np.bincount(place, weight * (y == 1), len(values))
    punctual = np.bincount(place, weight * (y == 0), len(values))
    below = np.cumsum(punctual) - punctual
    return float(late @ (below + punctual / 2) / (late.sum() * punctual.sum()))
    ### END SOLUTION


def average_precision(y, score, weight=None) -> float:
    """Give the average precision; parameters and lengths as in ``auc``; ValueError when no flight is late."""
    ### BEGIN SOLUTION
    y, score = np.asarray(y), np.asarray(score, dtype=float)
    weight = np.ones(len(y)) if weight is None else np.asarray(weight, dtype=float)
    if not len(y) == len(score) == len(weight) or not (y == 1).any():
        raise ValueError("average precision needs late flights, and one score for each flight")
    values, place = np.unique(-score, return_inverse=True)
    late = np.bincount(place, weight * (y == 1), len(values))
    alarms = np.cumsum(np.bincount(place, weight, len(values)))
    return float(late @ (np.cumsum(late) / alarms) / late.sum())
    ### END SOLUTION


def precision_recall_f1(y, alarm, weight=None) -> dict:
    """Give "precision", "recall" and "f1" of alarms (0 or 1, shape (n,)); "f1" is 0 where no alarm is right.

    Raises
    ------
    ValueError
        when there is no alarm (no precision), no late flight (no recall), or lengths differ
    """
    ### BEGIN SOLUTION
    y, alarm = np.asarray(y), np.asarray(alarm)
    weight = np.ones(len(y)) if weight is None else np.asarray(weight, dtype=float)
    if not len(y) == len(alarm) == len(weight) or not (y == 1).any() or not (alarm == 1).any():
        raise ValueError("precision needs alarms, recall needs late flights, and both need one alarm for each flight")
    right = weight[(y == 1) & (alarm == 1)].sum()
    late, alarms = weight[y == 1].sum(), weight[alarm == 1].sum()
    return {"precision": right / alarms, "recall": right / late, "f1": 2 * right / (late + alarms)}
    ### END SOLUTION


def mean_log_loss(y, p, weight=None) -> float:
    """Give the mean log loss of probabilities ``p``; one class alone is fine; ValueError without rows; lengths as in ``auc``."""
    ### BEGIN SOLUTION
    y, p = np.asarray(y), np.clip(np.asarray(p, dtype=float), 1e-15, 1 - 1e-15)
    weight = np.ones(len(y)) if weight is None else np.asarray(weight, dtype=float)
    if len(y) == 0 or not len(y) == len(p) == len(weight):
        raise ValueError("log loss needs rows, and one probability for each")
    return float(np.average(-np.log(np.where(y == 1, p, 1 - p)), weights=weight))
    ### END SOLUTION


# %% nbgrader={"grade_id": "metrics_test", "points": 14} long="four metrics, each with numbers worked out by hand, with ties, weights and cases without an answer"
mark = checks.Mark(14)
y_few, s_few, w_few = np.array([0, 1, 1, 0, 1]), np.array([0.2, 0.9, 0.4, 0.5, 0.1]), np.array([1, 2, 0.5, 1, 3])
alarm_few, tied = np.array([1, 1, 1, 1, 0]), np.array([0.2, 0.9, 0.4, 0.4, 0.1])
functions = {"auc": auc, "average_precision": average_precision, "mean_log_loss": mean_log_loss}
with mark.part("auc", 2, "`auc` is the chance that a late flight drawn at random scores above a punctual one."):
    # By hand. 0.9 beats both punctual flights, 0.4 beats one, 0.1 beats none: 3 of 6 pairs.
    week3.metrics.metric("auc", auc, y_few, s_few, None, 3 / 6)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week3 import oracles

        for case in oracles.metrics_cases(SEED, "auc"):
            week3.metrics.metric("auc", auc, *case)
    ### END HIDDEN TESTS
with mark.part("average_precision", 2, "`average_precision` adds `(R_k − R_{k−1}) P_k` down the list of scores."):
    expected = (1 + 2 / 3 + 3 / 5) / 3  # recall rises at the first, the third and the fifth flight
    week3.metrics.metric("average_precision", average_precision, y_few, s_few, None, expected)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week3 import oracles

        for case in oracles.metrics_cases(SEED, "average_precision"):
            week3.metrics.metric("average_precision", average_precision, *case)
    ### END HIDDEN TESTS
with mark.part(
    "alarms", 2, "The share of alarms that are right, of late flights that get one, and their harmonic mean."
):
    week3.metrics.alarms(precision_recall_f1, y_few, alarm_few, None, (2 / 4, 2 / 3, 4 / 7))
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week3 import oracles

        for case in oracles.metrics_cases(SEED, oracles.ALARMS):
            week3.metrics.alarms(precision_recall_f1, *case)
    ### END HIDDEN TESTS
with mark.part("log_loss", 2, "`mean_log_loss` gives the mean log loss of probabilities `p`."):
    expected = -np.log(0.8 * 0.9 * 0.4 * 0.5 * 0.1) / 5
    week3.metrics.metric("mean_log_loss", mean_log_loss, y_few, s_few, None, expected)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week3 import oracles

        for case in oracles.metrics_cases(SEED, "mean_log_loss"):
            week3.metrics.metric("mean_log_loss", mean_log_loss, *case)
    ### END HIDDEN TESTS
with mark.part("weights", 2, "With weights, sums of weights take the place of counts; a pair counts `w_i w_j`."):
    week3.metrics.metric("auc", auc, y_few, s_few, w_few, (2 * 2 + 0.5 * 1) / (5.5 * 2))
    expected = (2 + 0.5 * 2.5 / 3.5 + 3 * 5.5 / 7.5) / 5.5
    week3.metrics.metric("average_precision", average_precision, y_few, s_few, w_few, expected)
    week3.metrics.alarms(precision_recall_f1, y_few, alarm_few, w_few, (2.5 / 4.5, 2.5 / 5.5, 5 / 10))
    expected = -np.log(0.8 * 0.9**2 * 0.4**0.5 * 0.5 * 0.1**3) / 7.5
    week3.metrics.metric("mean_log_loss", mean_log_loss, y_few, s_few, w_few, expected)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week3 import oracles

        for case in oracles.metrics_cases(SEED, oracles.ALARMS, weighted=True):
            week3.metrics.alarms(precision_recall_f1, *case)
        for name, function in functions.items():
            for case in oracles.metrics_cases(SEED, name, weighted=True):
                week3.metrics.metric(name, function, *case)
    ### END HIDDEN TESTS
with mark.part(
    "ties", 1, "A tie counts half; flights of one score enter together.", after=("auc", "average_precision")
):
    # 0.4 beats one punctual flight and ties with one.
    week3.metrics.metric("auc", auc, y_few, tied, None, 3.5 / 6)
    week3.metrics.metric("average_precision", average_precision, y_few, tied, None, (1 + 2 / 3 + 3 / 5) / 3)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week3 import oracles

        for name in oracles.SCORES:
            for case in oracles.metrics_cases(SEED, name, tied=True):
                week3.metrics.metric(name, functions[name], *case)
    ### END HIDDEN TESTS
with mark.part("certain", 0.5, "`p` is first cut to `[1e-15, 1 - 1e-15]`.", after=("log_loss",)):
    cut = -(np.log(1 - (1 - 1e-15)) + np.log(0.9)) / 3  # of three flights, one was surely late (p = 1), and was on time
    week3.metrics.metric("mean_log_loss", mean_log_loss, np.array([1, 0, 1]), np.array([1.0, 1.0, 0.9]), None, cut)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week3 import oracles

        for case in oracles.metrics_cases(SEED, "mean_log_loss", tied=True):
            week3.metrics.metric("mean_log_loss", mean_log_loss, *case)
    ### END HIDDEN TESTS
with mark.part(
    "exists",
    1,
    "One class alone is fine for the log loss; `f1` is 0 where no alarm is right.",
    after=("alarms", "log_loss"),
):
    week3.metrics.alarms(precision_recall_f1, y_few, 1 - y_few, None, (0, 0, 0))
    week3.metrics.metric("mean_log_loss", mean_log_loss, np.ones(2), np.array([0.5, 0.25]), None, np.log(8) / 2)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week3 import oracles

        for name, what, case in oracles.metrics_that_exist():
            with week3.legal(what):
                if name == oracles.ALARMS:
                    week3.metrics.alarms(precision_recall_f1, *case)
                else:
                    week3.metrics.metric(name, functions[name], *case)
    ### END HIDDEN TESTS
with mark.part(
    "refuses", 1, "ValueError when there is nothing to divide by, or lengths differ.", after=("auc", "alarms")
):
    for name, function in functions.items():
        week3.metrics.refuses(function, (np.array([]), np.array([])), f"{name} of no rows at all")
    week3.metrics.refuses(auc, (np.ones(4, dtype=int), np.arange(4.0)), "AUC of a month in which every flight is late")
    week3.metrics.refuses(precision_recall_f1, (y_few, np.zeros(5, dtype=int)), "precision without a single alarm")
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week3 import oracles

        functions[oracles.ALARMS] = precision_recall_f1
        for name, arguments, what in oracles.metrics_refused():
            week3.metrics.refuses(functions[name], arguments, what)
    ### END HIDDEN TESTS
### BEGIN HIDDEN TESTS
with (
    mark.part(
        "series",
        0.5,
        "Arrays, or Series with an index in any order.",
        after=("auc", "weights", "ties"),
    ),
    mark.hidden(),
):
    from functools import partial

    from source.week3 import oracles

    functions[oracles.ALARMS] = precision_recall_f1
    for name, case in oracles.metrics_series(SEED):
        with week3.legal("Series with an index in another order"):
            check = week3.metrics.alarms if name == oracles.ALARMS else partial(week3.metrics.metric, name)
            check(functions[name], *case)
### END HIDDEN TESTS
mark

# %% nbgrader={"grade_id": "curves"}
fig, (left, right) = plt.subplots(1, 2, figsize=(11, 3.8))
rate_false, rate_true, _ = sk.roc_curve(y_valid, p_valid)
left.plot(rate_false, rate_true), left.plot([0, 1], [0, 1], color="grey", linewidth=0.8)
left.set(title=f"AUC {auc(y_valid, p_valid):.3f}", xlabel="false alarms / punctual", ylabel="caught / late")
precision, recall, _ = sk.precision_recall_curve(y_valid, p_valid)
right.plot(recall, precision, color=plots.COLOURS[1]), right.axhline(y_valid.mean(), color="grey", linewidth=0.8)
right.set(title=f"Average precision {average_precision(y_valid, p_valid):.3f}", xlabel="recall", ylabel="precision")
plt.show()

# %% [markdown]
# Grey is a coin. The two curves show the same model. AUC compares with a coin that is always at 0.5; average precision compares with the
# share of late flights, so it cannot be compared between July and October. Neither knows what an alarm costs.

# %% [markdown]
# ## 2 · Is 30 % really 30 %?
#
# Both numbers above stay the same if every probability is squared: they see the order only. Finance multiplies probabilities by dollars,
# so the *level* counts too. Sort flights into bins by their prediction and compare, in each, the mean prediction with the share
# that was late: the **reliability curve**. One number for it is the **Brier score**, the mean of $(p - y)^2$.
#
# A model whose order is right and whose level is not can be **recalibrated**: learn a rising curve from prediction to outcome
# on flights that it did not train on, and pass every new prediction through it. Platt fits a logistic curve to the log odds, $\log(p/(1-p))$;
# isotonic regression takes, of all curves that never fall, the one of least squared error.
#
# **Task `calibration`.** Write the curve, the score and the recalibration. Bins are of equal width; a bin holds its lower edge, the last one holds 1 as well.
# (An edge like 0.3 is no exact number in a computer; for a prediction that lies on one of these, the bin below will do, too.) Which rising curve you learn is up to you.


# %% nbgrader={"grade_id": "calibration", "solution": true}
def reliability(y, p, n_bins: int = 10) -> pd.DataFrame:
    """Compare predictions and outcomes bin by bin.

    Parameters
    ----------
    y : 0 or 1, shape (n,)
    p : probabilities, shape (n,)
    n_bins : bins of equal width between 0 and 1

    Returns
    -------
    one row for each bin that holds a flight, by rising prediction: ``mean_p``, ``share_late``, ``flights``
    """
    ### BEGIN SOLUTION
    flights = pd.DataFrame({"p": np.asarray(p, dtype=float), "y": np.asarray(y, dtype=float)})
    place = np.minimum((flights["p"] * n_bins).astype(int), n_bins - 1)
    return flights.groupby(place).agg(mean_p=("p", "mean"), share_late=("y", "mean"), flights=("y", "size"))
    ### END SOLUTION


def brier(y, p) -> float:
    """Give the mean squared difference of prediction and outcome."""
    ### BEGIN SOLUTION
    return float(np.mean((np.asarray(p, dtype=float) - np.asarray(y, dtype=float)) ** 2))
    ### END SOLUTION


def recalibrate(y_known, p_known, p_new) -> np.ndarray:
    """Correct new predictions by what known outcomes show.

    Parameters
    ----------
    y_known, p_known : outcomes (some of each kind) and predictions of flights that the model did not train on, shape (n,);
        the model's order is right: the higher its predictions, the more flights are late
    p_new : predictions to correct, one or more, 0 and 1 among them

    Returns
    -------
    probabilities, shape (len(p_new),); a higher prediction never becomes a lower one
    """
    ### BEGIN SOLUTION
    from sklearn.isotonic import IsotonicRegression

    curve = IsotonicRegression(y_min=0, y_max=1, out_of_bounds="clip")
    return curve.fit(np.asarray(p_known), np.asarray(y_known)).predict(np.asarray(p_new))
    ### END SOLUTION


# %% nbgrader={"grade_id": "calibration_test", "points": 10} long="a part for each clause, with its own small example"
mark = checks.Mark(10)
y_few, p_few = np.array([0, 1, 1, 1, 0, 1]), np.array([0.6, 0.2, 0.3, 0.9, 0.05, 0.4])
truth, said, landed = week3.calibration.overconfident(SEED)  # flights that we make up: right order, wrong level
known, new = slice(0, 2_000), slice(2_000, 4_000)
with mark.part(
    "curve", 3, "One row for each bin of equal width, by rising prediction: `mean_p`, `share_late`, `flights`."
):
    bins = pd.DataFrame({"mean_p": [0.125, 0.35, 0.6, 0.9], "share_late": [0.5, 1, 0, 1], "flights": [2, 2, 1, 1]})
    week3.calibration.curve(reliability, y_few, p_few, 4, bins)  # the bins from 0, 0.25, 0.5 and 0.75 on
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week3 import oracles

        for y, p, n_bins in oracles.calibration_cases(SEED, "full"):
            week3.calibration.curve(reliability, y, p, n_bins, *oracles.calibration_curves(y, p, n_bins or 10))
    ### END HIDDEN TESTS
with mark.part("edges", 1, "A bin holds its lower edge, the last one holds 1 as well.", after=("curve",)):
    bins = pd.DataFrame({"mean_p": [0, 0.25, 0.5, 0.875], "share_late": [1, 0, 0, 0.5], "flights": [1, 1, 1, 2]})
    week3.calibration.curve(reliability, np.array([1, 0, 0, 1, 0]), np.linspace(0, 1, 5), 4, bins)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week3 import oracles

        for y, p, n_bins in oracles.calibration_cases(SEED, "edges"):
            week3.calibration.curve(reliability, y, p, n_bins, *oracles.calibration_curves(y, p, n_bins))
    ### END HIDDEN TESTS
with mark.part("empty", 1, "One row for each bin that holds a flight.", after=("curve",)):
    bins = pd.DataFrame({"mean_p": [0.15, 0.95], "share_late": [0.5, 1], "flights": [2, 1]})
    week3.calibration.curve(reliability, np.array([0, 1, 1]), np.array([0.12, 0.18, 0.95]), 10, bins)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week3 import oracles

        for y, p, n_bins in oracles.calibration_cases(SEED, "empty"):
            week3.calibration.curve(reliability, y, p, n_bins, *oracles.calibration_curves(y, p, n_bins))
    ### END HIDDEN TESTS
with mark.part("brier", 1.5, "`brier` gives the mean squared difference of prediction and outcome."):
    week3.calibration.score(brier, y_few, p_few, (0.36 + 0.64 + 0.49 + 0.01 + 0.0025 + 0.36) / 6)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week3 import oracles

        for kind in ("full", "edges", "empty"):
            for y, p, _ in oracles.calibration_cases(SEED, kind):
                week3.calibration.score(brier, y, p, oracles.calibration_brier(y, p))
    ### END HIDDEN TESTS
with mark.part("recalibrate", 2, "Correct new predictions by what known outcomes show."):
    week3.calibration.nearer(recalibrate, landed[known], said[known], truth[new], said[new])
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week3 import oracles

        for slope, level in ((3.0, 0.0), (0.5, -1.5)):  # too sure, and not sure enough
            week3.calibration.nearer(recalibrate, *oracles.calibration_overconfident(3_000, SEED + 1, slope, level))
    ### END HIDDEN TESTS
with mark.part("order", 0.5, "A higher prediction never becomes a lower one.", after=("recalibrate",)):
    week3.calibration.keeps_order(recalibrate, landed[known], said[known], said[new])
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week3 import oracles

        for shift in range(3, 9):
            y, p, _, asked = oracles.calibration_overconfident(300, SEED + shift)
            week3.calibration.keeps_order(recalibrate, y, p, asked)
    ### END HIDDEN TESTS
with mark.part("new", 0.5, "`p_new`: predictions to correct, one or more, 0 and 1 among them.", after=("recalibrate",)):
    week3.calibration.one_by_one(recalibrate, landed[known], said[known], np.array([0.0, 0.3, 0.7, 1.0]))
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week3 import oracles

        y, p, _, asked = oracles.calibration_overconfident(900, SEED + 11, slope=1.5)
        week3.calibration.one_by_one(recalibrate, y, p, np.append(asked[:20], [1.0, 0.0]))
    ### END HIDDEN TESTS
### BEGIN HIDDEN TESTS
with (
    mark.part("series", 0.5, "Arrays, or Series with an index in any order.", after=("curve", "brier")),
    mark.hidden(),
    week3.legal("Series with an index in another order"),
):
    from source.week3 import oracles

    y, p = oracles.series(SEED, *next(oracles.calibration_cases(SEED, "full"))[:2])
    week3.calibration.curve(reliability, y, p, 4, *oracles.calibration_curves(y.to_numpy(), p.to_numpy(), 4))
    week3.calibration.curve(reliability, y, p.to_numpy(), 4, *oracles.calibration_curves(y.to_numpy(), p.to_numpy(), 4))
    week3.calibration.score(brier, y, p, oracles.calibration_brier(y.to_numpy(), p.to_numpy()))
    y, p, chance, asked = oracles.calibration_overconfident(3_000, SEED + 12)
    y, p, asked = oracles.series(SEED, y, p, asked)
    week3.calibration.nearer(recalibrate, y, p, chance, asked)
### END HIDDEN TESTS
mark

# %% nbgrader={"grade_id": "calibrated"}
half = (t_valid.dt.tz_convert("America/New_York").dt.month == 7).to_numpy()  # learn the curve on July, look at August
corrected = recalibrate(y_valid[half], p_valid[half], p_valid[~half])
for label, p in {"as the model says": p_valid[~half], "recalibrated": corrected}.items():
    curve = reliability(y_valid[~half], p)
    plt.plot(curve["mean_p"], curve["share_late"], marker="o", label=f"{label}: Brier {brier(y_valid[~half], p):.4f}")
plt.plot([0, 1], [0, 1], color="grey", linewidth=0.8)
plt.title("What the model says, and what happened")
plt.xlabel("mean prediction"), plt.ylabel("share late"), plt.legend()
plt.show()

# %% [markdown]
# Boosted trees that learn by log loss are usually close to the diagonal on the months that they know. Where a season shifts the level, as summer
# does, the curve leaves it. Two Brier scores say whether recalibration on July helped in August. It need not: a corrected level is last month's level. Whether
# it helps next month is a question that week 4 asks every night.

# %% [markdown]
# ## 3 · Dollars decide
#
# Finance has written down what a flight costs, by what we said and what happened. An alarm lets operations hold a crew and a gate ready.
#
# | | late | on time |
# |---|---|---|
# | **alarm** | caught: 400 | false alarm: 150 |
# | **no alarm** | missed: 1,000 | quiet: 0 |
#
# An alarm is raised where $p \ge$ threshold. If the probabilities were perfect, arithmetic would give the threshold: alarm when
# $p \cdot 400 + (1-p) \cdot 150 \le p \cdot 1000$, which is from 0.2 on. They are not perfect; so measure: try **every** threshold that makes a
# difference on validation flights, "always" and "never" among them, and take the cheapest.
#
# **Task `threshold`.** The costs are a dictionary with `caught`, `missed`, `false_alarm` and `quiet`, in dollars a flight. Other airports
# have others, so take nothing for zero.


# %% nbgrader={"grade_id": "threshold", "solution": true}
def cost_per_flight(y, p, threshold: float, cost: dict) -> float:
    """Give the mean cost of a flight in dollars when the alarm is raised where ``p >= threshold``.

    Parameters
    ----------
    y : 0 or 1, shape (n,)
    p : probabilities, shape (n,)
    cost : dollars for "caught", "missed", "false_alarm" and "quiet"
    """
    ### BEGIN SOLUTION
    y, alarm = np.asarray(y) == 1, np.asarray(p) >= threshold
    late = np.where(alarm, cost["caught"], cost["missed"])
    return float(np.where(y, late, np.where(alarm, cost["false_alarm"], cost["quiet"])).mean())
    ### END SOLUTION


def best_threshold(y, p, cost: dict) -> float:
    """Give a threshold of lowest mean cost on these flights; ``np.inf`` where it is cheapest never to raise an alarm.

    Of several that cost the same any will do.
    """
    ### BEGIN SOLUTION
    y, p = np.asarray(y), np.asarray(p, dtype=float)
    candidates, place = np.unique(p, return_inverse=True)
    late, punctual = (np.bincount(place, y == value, len(candidates)) for value in (1, 0))
    alarm = late * (cost["caught"] - cost["missed"]) + punctual * (cost["false_alarm"] - cost["quiet"])
    extra = np.append(np.cumsum(alarm[::-1])[::-1], 0.0)  # what alarms from each candidate on cost more than silence
    return float(np.append(candidates, np.inf)[extra.argmin()])
    ### END SOLUTION


# %% nbgrader={"grade_id": "threshold_test", "points": 9}
mark = checks.Mark(9)
y_few, p_few = np.array([0, 0, 1, 0, 1, 1]), np.array([0.05, 0.1, 0.15, 0.3, 0.4, 0.8])
with mark.part("cost", 2, "Give the mean cost of a flight in dollars."):
    # From 0.25 on: one false alarm, two caught, one missed, two quiet. Dollars a flight:
    week3.threshold.cost(cost_per_flight, y_few, p_few, 0.25, FINANCE, (150 + 2 * 400 + 1_000 + 2 * 0) / 6)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week3 import oracles

        for case in oracles.threshold_costed(SEED, FINANCE, at=False):
            week3.threshold.cost(cost_per_flight, *case)
    ### END HIDDEN TESTS
with mark.part("edge", 1, "The alarm is raised where `p >= threshold`.", after=("cost",)):
    week3.threshold.edge(cost_per_flight, y_few, p_few, 0.3, FINANCE, (150 + 2 * 400 + 1_000 + 2 * 0) / 6)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week3 import oracles

        for case in oracles.threshold_costed(SEED, FINANCE, at=True):
            week3.threshold.edge(cost_per_flight, *case)
    ### END HIDDEN TESTS
with mark.part("prices", 1, "Other airports have others, so take nothing for zero.", after=("cost",)):
    other = {"caught": 30.0, "missed": 200.0, "false_alarm": 70.0, "quiet": 5.0}
    week3.threshold.prices(cost_per_flight, y_few, p_few, 0.25, other, (70 + 2 * 30 + 200 + 2 * 5) / 6)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week3 import oracles

        for prices in oracles.threshold_prices(SEED):
            for case in oracles.threshold_costed(SEED, prices, at=False):
                week3.threshold.prices(cost_per_flight, *case)
    ### END HIDDEN TESTS
with mark.part("cheapest", 3, "Give a threshold of lowest mean cost on these flights."):
    costs = {0.05: 275, 0.1: 250, 0.15: 225, 0.3: 325, 0.4: 300, 0.8: 400, np.inf: 500}  # infinity is never
    week3.threshold.cheapest(best_threshold, y_few, p_few, FINANCE, costs)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week3 import oracles

        for y, p, prices in oracles.threshold_cases(SEED, "between"):
            week3.threshold.cheapest(best_threshold, y, p, prices, oracles.threshold_costs(y, p, prices))
    ### END HIDDEN TESTS
with mark.part("never", 0.5, "`np.inf` where it is cheapest never to raise an alarm.", after=("cheapest",)):
    week3.threshold.never(
        best_threshold, np.array([0, 1, 0]), np.array([0.1, 0.5, 0.9]), FINANCE | {"false_alarm": 5e3}
    )
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week3 import oracles

        for y, p, prices in oracles.threshold_cases(SEED, "never"):
            week3.threshold.never(best_threshold, y, p, prices)
        for y, p, prices in oracles.threshold_cases(SEED, "one"):
            week3.threshold.only_never(best_threshold, y, p, prices)
    ### END HIDDEN TESTS
with mark.part("always", 0.5, "Try every threshold that makes a difference, “always” among them.", after=("cheapest",)):
    costs = {0.2: 400, 0.6: 600, 0.9: 800, np.inf: 1_000}  # each of the three flights is late
    week3.threshold.always(best_threshold, np.array([1, 1, 1]), np.array([0.2, 0.6, 0.9]), FINANCE, costs)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week3 import oracles

        for y, p, prices in oracles.threshold_cases(SEED, "always"):
            week3.threshold.always(best_threshold, y, p, prices, oracles.threshold_costs(y, p, prices))
    ### END HIDDEN TESTS
### BEGIN HIDDEN TESTS
with (
    mark.part(
        "equal", 0.5, "An alarm is raised for each flight with `p >= threshold`: equal ones too.", after=("cheapest",)
    ),
    mark.hidden(),
):
    from source.week3 import oracles

    for y, p, prices in oracles.threshold_cases(SEED, "equal"):
        with week3.legal("flights of which several have the same prediction"):
            week3.threshold.cheapest(best_threshold, y, p, prices, oracles.threshold_costs(y, p, prices))
with (
    mark.part("series", 0.5, "Arrays, or Series with an index in any order.", after=("cost", "cheapest")),
    mark.hidden(),
    week3.legal("Series with an index in another order"),
):
    from source.week3 import oracles

    for y, p, prices in list(oracles.threshold_cases(SEED, "between"))[-3:]:
        (y_some, p_some), costs = oracles.series(SEED, y, p), oracles.threshold_costs(y, p, prices)
        week3.threshold.cost(cost_per_flight, y_some, p_some, 0.41, prices, oracles.threshold_cost(y, p, 0.41, prices))
        week3.threshold.cheapest(best_threshold, y_some, p_some, prices, costs)
### END HIDDEN TESTS
mark

# %% nbgrader={"grade_id": "cost_curve"}
chosen = best_threshold(y_valid, p_valid, FINANCE)
grid = np.linspace(0, 0.8, 161)
for label, y, p in [("validation", y_valid, p_valid), ("test", y_test, p_test)]:
    plt.plot(grid, [cost_per_flight(y, p, cut, FINANCE) for cut in grid], label=label)
plt.axvline(chosen, color="grey", linewidth=0.8)
plt.title(f"Cheapest on validation: alarm from {chosen:.3f} on")
plt.xlabel("threshold"), plt.ylabel("dollars a flight"), plt.legend()
plt.show()

# %% [markdown]
# The test curve is drawn so that you can see what you must **not** do: read the threshold off its lowest point. A threshold is a setting like any
# other, it is chosen on validation, and what it costs on test is what it costs. Note how flat the valley is: half the precision in the
# threshold would do, and the exact minimum is luck.

# %% [markdown]
# ## 4 · How much, and how sure?
#
# Finance asks what the alarm saves against today, when nobody raises one. Savings of single flights are not independent: one storm
# makes two hundred flights late. So, as in week 1, draw **whole days** with replacement, as many as there are, and take the 2.5th and 97.5th
# percentile of the mean over all flights drawn. With $m_d$ flights and a sum of $s_d$ on day $d$, a draw gives $\sum s_d / \sum m_d$.
#
# **Task `saving`.** First the interval of any mean, then the saving: threshold from validation, dollars from test.


# %% nbgrader={"grade_id": "saving", "solution": true}
def day_interval(values, days, n_boot: int = 500, seed: int = 0) -> tuple[float, float, float]:
    """Give the mean of ``values`` and the ends of its 95 % interval, drawing whole days.

    Parameters
    ----------
    values : a number for each flight, shape (n,)
    days : the day of each flight, shape (n,)
    n_boot : number of draws
    seed : makes the result repeatable

    Returns
    -------
    the mean, the lower and the upper end
    """
    ### BEGIN SOLUTION
    flights = pd.DataFrame({"value": np.asarray(values, dtype=float), "day": np.asarray(days)})
    by_day = flights.groupby("day")["value"].agg(["sum", "size"]).to_numpy()
    drawn = np.random.default_rng(seed).integers(len(by_day), size=(n_boot, len(by_day)))
    totals = by_day[drawn].sum(axis=1)
    low, high = np.percentile(totals[:, 0] / totals[:, 1], [2.5, 97.5])
    return float(flights["value"].mean()), float(low), float(high)
    ### END SOLUTION


def expected_saving(valid: pd.DataFrame, test: pd.DataFrame, cost: dict, n_boot: int = 500, seed: int = 0) -> dict:
    """Say what alarms save on test flights, a flight, against never raising one.

    Parameters
    ----------
    valid, test : flights with ``late`` (0 or 1), ``p`` and ``day``
    cost : dollars for "caught", "missed", "false_alarm" and "quiet"

    Returns
    -------
    dict with ``threshold`` (cheapest on ``valid``), ``saving`` (dollars a flight of ``test``), ``low`` and ``high``
    """
    ### BEGIN SOLUTION
    candidates = [*np.unique(valid["p"]), np.inf]

    def costs(flights: pd.DataFrame, threshold: float) -> np.ndarray:
        late, alarm = flights["late"].to_numpy() == 1, flights["p"].to_numpy() >= threshold
        return np.where(
            late,
            np.where(alarm, cost["caught"], cost["missed"]),
            np.where(alarm, cost["false_alarm"], cost["quiet"]),
        )

    threshold = min(candidates, key=lambda cut: costs(valid, cut).mean())
    saved = costs(test, np.inf) - costs(test, threshold)
    saving, low, high = day_interval(saved, test["day"], n_boot, seed)
    return {"threshold": float(threshold), "saving": saving, "low": low, "high": high}
    ### END SOLUTION


# %% nbgrader={"grade_id": "saving_test", "points": 9} long="an interval and a saving, each with numbers worked out by hand"
mark = checks.Mark(9)
# 50 days of storm with four late flights each, 50 quiet days with one flight that is on time.
delayed, days = np.repeat([1.0, 0.0], [200, 50]), np.repeat(np.arange(100), np.repeat([4, 1], 50))
valid = pd.DataFrame({"late": [0, 1, 0, 1], "p": [0.1, 0.3, 0.5, 0.8], "day": ["Mon", "Mon", "Tue", "Tue"]})
test = pd.DataFrame(
    {"late": [1, 1, 0, 0, 0], "p": [0.6, 0.7, 0.4, 0.1, 0.1], "day": ["Fri", "Fri", "Sat", "Sat", "Sat"]}
)
with mark.part("mean", 1, "`day_interval` gives the mean of `values` over all flights."):
    week3.saving.mean(day_interval, delayed, days, 200 / 250)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week3 import oracles

        for values, of_day in oracles.saving_values(SEED):
            week3.saving.mean(day_interval, values, of_day, float(values.mean()))
    ### END HIDDEN TESTS
with mark.part(
    "interval", 2.5, "Draw whole days with replacement, as many as there are: the 2.5th and 97.5th percentile."
):
    # 19 draws in 20 hold 40 to 60 days of storm. 2,000 draws find both ends within one day of that.
    low, high = ([4 * storms / (4 * storms + 100 - storms) for storms in ends] for ends in [(39, 41), (59, 61)])
    week3.saving.interval(day_interval, delayed, days, low, high, n_boot=2_000, seed=SEED)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week3 import oracles

        for values, of_day in oracles.saving_values(SEED):
            low, high = oracles.saving_ends(values, of_day, 4_000)
            week3.saving.interval(day_interval, values, of_day, low, high, n_boot=4_000, seed=SEED + 1)
    ### END HIDDEN TESTS
with mark.part("threshold", 1.5, "`threshold`: cheapest on `valid`."):
    # On `valid` an alarm from 0.3 on is cheapest.
    week3.saving.threshold(expected_saving, valid, test, FINANCE, lambda cut: 0.1 < cut <= 0.3)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week3 import oracles

        for before, after, prices in oracles.saving_cases(SEED, FINANCE):
            is_cheapest = oracles.saving_cheapest(before, prices)
            week3.saving.threshold(expected_saving, before, after, prices, is_cheapest)
    ### END HIDDEN TESTS
with mark.part("saved", 1.5, "`saving`: dollars a flight of `test`, against never raising an alarm."):
    # Judged at your threshold, cheapest or not. From 0.3 on two late flights are caught, one alarm is false: 2 × 600 − 150.
    worth = {0.1: 750 / 5, 0.4: 1_050 / 5, 0.6: 1_200 / 5, 0.7: 600 / 5, np.inf: 0}  # a flight, by threshold
    week3.saving.saved(expected_saving, valid, test, FINANCE, lambda cut: worth[min(c for c in worth if c >= cut)])
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from functools import partial

        from source.week3 import oracles

        for before, after, prices in oracles.saving_cases(SEED, FINANCE):
            week3.saving.saved(expected_saving, before, after, prices, partial(oracles.saving_mean, after, prices))
    ### END HIDDEN TESTS
with mark.part(
    "ends", 1, "`low` and `high`: the interval of the saving, drawing whole days of `test`.", after=("saved",)
):
    # At 0.3: one draw in four is two Saturdays (−50 a flight), one in four two Fridays (600).
    ends = {0.1: (-150, 600), 0.4: (-50, 600), 0.6: (0, 600), 0.7: (0, 300), np.inf: (0, 0)}
    week3.saving.ends(expected_saving, valid, test, FINANCE, lambda cut: ends[min(c for c in ends if c >= cut)])
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from functools import partial

        from source.week3 import oracles

        for before, after, prices in oracles.saving_cases(SEED, FINANCE):
            week3.saving.ends(expected_saving, before, after, prices, partial(oracles.saving_bands, after, prices))
    ### END HIDDEN TESTS
with mark.part(
    "draws", 1, "`n_boot`: number of draws (500); `seed` (0) makes the result repeatable.", after=("interval",)
):
    week3.saving.draws(day_interval, np.sqrt(np.arange(250.0)), days)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week3 import oracles

        before, after, prices = next(oracles.saving_cases(SEED, FINANCE))
        week3.saving.draws_handed_on(expected_saving, before, after, prices)
        week3.saving.draws(day_interval, *oracles.saving_values(SEED)[0])
    ### END HIDDEN TESTS
### BEGIN HIDDEN TESTS
with (
    mark.part(
        "legal", 0.5, "Arrays, or Series with an index in any order; any number of days.", after=("interval", "saved")
    ),
    mark.hidden(),
):
    from functools import partial

    from source.week3 import oracles

    values, of_day = oracles.series(SEED, *oracles.saving_values(SEED)[0])
    with week3.legal("Series with an index in another order"):
        low, high = oracles.saving_ends(values, of_day, 2_000)
        week3.saving.interval(day_interval, values, of_day, low, high, n_boot=2_000, seed=SEED + 2)
    with week3.legal("flights of one day alone"):
        week3.saving.interval(day_interval, np.array([1.0, 4.0]), ["a", "a"], [2.5] * 2, [2.5] * 2, n_boot=50, seed=1)
    before, after, prices = oracles.saving_nothing_pays(SEED, FINANCE)
    with week3.legal("months in which no alarm pays"):
        week3.saving.threshold(expected_saving, before, after, prices, np.isposinf)
        week3.saving.saved(expected_saving, before, after, prices, partial(oracles.saving_mean, after, prices))
### END HIDDEN TESTS
mark

# %% nbgrader={"grade_id": "saved"}
day_valid, day_test = (t.dt.tz_convert("America/New_York").dt.strftime("%Y-%m-%d") for t in (t_valid, t_test))
valid_flights = pd.DataFrame({"late": y_valid, "p": p_valid, "day": day_valid})
test_flights = pd.DataFrame({"late": y_test, "p": p_test, "day": day_test})
saved = expected_saving(valid_flights, test_flights, FINANCE, seed=SEED)
rows = pd.DataFrame([{"what": f"alarm from {saved['threshold']:.3f} on", **saved}])
plots.intervals(rows, "what", "saving", "low", "high", title="Saved a flight against silence", xlabel="dollars")
print(f"{saved['saving']:.0f} dollars a flight, between {saved['low']:.0f} and {saved['high']:.0f}.")

# %% [markdown]
# ## 5 · Several examinations, none of which looks ahead
#
# One validation window is one season's opinion. Cross-validation asks several times; `KFold(shuffle=True)` asks the wrong question several
# times, for it trains on the days after (week 1's shock). `TimeSeriesSplit` keeps the order, but counts *rows*: it cuts days in two,
# and its gap is a number of rows too. The desk thinks in days:
#
# ```
# fold 1   train train  gap  VALID
# fold 2   train train train train  gap  VALID
# fold 3   train train train train train train  gap  VALID
# ```
#
# Why the gap? A late evening reaches over midnight, and when a model is trained at night, the last days' outcomes are not all in yet. A
# gap of $g$ days leaves out the $g$ calendar days before validation begins, with flights or without.
#
# **Task `time_folds`.** The New York days that have flights, in order, are cut into `n_folds + 1` blocks whose lengths differ by one day at
# most. Fold $k$ validates on block $k$ (the first block is number 0) and trains on **every** earlier flight outside the gap.


# %% nbgrader={"grade_id": "time_folds", "solution": true}
def time_folds(times: pd.Series, n_folds: int, gap_days: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """Make folds in which training is always earlier than validation.

    Parameters
    ----------
    times : scheduled departures in UTC, in any order, any index
    n_folds : number of folds
    gap_days : New York days left out between training and validation

    Returns
    -------
    for each fold, earliest first: the row positions (0 to len(times) − 1) of training and of validation
    """
    ### BEGIN SOLUTION
    day = times.dt.tz_convert("America/New_York").dt.tz_localize(None).dt.floor("D").to_numpy()
    folds = []
    for block in np.array_split(np.unique(day), n_folds + 1)[1:]:
        known = day < block[0] - np.timedelta64(gap_days, "D")
        folds.append((np.flatnonzero(known), np.flatnonzero((day >= block[0]) & (day <= block[-1]))))
    return folds
    ### END SOLUTION


# %% nbgrader={"grade_id": "time_folds_test", "points": 10} long="a part for each clause, with its own small example"
mark = checks.Mark(10)
_, _, few = part("2013-02-01", "2013-05-31", 3_000, SEED)
noon = few[few.dt.hour >= 12].reset_index(drop=True)  # in order of time, and the same day in UTC and in New York
with mark.part("ahead", 2, "Make folds in which training is always earlier than validation."):
    week3.time_folds.ahead(time_folds, noon, 3, 2)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week3 import oracles

        for times, n_folds, gap in oracles.time_folds_cases(SEED, "plain"):
            week3.time_folds.ahead(time_folds, times, n_folds, gap)
    ### END HIDDEN TESTS
with mark.part("blocks", 2, "The days are cut into `n_folds + 1` blocks whose lengths differ by one day at most."):
    week3.time_folds.blocks(time_folds, noon, 3, 2)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week3 import oracles

        for times, n_folds, gap in oracles.time_folds_cases(SEED, "plain"):
            week3.time_folds.blocks(time_folds, times, n_folds, gap)
    ### END HIDDEN TESTS
with mark.part("gap", 2, "Fold `k` trains on every earlier flight outside the gap."):
    week3.time_folds.gap(time_folds, noon, 3, 2)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week3 import oracles

        for times, n_folds, gap in oracles.time_folds_cases(SEED, "plain"):
            week3.time_folds.gap(time_folds, times, n_folds, gap)
    ### END HIDDEN TESTS
with mark.part(
    "new_york", 1, "The New York days that have flights; departures are in UTC.", after=("ahead", "blocks", "gap")
):
    week3.time_folds.folds(time_folds, few.reset_index(drop=True), 3, 2)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week3 import oracles

        for times, n_folds, gap in oracles.time_folds_cases(SEED, "evenings"):
            week3.time_folds.folds(time_folds, times, n_folds, gap)
    ### END HIDDEN TESTS
with mark.part(
    "order", 1, "Departures in any order, any index; folds are row positions.", after=("ahead", "blocks", "gap")
):
    week3.time_folds.folds(time_folds, noon.set_axis(noon.index + 10_000).sample(frac=1, random_state=SEED), 3, 2)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week3 import oracles

        for times, n_folds, gap in oracles.time_folds_cases(SEED, "shuffled"):
            week3.time_folds.folds(time_folds, times, n_folds, gap)
    ### END HIDDEN TESTS
with mark.part(
    "calendar",
    1,
    "Calendar days are left out before validation, with flights or without.",
    after=("ahead", "blocks", "gap"),
):
    week3.time_folds.folds(time_folds, noon[noon.dt.day % 5 != 3].reset_index(drop=True), 3, 2)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week3 import oracles

        for times, n_folds, gap in oracles.time_folds_cases(SEED, "holes"):
            week3.time_folds.folds(time_folds, times, n_folds, gap)
    ### END HIDDEN TESTS
### BEGIN HIDDEN TESTS
with (
    mark.part("any_times", 1, "`n_folds`, `gap_days`: any number; any departures.", after=("ahead", "blocks", "gap")),
    mark.hidden(),
):
    from source.week3 import oracles

    for what, (times, n_folds, gap) in oracles.time_folds_legal(SEED):
        with week3.legal(what):
            week3.time_folds.folds(time_folds, times, n_folds, gap)
### END HIDDEN TESTS
mark

# %% nbgrader={"grade_id": "folds"}
SEARCH_ROWS = 5_000  # settings are compared on a sample: the order of candidates settles long before the score does
X_search, y_search, t_search = part("2013-01-01", "2013-08-31", SEARCH_ROWS, SEED + 1)
folds = time_folds(t_search, n_folds=3, gap_days=2)
for number, (known, asked) in enumerate(folds):
    days = t_search.dt.tz_convert("America/New_York")
    for rows, colour in ((known, plots.COLOURS[0]), (asked, plots.COLOURS[1])):
        plt.scatter(days.iloc[rows], np.full(len(rows), number + 1), s=4, color=colour)
plt.title("Blue trains, orange validates: later every time, with two days between")
plt.yticks(range(1, len(folds) + 1)), plt.ylabel("fold"), plt.ylim(0.5, len(folds) + 0.5)
plt.show()

# %% [markdown]
# ## 6 · A plain opponent, and the leak in its scaler
#
# Before anything is tuned: what does a logistic regression reach? It needs missing numbers filled in, numbers on one scale and categories as
# columns of 0 and 1. Each of the three *learns* from data: a median, a mean and a standard deviation, a list of categories. Learn them on the whole table
# before you split, and every fold has seen the days that it is examined on. The gain is small here, and so nobody notices; with target
# encodings (week 2) it is large. The cure costs nothing: put every step that learns into a `Pipeline`, and fit the pipeline within the fold.
#
# **Task `fold_scores`.** Evaluate a logistic regression on every fold. Numbers are all columns but `carrier`, `origin`, `dest`; categories that
# a fold has not trained on must not stop it, and the unit of a column (miles or kilometres) must not matter. A number may be missing for all
# flights of a fold, or be the same for all. Any usual penalty will do; class weights will not.


# %% nbgrader={"grade_id": "fold_scores", "solution": true}
def fold_scores(X: pd.DataFrame, y: pd.Series, folds: list) -> pd.DataFrame:
    """Train and examine a logistic regression on each fold.

    Parameters
    ----------
    X : features: ``carrier``, ``origin``, ``dest`` are text, all others numbers with NaN
    y : 0 or 1
    folds : pairs of row positions, as ``time_folds`` gives them

    Returns
    -------
    one row for each fold, in order: ``auc`` and ``log_loss`` on its validation rows
    """
    ### BEGIN SOLUTION
    from sklearn.compose import ColumnTransformer
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    categories = ["carrier", "origin", "dest"]
    numbers = [name for name in X.columns if name not in categories]
    scale = make_pipeline(SimpleImputer(strategy="median", keep_empty_features=True), StandardScaler())
    prepare = ColumnTransformer(
        [("n", scale, numbers), ("c", OneHotEncoder(handle_unknown="ignore"), categories)], sparse_threshold=0
    )
    rows = []
    for known, asked in folds:
        model = make_pipeline(prepare, LogisticRegression(max_iter=500))
        p = model.fit(X.iloc[known], y.iloc[known]).predict_proba(X.iloc[asked])[:, 1]
        rows.append({"auc": sk.roc_auc_score(y.iloc[asked], p), "log_loss": sk.log_loss(y.iloc[asked], p)})
    return pd.DataFrame(rows)
    ### END SOLUTION


# %% nbgrader={"grade_id": "fold_scores_test", "points": 8} long="a part for each clause, with its own small example"
mark = checks.Mark(8)
X_all, y_all, _ = part("2013-01-01", "2013-06-30", 1_800, SEED)
X_all = X_all[["carrier", "origin", "dest", "departs", "distance"]]
X_few, y_few = week3.fold_scores.tidy(X_all, y_all)  # frequent airlines and airports alone, and no number is missing
two_folds = [(np.arange(0, 300), np.arange(320, 440)), (np.arange(0, 440), np.arange(450, 600))]
with mark.part("scores", 2.5, "One row for each fold, in order: `auc` and `log_loss` on its validation rows."):
    week3.fold_scores.sound(fold_scores, X_few, y_few, two_folds)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week3 import oracles

        for X, y, folds in oracles.fold_scores_cases(SEED):
            expected = oracles.fold_scores_plain(X, y, folds)
            week3.fold_scores.near(fold_scores, X, y, folds, expected)
    ### END HIDDEN TESTS
with mark.part("regression", 1, "Train and examine a logistic regression."):
    far, afternoon = (X_few[name] > X_few[name].median() for name in ("distance", "departs"))
    either = (far ^ afternoon).astype(int)  # one or the other, not both: a sum of columns cannot tell
    week3.fold_scores.adds_up(fold_scores, X_few, either, [(np.arange(0, 300), np.arange(300, 600))])
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week3 import oracles

        for X, y, folds in oracles.fold_scores_curved(SEED):
            week3.fold_scores.adds_up(fold_scores, X, y, folds)
    ### END HIDDEN TESTS
with mark.part(
    "columns", 1, "Numbers are all columns but `carrier`, `origin`, `dest`; categories are columns of 0 and 1."
):
    week3.fold_scores.finds_signal(fold_scores, X_few, far.astype(int), two_folds, "distance")
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week3 import oracles

        for column, X, y, folds in oracles.fold_scores_signals(SEED):
            week3.fold_scores.finds_signal(fold_scores, X, y, folds, column)
    ### END HIDDEN TESTS
with mark.part("within", 1.5, "Every step that learns is fitted within the fold.", after=("scores",)):
    week3.fold_scores.learns_within(fold_scores, X_few, y_few, two_folds, 0)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week3 import oracles

        for X, y, folds in oracles.fold_scores_cases(SEED, holes=True):
            for number in range(len(folds)):
                week3.fold_scores.learns_within(fold_scores, X, y, folds, number)
            week3.fold_scores.one_by_one(fold_scores, X, y, folds[0])
    ### END HIDDEN TESTS
with mark.part("unseen", 0.5, "Categories that a fold has not trained on must not stop it.", after=("scores",)):
    strange = X_few.assign(dest=X_few["dest"].where(np.arange(len(X_few)) < 400, "XYZ"))
    week3.fold_scores.sound(fold_scores, strange, y_few, two_folds)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week3 import oracles

        for column, X, y, folds in oracles.fold_scores_unseen(SEED):
            with week3.legal(f"a new value of {column}"):
                week3.fold_scores.sound(fold_scores, X, y, folds)
    ### END HIDDEN TESTS
with mark.part("unit", 0.5, "The unit of a column (miles or kilometres) must not matter.", after=("scores",)):
    week3.fold_scores.unit_free(fold_scores, X_few, y_few, two_folds, "distance")
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week3 import oracles

        for column, X, y, folds in oracles.fold_scores_signals(SEED):
            if column not in oracles.CATEGORIES:
                week3.fold_scores.unit_free(fold_scores, X, y, folds, column)
    ### END HIDDEN TESTS
with mark.part(
    "missing",
    0.5,
    "Missing numbers are filled in; a number may be missing for all, or the same for all.",
    after=("scores",),
):
    week3.fold_scores.sound(fold_scores, X_few.assign(departs=X_few["departs"].where(far)), y_few, two_folds)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week3 import oracles

        for what, X, y, folds, expected in oracles.fold_scores_missing(SEED):
            with week3.legal(what):
                week3.fold_scores.near(fold_scores, X, y, folds, expected)
    ### END HIDDEN TESTS
### BEGIN HIDDEN TESTS
with (
    mark.part("positions", 0.5, "Folds are row positions; any index.", after=("scores",)),
    mark.hidden(),
    week3.legal("a table with another index"),
):
    from source.week3 import oracles

    for X, y, folds in oracles.fold_scores_mixed(SEED):
        week3.fold_scores.near(fold_scores, X, y, folds, oracles.fold_scores_plain(X, y, folds))
### END HIDDEN TESTS
mark

# %% nbgrader={"grade_id": "plain_opponent"}
plain_scores = fold_scores(X_search, y_search, folds)
plain_scores.index = [f"fold {k}" for k in range(1, len(folds) + 1)]
plain_scores.round(4)

# %% [markdown]
# ## 7 · Grid and chance at the same budget
#
# A grid of 3 × 2 × 2 settings costs 12 trainings a fold, and tries three different values of the first setting. Twelve random draws cost the
# same and try up to twelve. If one setting matters far more than the others, and one usually does, chance sees more of it (Bergstra and Bengio
# 2012). Both can watch several metrics; then **you** must say which one decides. `refit` accepts a function for that: it gets `cv_results_`
# and returns the position of the candidate to take.
#
# Here is a rule with a reason. The best of twelve mean scores is the best partly by luck. Its *standard error* is `std_test_log_loss` divided by the
# root of the number of folds (where several share the best mean, the first row's). All candidates within one standard error of the best, the limit included, are as good as the data can tell; among these take the
# **smallest model**: fewest leaves in all, `n_estimators` times `num_leaves`. If two are equally small, take the better score.
#
# **Task `searches`.** Write the rule, then one function for both searches. The scores have scikit-learn's names and signs: `test_log_loss` is
# *minus* the log loss, so higher is better. Settings are those of `models.pipeline("lightgbm", seed)`, whose steps are `prepare` and `model`.


# %% nbgrader={"grade_id": "searches", "solution": true}
def one_standard_error(results: pd.DataFrame, n_folds: int) -> int:
    """Choose a candidate by the rule of one standard error.

    Parameters
    ----------
    results : a row for each candidate: ``mean_test_log_loss``, ``std_test_log_loss`` (negative log loss: higher is better),
        ``params`` (dict with ``model__n_estimators`` and ``model__num_leaves``)
    n_folds : number of folds behind each mean

    Returns
    -------
    the position of the chosen row
    """
    ### BEGIN SOLUTION
    mean = results["mean_test_log_loss"].to_numpy()
    best = mean.argmax()
    enough = mean[best] - results["std_test_log_loss"].to_numpy()[best] / np.sqrt(n_folds)
    size = [params["model__n_estimators"] * params["model__num_leaves"] for params in results["params"]]
    return int(min(np.flatnonzero(mean >= enough), key=lambda row: (size[row], -mean[row])))
    ### END SOLUTION


def run_search(
    kind: str, X: pd.DataFrame, y: pd.Series, folds: list, space: dict, budget: int = 12, seed: int = 0
) -> dict:
    """Search the settings of LightGBM on given folds.

    Parameters
    ----------
    kind : "grid" tries every combination, "random" draws ``budget`` of them, none twice (all, if there are fewer)
    folds : as ``time_folds`` gives them
    space : lists of values by name, such as ``{"model__num_leaves": [7, 31], "model__n_estimators": [50]}``
    seed : of the models and of the draws

    Returns
    -------
    dict with ``results`` (DataFrame of ``cv_results_``, with the metrics ``auc``, ``log_loss`` and ``average_precision``),
    ``chosen`` (the row chosen by ``one_standard_error``) and ``model`` (the chosen pipeline, fitted on all of ``X``)
    """
    ### BEGIN SOLUTION
    from sklearn.model_selection import GridSearchCV, RandomizedSearchCV

    options = {
        "scoring": {"auc": "roc_auc", "log_loss": "neg_log_loss", "average_precision": "average_precision"},
        "refit": lambda found: one_standard_error(pd.DataFrame(found), len(folds)),
        "cv": folds,
    }
    model = models.pipeline("lightgbm", seed)
    if kind == "grid":
        search = GridSearchCV(model, space, **options)
    else:
        search = RandomizedSearchCV(model, space, n_iter=budget, random_state=seed, **options)
    search.fit(X, y)
    results = pd.DataFrame(search.cv_results_)
    return {"results": results, "chosen": int(search.best_index_), "model": search.best_estimator_}
    ### END SOLUTION


# %% nbgrader={"grade_id": "searches_test", "points": 11} long="the rule and both searches, each with numbers worked out by hand"
mark = checks.Mark(11)
tried = pd.DataFrame({"mean_test_log_loss": [-0.5, -0.515, -0.51, -0.53], "std_test_log_loss": [0.04, 0.2, 0.2, 0.2]})
tried["params"] = [
    {"model__n_estimators": n, "model__num_leaves": k} for n, k in [(80, 16), (40, 8), (20, 16), (20, 4)]
]
# Four folds: the line is at -0.5 - 0.04 / 2. Rows 0, 1 and 2 are above it; 1 and 2 have 320 leaves in all, and 2 has the better score.
with mark.part(
    "line",
    1.5,
    "All candidates within one standard error of the best, the limit included, are as good as the data can tell.",
):
    week3.searches.near_enough(one_standard_error, tried, 4, [0, 1, 2])
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week3 import oracles

        for results, n_folds, level, _ in oracles.searches_tables(SEED):
            week3.searches.near_enough(one_standard_error, results, n_folds, level)
    ### END HIDDEN TESTS
with mark.part(
    "smallest", 1.5, "Among these take the smallest model: `n_estimators` times `num_leaves`.", after=("line",)
):
    week3.searches.smallest(one_standard_error, tried, 4, [0, 1, 2])
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week3 import oracles

        for results, n_folds, level, _ in oracles.searches_tables(SEED):
            week3.searches.smallest(one_standard_error, results, n_folds, level)
    ### END HIDDEN TESTS
with mark.part(
    "better",
    0.5,
    "If two are equally small, take the better score; where several share the best mean, the first row's error counts.",
    after=("smallest",),
):
    week3.searches.better(one_standard_error, tried, 4, 2)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week3 import oracles

        for results, n_folds, _, chosen in oracles.searches_tables(SEED):
            week3.searches.better(one_standard_error, results, n_folds, chosen)
        week3.searches.first_of_best(one_standard_error, *oracles.searches_level())
    ### END HIDDEN TESTS
X_few, y_few, _ = part("2013-01-01", "2013-06-30", 1_200, SEED)
two_folds = [(np.arange(0, 500), np.arange(550, 850)), (np.arange(0, 800), np.arange(850, 1_200))]
space = {"model__num_leaves": [4, 12], "model__n_estimators": [8], "model__learning_rate": [0.05, 0.3]}
space["model__min_child_samples"] = [10_000]  # no tree can split: each flight gets the share of late ones in training
flights = (X_few, y_few, two_folds)
asked = week3.searches.Searches(run_search)
with mark.part("grid", 1, "“grid” tries every combination."):
    asked(flights, "grid", space, 3, SEED).tries_all(space)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week3 import oracles

        new = oracles.searches_flights(SEED)
        for case in oracles.searches_cases("grid", SEED):
            asked(new, "grid", *case).tries_all(case[0])
    ### END HIDDEN TESTS
with mark.part("random", 1, "“random” draws `budget` of them, none twice."):
    asked(flights, "random", space, 3, SEED).tries(space, 3)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week3 import oracles

        new = oracles.searches_flights(SEED)
        for case in oracles.searches_cases("random", SEED):
            asked(new, "random", *case).tries(*case[:2])
    ### END HIDDEN TESTS
with mark.part("scores", 2, "The metrics `auc`, `log_loss` and `average_precision` on given folds."):
    shares = [(y_few.iloc[known].mean(), y_few.iloc[judged].mean()) for known, judged in two_folds]
    losses = [q * np.log(p) + (1 - q) * np.log(1 - p) for p, q in shares]
    scores = [{"auc": 0.5, "log_loss": a, "average_precision": q} for a, (_, q) in zip(losses, shares, strict=True)]
    asked(flights, "grid", space, 3, SEED).scored([scores] * 4)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week3 import oracles

        new = oracles.searches_flights(SEED)
        for kind in ("grid", "random"):
            for case in oracles.searches_cases(kind, SEED)[:2]:
                found = asked(new, kind, *case)
                found.scored(oracles.searches_scores(new, found.tried, case[2]))
    ### END HIDDEN TESTS
with mark.part("chosen", 1, "`chosen`: the row chosen by `one_standard_error`.", after=("scores",)):
    asked(flights, "grid", space, 3, SEED).chose(one_standard_error)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week3 import oracles

        new = oracles.searches_flights(SEED)
        for kind in ("grid", "random"):
            for case in oracles.searches_cases(kind, SEED):
                asked(new, kind, *case).chose(one_standard_error)
    ### END HIDDEN TESTS
with mark.part("model", 1.5, "`model`: the chosen pipeline, fitted on all of `X`.", after=("scores",)):
    asked(flights, "grid", space, 3, SEED).predicts(X_few, np.full(len(X_few), y_few.mean()))
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week3 import oracles

        new = oracles.searches_flights(SEED)
        for kind in ("grid", "random"):
            for case in oracles.searches_cases(kind, SEED)[
                -2:
            ]:  # among them one in which the rule takes not the best mean
                found = asked(new, kind, *case)
                found.predicts(new[0], oracles.searches_prediction(new, found.settings, case[2]))
    ### END HIDDEN TESTS
### BEGIN HIDDEN TESTS
with mark.part("seed", 0.5, "`seed` of the models and of the draws.", after=("random",)), mark.hidden():
    from functools import partial

    from source.week3 import oracles

    new = oracles.searches_flights(SEED, text=True)
    scores = partial(oracles.searches_scores, new)
    week3.searches.seeded(run_search, new, oracles.SEARCHES_WIDE, 4, range(SEED + 4, SEED + 8), scores)
with (
    mark.part("defaults", 0.5, "`budget` is 12 and `seed` is 0 where nothing else is said.", after=("random",)),
    mark.hidden(),
):
    from source.week3 import oracles

    new = oracles.searches_flights(SEED, text=True)
    week3.searches.by_default(run_search, new, oracles.SEARCHES_WIDE)
### END HIDDEN TESTS
mark

# %% [markdown]
# The demonstration searches small models on few rows, so that it ends within seconds, and says what it costs. Only patience keeps you from more.

# %% nbgrader={"grade_id": "search_all"}
space = {
    "model__num_leaves": [4, 15, 40],
    "model__n_estimators": [40, 80],
    "model__learning_rate": [0.05, 0.15],
    "model__min_child_samples": [20],
}
wide = {
    "model__num_leaves": [3, 4, 6, 8, 11, 15, 20, 28, 40],
    "model__n_estimators": [30, 40, 60, 80],
    "model__learning_rate": [0.02, 0.04, 0.06, 0.09, 0.13, 0.2],
    "model__min_child_samples": [10, 20, 40, 80, 160],
}
found = {}
for kind, lists in progress({"grid": space, "random": wide}.items(), "searches"):
    found[kind] = run_search(kind, X_search, y_search, folds, lists, budget=12, seed=SEED)

# %% [markdown]
# Two more, to compare. **Successive halving** gives every candidate few rows, and the better third more. It takes a metric and no rule of
# ours. And the **other libraries**, XGBoost by grid and by chance: `models.pipeline` gives all three one interface. CatBoost needs a wrapper for it:
# a search copies its estimator with `sklearn.base.clone`, which demands that the constructor keep the very objects it is given, and CatBoost copies its list of
# `cat_features`. `models.CatBoost` keeps plain settings and makes the real model in `fit`: read it, it is short.

# %% nbgrader={"grade_id": "search_halving"}
from sklearn.experimental import enable_halving_search_cv
from sklearn.model_selection import GridSearchCV, HalvingRandomSearchCV, RandomizedSearchCV

halving = HalvingRandomSearchCV(
    models.pipeline("lightgbm", SEED), wide, n_candidates=12, factor=3, min_resources=500, cv=folds,
    scoring="neg_log_loss", random_state=SEED, refit=False,
)  # fmt: skip
results = pd.DataFrame(halving.fit(X_search, y_search).cv_results_)
last = results["n_resources"] == results["n_resources"].max()  # scores on fewer rows are no scores to compare with
found["halving"] = {"results": results.assign(mean_test_log_loss=results["mean_test_score"].where(last))}
print(results.groupby("n_resources").size().rename("candidates").to_string())

# %% nbgrader={"grade_id": "search_libraries"}
xgboost, catboost = models.pipeline("xgboost", SEED), models.pipeline("catboost", SEED)
few = {"model__n_estimators": [40], "model__max_depth": [3, 5], "model__learning_rate": [0.05, 0.15]}
more = {
    "model__n_estimators": [20, 40, 60],
    "model__max_depth": [2, 3, 4, 5, 6],
    "model__learning_rate": [0.05, 0.1, 0.2],
}
options = {"cv": folds, "scoring": {"auc": "roc_auc", "log_loss": "neg_log_loss"}, "refit": "log_loss"}
others = {
    "xgboost, grid": GridSearchCV(xgboost, few, **options),
    "xgboost, random": RandomizedSearchCV(xgboost, more, n_iter=4, random_state=SEED, **options),
    "catboost, grid": GridSearchCV(catboost, {"model__iterations": [40], "model__depth": [4, 6]}, **options),
}
for name, search in progress(others.items(), "libraries"):
    found[name] = {"results": pd.DataFrame(search.fit(X_search, y_search).cv_results_)}

# %% nbgrader={"grade_id": "seconds"}
for name, search in found.items():
    results = search["results"]
    seconds = ((results["mean_fit_time"] + results["mean_score_time"]) * len(folds)).cumsum()
    plt.plot(seconds, (-results["mean_test_log_loss"]).cummin(), marker=".", drawstyle="steps-post", label=name)
plt.axhline(plain_scores["log_loss"].mean(), color="grey", linewidth=0.8, label="logistic regression")
plt.title("What each second of searching bought")
plt.xlabel("seconds spent"), plt.ylabel("best log loss so far, mean of folds")
plt.legend(loc="center left", bbox_to_anchor=(1, 0.5))
plt.show()

# %% [markdown]
# Look at the scale of the vertical axis before you praise a search. What the first few candidates bought is most of what there is; and if the
# grey line is close, the honest sentence is "the seconds bought next to nothing".

# %% [markdown]
# ## 8 · How much of the best score is luck
#
# Toss fifty coins ten times each, keep the one that fell heads most often, and report its share of heads: that is what a search reports. The score that
# *chose* a candidate is too good for it, the more so the more candidates there are: **optimism**. The cure is a second, outer examination that had
# no part in the choice. In each outer round: choose by inner folds that lie wholly within the outer training rows, train the chosen one on all outer
# training rows, and examine it on the outer validation rows, once.
#
# **Task `nested`.** Each round is a dictionary: `train`, `valid` (row positions, in any order) and `inner` (folds, also as row positions of `X`, all within `train`). A
# candidate's inner score is the mean of its folds' log losses; the lowest is chosen.


# %% nbgrader={"grade_id": "nested", "solution": true}
def nested_scores(X: pd.DataFrame, y: pd.Series, rounds: list[dict], candidates: list[dict], seed: int) -> pd.DataFrame:
    """Choose on inner folds, examine on outer rows.

    Parameters
    ----------
    rounds : "train", "valid" and "inner" of each outer round, as above
    candidates : settings, each for ``models.pipeline("lightgbm", seed, **settings)``

    Returns
    -------
    one row for each round: ``chosen`` (position in ``candidates``), ``inner`` (its mean inner log loss) and ``outer`` (its
    log loss on ``valid``)
    """

    ### BEGIN SOLUTION
    def loss(settings: dict, known: np.ndarray, asked: np.ndarray) -> float:
        model = models.pipeline("lightgbm", seed, **settings).fit(X.iloc[known], y.iloc[known])
        return sk.log_loss(y.iloc[asked], model.predict_proba(X.iloc[asked])[:, 1])

    rows = []
    for part_of in rounds:
        inner = [np.mean([loss(settings, *fold) for fold in part_of["inner"]]) for settings in candidates]
        chosen = int(np.argmin(inner))
        outer = loss(candidates[chosen], part_of["train"], part_of["valid"])
        rows.append({"chosen": chosen, "inner": inner[chosen], "outer": outer})
    return pd.DataFrame(rows)
    ### END SOLUTION


# %% nbgrader={"grade_id": "nested_test", "points": 8} long="outcomes that we make up, with losses worked out by hand"
mark = checks.Mark(8)
X_few, _, _ = part("2013-01-01", "2013-08-31", 1_500, SEED)
inner = [(np.arange(0, 400), np.arange(420, 600)), (np.arange(0, 600), np.arange(620, 800))]
rounds = [{"train": np.arange(0, 800), "valid": np.arange(850, 1_150), "inner": inner}]
# Neither candidate can split: the first says the share of late flights in training, the second always one half.
candidates = [{"min_child_samples": 10_000}, {"min_child_samples": 10_000, "class_weight": "balanced"}]
row = np.arange(len(X_few))
one_in_five = pd.Series((row % 5 == 0).astype(int), X_few.index)  # outcomes that we make up
turned = one_in_five.where(
    row < 850, (row % 5 < 3).astype(int)
)  # and of the outer validation rows three in five are late
losses = {share: -share * np.log(0.2) - (1 - share) * np.log(0.8) for share in (0.2, 0.6)}  # of saying one in five
asked, first = week3.nested.Nested(nested_scores), (X_few, turned, rounds, candidates, SEED)
with mark.part("chosen", 2.5, "`chosen`: the candidate of lowest mean inner log loss."):
    asked(*first).stays(asked(X_few, one_in_five, *first[2:]))
    asked(*first).chose([[losses[0.2], np.log(2)]])  # the second would have been better on the outer rows
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week3 import oracles

        for case in [*oracles.nested_cases(SEED), *oracles.nested_in_favour(SEED)]:
            asked(*case).chose(oracles.nested_inner(*case))
    ### END HIDDEN TESTS
with mark.part("inner", 1.5, "`inner`: its mean inner log loss."):
    asked(*first).said_inner([[losses[0.2], np.log(2)]])
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week3 import oracles

        for case in oracles.nested_cases(SEED):
            asked(*case).said_inner(oracles.nested_inner(*case))
    ### END HIDDEN TESTS
with mark.part("outer", 2.5, "Trained on all outer training rows, examined on the outer validation rows, once."):
    asked(*first).said_outer([[losses[0.6], np.log(2)]])
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week3 import oracles

        for case in oracles.nested_cases(SEED):
            asked(*case).said_outer(oracles.nested_outer(*case))
    ### END HIDDEN TESTS
### BEGIN HIDDEN TESTS
with (
    mark.part("mean", 0.5, "The mean of its folds' log losses, however long the folds.", after=("inner",)),
    mark.hidden(),
):
    from source.week3 import oracles

    for case in oracles.nested_uneven(SEED):
        this = asked(*case)
        this.said_inner(oracles.nested_inner(*case))
        this.chose(oracles.nested_inner(*case))
with (
    mark.part("seed", 0.5, '`models.pipeline("lightgbm", seed, **settings)`.', after=("chosen", "outer")),
    mark.hidden(),
):
    from source.week3 import oracles

    for case in oracles.nested_seeded(SEED):
        this = asked(*case)
        this.said_inner(oracles.nested_inner(*case))
        this.said_outer(oracles.nested_outer(*case))
with mark.part("rows", 0.5, "Row positions of `X`, in any order.", after=("chosen", "outer")), mark.hidden():
    from source.week3 import oracles

    case = oracles.nested_mixed(SEED)
    with week3.legal("rows that are no run, and an index in no order"):
        this = asked(*case)
        this.chose(oracles.nested_inner(*case))
        this.said_outer(oracles.nested_outer(*case))
### END HIDDEN TESTS
mark

# %% nbgrader={"grade_id": "optimism"}
outer_folds = time_folds(t_search, n_folds=2, gap_days=2)
rounds = []
for known, asked in outer_folds:
    inside = [(known[a], known[b]) for a, b in time_folds(t_search.iloc[known], n_folds=2, gap_days=2)]
    rounds.append({"train": known, "valid": asked, "inner": inside})
settings_tried = [
    {name.removeprefix("model__"): value for name, value in params.items()}
    for params in found["random"]["results"]["params"]
]
honest = nested_scores(X_search, y_search, rounds, settings_tried[:8], SEED)
honest.round(4)

# %% [markdown]
# The difference of `inner` and `outer` holds two things, optimism and the season: some months are harder to foresee than others, whoever
# chose. With few candidates the season is the larger one by far: `outer` may even be the better of the two. With hundreds of candidates it would be the other way round.
#
# Now the last question, and test answers it: the tuned model against the default one, both trained on January to June, on September to
# December. Your interval by days does it: of the difference in log loss of each flight.

# %% nbgrader={"grade_id": "tuned_or_not"}
chosen_row = found["random"]["chosen"]
tuned_params = found["random"]["results"]["params"][chosen_row]
tuned_model = models.pipeline("lightgbm", SEED).set_params(**tuned_params).fit(X_train, y_train)
p_tuned = tuned_model.predict_proba(X_test)[:, 1]
outcome = y_test.to_numpy()
losses = [-np.log(np.where(outcome == 1, p, 1 - p)) for p in (p_test, p_tuned)]
gain, low, high = day_interval(losses[0] - losses[1], day_test, seed=SEED)
rows = pd.DataFrame([{"pair": "default − tuned", "gain": gain, "low": low, "high": high}])
plots.intervals(rows, "pair", "gain", "low", "high", title="What tuning gained on test", xlabel="log loss a flight")
print(f"Gain {gain:.4f}, between {low:.4f} and {high:.4f}; {len(y_test):,} flights of {day_test.nunique()} days.")

# %% [markdown]
# Where the interval holds zero, tuning bought nothing that four months can show. Where it does not, compare the gain with what week 2's features
# bought, and with what the threshold saves in dollars. **The second trap of this course has a quiet form: nobody cheated, everybody just looked
# at validation once more.** That is why the number of looks is worth recording, which is the next task.

# %% [markdown]
# ## 9 · What the next person finds
#
# In three months somebody asks which settings were tried, on which folds, and which model is running. "In my notebook" is not an answer.
# **MLflow** keeps *runs* (parameters, metrics, files) and a *registry* of models with versions; an *alias* such as `champion` names
# the version in use, and moving the alias is how a model is promoted or taken back.
#
# `registry.connect(folder)` points MLflow at a registry in that folder (SQLite, no server, no telemetry). `mlflow.sklearn.log_model` would
# spend ten seconds finding out what the model needs: say it, with `pip_requirements=registry.requirements()`, and pass
# `serialization_format="cloudpickle"`. Pass `pyfunc_predict_fn="predict_proba"`, too: `pyfunc` is
# MLflow's common interface, which servers use, and a server that answers yes or no has thrown the dollars away.
# A **signature** says which columns go in and what comes out; an **input example** shows it.
#
# **Task `register`.** One run for each trial: its settings as parameters; its folds' log losses as metric `log_loss`, with the fold's number (from 0)
# as `step`; their mean as metric `mean_log_loss`. The trial of lowest mean (not part 7's rule, which needs every fold's score: the registry of a team needs a rule that anybody can check in the database with one query) is trained on all of `X`, and logged **in its own run**, with signature and input
# example, together with a figure of the folds' losses, `folds.png`. It is registered as `flight-delays` and gets the alias `champion`.


# %% nbgrader={"grade_id": "register", "solution": true}
def register_champion(folder: str, trials: list[dict], X: pd.DataFrame, y: pd.Series, seed: int) -> int:
    """Log every trial and register the best one as champion.

    Parameters
    ----------
    folder : absolute path, for ``registry.connect``
    trials : each with ``settings`` (dict, for ``models.pipeline("lightgbm", seed, **settings)``) and ``fold_log_loss`` (list)
    X, y : the rows on which the champion is trained

    Returns
    -------
    the version of the registered model
    """
    ### BEGIN SOLUTION
    import mlflow

    registry.connect(folder)
    best = min(range(len(trials)), key=lambda place: np.mean(trials[place]["fold_log_loss"]))
    for place, trial in enumerate(trials):
        with mlflow.start_run(run_name=f"trial {place}"):
            mlflow.log_params(trial["settings"])
            for fold, loss in enumerate(trial["fold_log_loss"]):
                mlflow.log_metric("log_loss", loss, step=fold)
            mlflow.log_metric("mean_log_loss", float(np.mean(trial["fold_log_loss"])))
            if place != best:
                continue
            figure, axes = plt.subplots()
            axes.plot(trial["fold_log_loss"], marker="o")
            mlflow.log_figure(figure, "folds.png")
            plt.close(figure)
            model = models.pipeline("lightgbm", seed, **trial["settings"]).fit(X, y)
            few = X.head(500)  # a signature is a matter of columns, and MLflow looks at each single value
            logged = mlflow.sklearn.log_model(
                model, name="model", input_example=X.head(3), pip_requirements=registry.requirements(),
                signature=mlflow.models.infer_signature(few, model.predict_proba(few)), registered_model_name=registry.MODEL,
                serialization_format="cloudpickle", pyfunc_predict_fn="predict_proba",
            )  # fmt: skip
    version = int(logged.registered_model_version)
    mlflow.MlflowClient().set_registered_model_alias(registry.MODEL, registry.ALIAS, version)
    return version
    ### END SOLUTION


def champion_scores(folder: str, X: pd.DataFrame) -> np.ndarray:
    """Give the probabilities of late by the champion of the registry in ``folder``, found by its alias; shape (n,)."""
    ### BEGIN SOLUTION
    import mlflow

    registry.connect(folder)
    champion = mlflow.sklearn.load_model(f"models:/{registry.MODEL}@{registry.ALIAS}")
    return champion.predict_proba(X)[:, 1]
    ### END SOLUTION


# %% nbgrader={"grade_id": "register_test", "points": 9} long="one registry, looked at from several sides"
mark = checks.Mark(9)
X_few, y_few, _ = part("2013-01-01", "2013-06-30", 800, SEED)
trials = [{"settings": {"n_estimators": 4, "num_leaves": 5}, "fold_log_loss": [0.55, 0.52]}]
trials += [{"settings": {"n_estimators": 9, "min_child_samples": 10_000}, "fold_log_loss": [0.54, 0.50]}]
first = ("first", 0, trials, X_few, y_few, SEED)  # a folder's name, calls before this one, and the arguments
registered = week3.register.Registrations(register_champion)
with mark.part(
    "runs", 2, "One run for each trial: its settings, its folds' `log_loss` by `step`, and `mean_log_loss`."
):
    registered(*first).logged()
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week3 import oracles

        for given in oracles.register_story(SEED):
            registered(*given).logged()
    ### END HIDDEN TESTS
with mark.part("champion", 2, "The trial of lowest mean is trained on all of `X`."):
    share = np.full(
        len(X_few), y_few.mean()
    )  # what the second says of each flight: with that setting no tree can split
    registered(*first).trained(X_few, share)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week3 import oracles

        for given in oracles.register_story(SEED):
            registered(*given).trained(given[3], oracles.register_expected(*given[2:]))
    ### END HIDDEN TESTS
with mark.part("own_run", 0.5, "Logged in its own run.", after=("runs",)):
    registered(*first).is_best(1)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week3 import oracles

        for given in oracles.register_story(SEED):
            registered(*given).is_best(oracles.register_best(given[2]))
    ### END HIDDEN TESTS
with mark.part("alias", 1, "Registered as `flight-delays`, with the alias `champion`; the version is returned."):
    registered(*first).bears_alias()
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week3 import oracles

        for given in oracles.register_story(SEED):
            registered(*given).bears_alias()
    ### END HIDDEN TESTS
with mark.part(
    "served", 1, "With signature and input example; `predict_proba` is what a server asks.", after=("champion",)
):
    registered(*first).served(X_few)
with mark.part(
    "needs", 0.5, "Say what the model needs: `pip_requirements=registry.requirements()`.", after=("champion",)
):
    registered(*first).says_what_it_needs()
with mark.part("figure", 0.5, "A figure of the folds' losses, `folds.png`, in the champion's run.", after=("runs",)):
    registered(*first).drew_folds()
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week3 import oracles

        for given in oracles.register_story(SEED):
            registered(*given).drew_folds()
    ### END HIDDEN TESTS
with mark.part("scores", 1.5, "`champion_scores`: probabilities of late by the champion of the registry in `folder`."):
    files, expected = week3.register.example(X_few, y_few, SEED)  # a registry that we made
    week3.register.by_alias(champion_scores, checks.hand_over(files), X_few, expected)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.oracles import registries

        for champion in (2, 1):  # neither the newest version nor always the same: the alias says which
            files, model, _ = registries.of_three(X_few, y_few, SEED, champion)
            shown = X_few.tail(150)
            week3.register.by_alias(champion_scores, checks.hand_over(files), shown, model.predict_proba(shown)[:, 1])
    ### END HIDDEN TESTS
mark

# %% nbgrader={"grade_id": "crown"}
results = pd.concat([found[kind]["results"] for kind in ("grid", "random")])
losses = -results[[f"split{k}_test_log_loss" for k in range(len(folds))]].to_numpy()
trials = [
    {"settings": {name.removeprefix("model__"): value for name, value in params.items()}, "fold_log_loss": list(row)}
    for params, row in zip(results["params"], losses.tolist())
]
place = registry.connect()
version = register_champion(str(place), trials, X_train, y_train, SEED)
champion = registry.champion()
limit = best_threshold(y_valid, champion.predict_proba(X_valid)[:, 1], FINANCE)  # a threshold belongs to one model
registry.keep_threshold(version, limit)  # week 6 reviews the alarm that you chose
p_champion = champion.predict_proba(X_test)[:, 1]
print(f"Version {version}, the best of {len(trials)} trials. AUC on test: {auc(y_test, p_champion):.3f}")
print(f"To look around: mlflow ui --backend-store-uri 'sqlite:///{place / registry.DATABASE}'")

# %% [markdown]
# Weeks 4 to 6 begin with this champion. To look around, run the command above in a terminal, and open the address that it prints. You may move the
# folder `work`; the registry finds its models again.

# %% [markdown]
# ## 10 · The metric, defended to finance
#
# Write one page (250 to 400 words) to **the head of finance**. She asks: *the vendor offers 95 % accuracy. You offer something called log
# loss and a threshold of 0.2. Why should I pay for yours?* Your page must
#
# 1. say in the first two sentences what you recommend and what it saves, in dollars, with its interval and the period it was measured on (3 points);
# 2. explain why accuracy misleads here, with an example in flights and dollars that she can check by hand (3 points);
# 3. say why the probabilities must be calibrated before they are multiplied by dollars, and where the threshold comes from (2 points);
# 4. say what would change your mind: how the threshold moves if her costs are wrong, and which difference your data cannot tell from luck (2 points);
# 5. say what was chosen on which months, how often the test months were looked at, and that they chose nothing (2 points).

# %% [markdown] nbgrader={"grade_id": "memo", "points": 12}
# ### BEGIN SOLUTION
# *Rubric and an example of a full answer. Mark each point by itself; numbers differ with seed and sample size.*
#
# 1. **Recommendation (3).** One choice 1, dollars 1, interval and period 1. Late in the text: at most 2.
# 2. **Accuracy (3).** That "never late" is right for most flights 1; an example with counts 1; the same in dollars 1.
# 3. **Calibration and threshold (2).** A wrong level moves the alarm away from where it pays: 1. Chosen on validation, from her own table: 1.
# 4. **Doubt (2).** Direction of the threshold when a cost changes: 1. A comparison that the data cannot decide: 1.
# 5. **Looks (2).** Choices on January to August and their number: 1. September to December looked at some four times (the curve of costs, the saving, the tuned model, the champion), and nothing chosen by them: 1.
#
# > I recommend raising an alarm for flights whose chance of being late is about one in five or more. On September to December, which had no part in
# > any choice, this would have saved some 39 dollars a flight against raising none; drawing the days again, between 22 and 55.
# > Accuracy counts all mistakes alike. Of 100 flights in autumn some 21 are late. Say "on time" every time, and you are right 79 times, more often than we are, at a
# > cost of 21 × 1,000 dollars. You told us that a missed flight costs 1,000 and a false alarm 150: six false alarms are cheaper than one miss. So we
# > raise more alarms, are wrong more often, and spend less. That works only if one in five means one in five, so we compared predictions with
# > outcomes, and found them right up to one in three; above, too high, which moves no alarm. The limit was chosen on July and August from your
# > table. If a false alarm costs 300 and not 150, the limit rises to about one in three, and the saving shrinks. The valley is flat: small errors in your costs do no harm,
# > and whether 0.19 or 0.24 is the better limit four months cannot show. Tuning the model
# > further gained little, in log loss 0.005 a flight, between 0.001 and 0.009: real, and no reason to pay for more. We tried some forty-five settings on data up
# > to August; we looked at the autumn four times and chose nothing by it.
# > Ask the vendor what they held back, and what 95 % means on days with storms.
# ### END SOLUTION

# %% [markdown]
# ## What to take with you
#
# - A metric is a definition with a domain; where it does not exist, say so.
# - Order and level are two qualities. AUC sees one, dollars need both.
# - The threshold is a setting: chosen on validation, paid on test.
# - The score that chose is not the score that you will see.
# - **Next week** the model is retrained every night, and a machine asks "is the challenger better?" with what you wrote today.
#
# ### Reading
#
# - The scikit-learn user guide, *Metrics and scoring* and *Tuning the hyper-parameters of an estimator*. The reference for names, signs and corner cases.
# - Bergstra and Bengio, *Random Search for Hyper-Parameter Optimization* (JMLR 2012). Why chance beats the grid, in one picture.
# - Niculescu-Mizil and Caruana, *Predicting Good Probabilities with Supervised Learning* (ICML 2005). When to use Platt, when isotonic.
# - Elkan, *The Foundations of Cost-Sensitive Learning* (IJCAI 2001). The arithmetic of part 3, with proofs.
# - Cawley and Talbot, *On Over-fitting in Model Selection and Subsequent Selection Bias in Performance Evaluation* (JMLR 2010). For part 8.
# - Hastie, Tibshirani and Friedman, *The Elements of Statistical Learning*, chapter 7. The rule of one standard error, and cross-validation done wrong.
# - The MLflow documentation on tracking and the model registry. For the day when the registry is a server.
