# %% [markdown]
# # Week 6 · Ethics and compliance
#
# ## The desk's question: whom does it fail, may we use it, and who answers for it?
#
# The alarm runs. A mayor of a town with four flights a week writes: *your alarm never rings for us.* The bank next door has heard of your work and
# asks for the same thing, for mortgages: there, the rows are people. Legal asks for "the documentation". All three want numbers, and all three can be
# answered with numbers that are correct and still mislead.
#
# **When you are done you can**
#
# - measure whom a model serves worse, with intervals, and without inventing numbers for groups that are too small,
# - read the four-fifths rule, equalised odds and calibration by group, and say what each leaves out,
# - show that dropping a protected column protects nobody, and tell when an explanation misleads,
# - mitigate, draw the frontier of accuracy and disparity, and defend one point on it,
# - release a table in which nobody is found easily, and say what it still gives away,
# - write a model card that cannot claim what the registry does not show.
#
# **Time:** 5 to 8 hours. A full run takes about a minute.
#
# **Why now:** a review needs something that exists. You bring the champion of week 3, its threshold in dollars, the pipeline that trains it and the endpoint that
# answers. From week 3 you need the bootstrap over days, from weeks 4 and 5 the habit of writing down who does what when it breaks.
#
# **This is teaching and not legal advice.** Law is quoted with article and date, and where it is unsettled, the text says so. Recent changes
# are covered up to July 2026. Ask counsel before you act on any of it.

# %% [markdown]
# ## How to work in this notebook
#
# As before: fill in a cell, run the check under it as often as you like, and ask `helpers.hint("week6.groups")` in a cell of your own when you are
# stuck. Grading runs the same checks on data that you have not seen.
#
# | task | points | |
# |---|---|---|
# | `groups` | 12 | whom do your own flights fail? |
# | `four_fifths` | 9 | a ratio, and how sure it is |
# | `odds` | 10 | errors and calibration by group |
# | `subgroups` | 9 | averages that hide harm |
# | `proxies` | 9 | drop the column; it comes back |
# | `reasons` | 9 | SHAP, and what to tell a person |
# | `mitigate` | 12 | two methods, a frontier, a choice |
# | `privacy` | 9 | who can be found, and what is learned without finding |
# | `cards` | 11 | documents that a machine can check |
# | `memo` | 10 | the ethical review, marked by hand |
#
# **Points.** A check has parts, each with its points and the sentence of the task that it stands for. One that fails does not stop the
# next; a few count only where the core of the task holds, and say so. Some parts are looked at in grading only.
# A function leaves the tables and arrays that it is given as they are.

# %% nbgrader={"grade_id": "parameters"} tags=["parameters"]
SEED = 0
SAMPLE_ROWS = 30_000  # flights of September to December on which the champion is reviewed

# %% nbgrader={"grade_id": "setup"} tags=["setup"]
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from sklearn.model_selection import train_test_split

import helpers
from helpers import cards, checkpoints, checks, lending, notebook, plots, registry, work
from helpers.checks import week6

notebook.setup()
ISLANDS = ["ACK", "BQN", "HNL", "MVY", "PSE", "SJU", "STT"]
REGIONAL = ["9E", "EV", "MQ", "OO", "YV"]  # carriers that fly for a larger one

# %% nbgrader={"grade_id": "load"} tags=["setup"]
table = checkpoints.features()
people = lending.applications()
local = table["sched_dep"].dt.tz_convert("America/New_York").dt.tz_localize(None)
flights_until_june = table.loc[local < "2013-07-01", "dest"].value_counts()


def drawn(first: str, last: str, size: int, seed: int) -> pd.DataFrame:
    """Flights of the New York days first to last: plain features, ``late`` (0 or 1), ``sched_dep`` and ``group``."""
    rows = table[(local >= first) & (local < pd.Timestamp(last) + pd.Timedelta("1D"))]
    rows = rows.sample(min(size, len(rows)), random_state=seed).sort_values("sched_dep", kind="stable")
    features = registry.plain(rows.drop(columns=["sched_dep", "late"]))
    thin = features["dest"].map(flights_until_june.rename(str)).fillna(0) < 181  # less than one flight a day
    group = np.select([features["dest"].isin(ISLANDS), thin], ["island", "thin route"], "other")
    return features.assign(late=rows["late"].astype(int), sched_dep=rows["sched_dep"], group=group)


# %% nbgrader={"grade_id": "made_up"} tags=["setup"]
FILE = ["history", "income", "tract"]


def made_up(n: int, seed: int) -> pd.DataFrame:
    """Applicants who do not exist, for the checks: the columns of FILE, ``minority`` and ``approve``.

    Lenders treat the minority worse, and ``income`` and above all ``tract`` tell who belongs to it.
    """
    rng = np.random.default_rng(seed)
    minority = (rng.random(n) < 0.3).astype(int)
    file = rng.normal(size=(n, 3)) + np.outer(minority, [0, -0.8, 1.6])
    odds = 1.1 + file @ [1.2, 0.7, -0.5] - 0.5 * minority
    approve = (rng.random(n) < 1 / (1 + np.exp(-odds))).astype(int)
    return pd.DataFrame(file, columns=FILE).assign(minority=minority, approve=approve)


# %% [markdown]
# ## 1 · Whom do your own flights fail?
#
# Nobody's race is in the table of flights. A model can still serve some people worse: people on **islands**, for whom the flight is the only way; **thin routes** with less than one flight a
# day, which stand for small communities (and stand for them badly: San José and Oakland are among them, far from New York and not small); passengers of **regional
# carriers**. A group that you can name in a sentence to a mayor is a group worth measuring.
#
# Which number? For the passenger, a late flight without an alarm is the harm: **recall**, alarms among the late. For the crew that was held for nothing it is the **false-alarm rate**,
# alarms among the punctual. fairlearn's `MetricFrame` computes any metric by group. Know two of its habits: a group without rows is not in its table, and a recall of a
# group *without late flights* is reported as 0, which reads as "all were missed". A number that does not exist must be missing.
#
# How sure? As in week 3, draw **whole days**: $\;\hat\Delta = \text{recall}_g - \text{recall}_{\text{rest}}\;$ in each draw, and its 2.5th and 97.5th percentile. A bootstrap knows only what is in the
# sample: if there are three late flights and all were caught, every draw gives recall 1, an interval without width. So a group with **fewer than ten late flights** gets no verdict. It stays in the table, as undecided.
#
# **Task `groups`.** The table of metrics, and the gap of one group against all other flights.


# %% nbgrader={"grade_id": "groups", "solution": true}
def group_metrics(y, alarm, group: pd.Series) -> pd.DataFrame:
    """Give metrics by group.

    Parameters
    ----------
    y : late, 0 or 1, shape (n,)
    alarm : 0 or 1, shape (n,)
    group : text or categorical, shape (n,); the order of its rows is that of ``y``, its index may be any

    Returns
    -------
    one row a group (index), a categorical's groups without flights included: ``flights``, ``late_share``,
    ``alarm_rate``, ``recall`` and ``false_alarm_rate``, each NaN where it does not exist
    """
    ### BEGIN SOLUTION
    frame = pd.DataFrame({"late": np.asarray(y, dtype=float), "alarm": np.asarray(alarm, dtype=float)})
    frame["recall"] = frame["alarm"].where(frame["late"] == 1)
    frame["false_alarm_rate"] = frame["alarm"].where(frame["late"] == 0)
    by = frame.groupby(group.reset_index(drop=True), observed=False)
    means = by.mean().rename(columns={"late": "late_share", "alarm": "alarm_rate"})
    return means.assign(flights=by.size())
    ### END SOLUTION


def group_gap(y, alarm, group, name: str, days, n_boot: int = 500, seed: int = 0) -> dict:
    """Compare the recall of one group with that of all other flights, drawing whole days.

    Parameters
    ----------
    y, alarm, group, days : one value a flight, shape (n,)
    name : the group
    n_boot : number of draws
    seed : makes the draws repeatable

    Returns
    -------
    ``gap`` (group minus others), ``low`` and ``high`` (95 % interval; draws without a gap are left out), all
    NaN where there is none, and ``verdict``: "worse" or "better" where the interval
    leaves out 0, otherwise, and with fewer than ten late flights on either side, "undecided"
    """
    ### BEGIN SOLUTION
    late, caught = np.asarray(y) == 1, (np.asarray(y) == 1) & (np.asarray(alarm) == 1)
    here = np.asarray(group) == name
    parts = {"caught": caught & here, "late": late & here, "caught_other": caught & ~here, "late_other": late & ~here}
    by_day = pd.DataFrame(parts).groupby(np.asarray(days)).sum().to_numpy(dtype=float)
    chosen = np.random.default_rng(seed).integers(len(by_day), size=(n_boot, len(by_day)))
    totals = np.vstack([by_day.sum(axis=0), by_day[chosen].sum(axis=1)])
    with np.errstate(divide="ignore", invalid="ignore"):
        gaps = totals[:, 0] / totals[:, 1] - totals[:, 2] / totals[:, 3]
    low, high = np.nanpercentile(gaps[1:], [2.5, 97.5]) if np.isfinite(gaps[0]) else (np.nan, np.nan)
    verdict = "worse" if high < 0 else "better" if low > 0 else "undecided"
    if min(totals[0, 1], totals[0, 3]) < 10:
        verdict = "undecided"
    return {"gap": float(gaps[0]), "low": float(low), "high": float(high), "verdict": verdict}
    ### END SOLUTION


# %% nbgrader={"grade_id": "groups_by_hand"} tags=["setup"]
seven = pd.Series(list("abababb"), index=range(20, 13, -1))
late_seven, alarm_seven = np.array([1, 1, 1, 0, 0, 0, 0]), np.array([1, 1, 0, 0, 1, 1, 0])
metrics_seven = {"flights": [3, 4], "late_share": [2 / 3, 1 / 4], "alarm_rate": [2 / 3, 2 / 4]}
metrics_seven |= {"recall": [1 / 2, 1], "false_alarm_rate": [1, 1 / 3]}
five = pd.Series(pd.Categorical(["a", "a", "b", "c", "a"], categories=["a", "b", "c", "d"]))
metrics_five = {"flights": [3, 1, 1, 0], "late_share": [2 / 3, 0, 1, np.nan], "alarm_rate": [2 / 3, 0, 0, np.nan]}
metrics_five |= {"recall": [1 / 2, np.nan, 0, np.nan], "false_alarm_rate": [1, 0, np.nan, np.nan]}
# For each group and day: late with an alarm, late without one, punctual.
alike = week6.groups.flights_of([{"isle": (1, 1, 2), "hub": (3, 1, 5)}] * 12)
moody = week6.groups.flights_of([{"isle": (1, 0, 3), "hub": (2, 2, 1)}, {"isle": (0, 1, 0), "hub": (2, 2, 4)}] * 8)
storm = week6.groups.flights_of([{"isle": (2, 0, 1), "hub": (4, 0, 1)}, {"isle": (0, 2, 0), "hub": (0, 4, 0)}] * 8)
nine = week6.groups.flights_of([{"ferry": (3, 0, 4), "hub": (2, 2, 1)}] * 3)

# %% nbgrader={"grade_id": "groups_test", "points": 12}
mark = checks.Mark(12)
with mark.part("metrics", 3, "`flights`, `late_share`, `alarm_rate`, `recall` and `false_alarm_rate` of each group."):
    by_hand = pd.DataFrame(metrics_seven, index=["a", "b"])
    week6.groups.metrics(group_metrics, late_seven, alarm_seven, seven, by_hand)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week6 import oracles

        for y, alarms, names in oracles.groups_tables(SEED):
            week6.groups.metrics(group_metrics, y, alarms, names, oracles.groups_metrics(y, alarms, names))
    ### END HIDDEN TESTS
with mark.part("missing", 1, "Groups without flights included; each NaN where it does not exist.", after=("metrics",)):
    by_hand = pd.DataFrame(metrics_five, index=list("abcd"))
    week6.groups.metrics(group_metrics, np.array([0, 1, 0, 1, 1]), np.array([1, 1, 0, 0, 0]), five, by_hand)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week6 import oracles

        for y, alarms, names in oracles.groups_holes(SEED):
            week6.groups.metrics(group_metrics, y, alarms, names, oracles.groups_metrics(y, alarms, names))
    ### END HIDDEN TESTS
with mark.part("gap", 2, "`gap`: the recall of one group minus that of all other flights."):
    week6.groups.gap(group_gap, alike, "isle", -0.25, SEED)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week6 import oracles

        for flights, name in oracles.groups_flights(SEED):
            week6.groups.gap(group_gap, flights, name, oracles.groups_gap(flights, name, SEED, 1)[0], SEED)
    ### END HIDDEN TESTS
with mark.part("interval", 2, "`low` and `high`: the 2.5th and 97.5th percentile, drawing whole days."):
    # Of 16 days drawn 4 to 12 are good, 95 % of the time, and recall is 0.25 to 0.75, against 0.5.
    for flights, ends in ((alike, (-0.25, -0.25)), (moody, (-0.25, 0.25)), (storm, (0.0, 0.0))):
        week6.groups.interval(group_gap, flights, "isle", ends, SEED)  # storm: bad days are bad for all
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week6 import oracles

        asked = [(*case, SEED + place) for place, case in enumerate(oracles.groups_flights(SEED))]
        right = [oracles.groups_gap(*case)[1:] for case in asked]
        shifts = [week6.groups.interval(group_gap, *case[:2], ends, case[2]) for case, ends in zip(asked, right)]
        week6.groups.ends(shifts)
    ### END HIDDEN TESTS
with mark.part("verdict", 1, '"worse" or "better" where the interval leaves out 0, else "undecided".', after=("gap",)):
    for flights in (alike, moody):
        week6.groups.verdict(group_gap, flights, "isle", SEED)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week6 import oracles

        for flights, name, ends in oracles.groups_clear(SEED):
            week6.groups.verdict(group_gap, flights, name, SEED, ends=ends)
    ### END HIDDEN TESTS
with mark.part("ten", 1, 'With fewer than ten late flights on either side, "undecided".', after=("gap", "verdict")):
    week6.groups.no_verdict(group_gap, nine, "ferry", SEED)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week6 import oracles

        for flights, name in oracles.groups_few(SEED):
            week6.groups.no_verdict(group_gap, flights, name, SEED)
        for place, (flights, name) in enumerate(oracles.groups_ten(SEED)):
            week6.groups.verdict(group_gap, flights, name, SEED + place)
    ### END HIDDEN TESTS
### BEGIN HIDDEN TESTS
with mark.part("no_gap", 1, "Draws without a gap are left out; NaN if there is none.", after=("gap",)), mark.hidden():
    from source.week6 import oracles

    flights, name = oracles.groups_rare(SEED)
    week6.groups.interval(group_gap, flights, name, oracles.groups_gap(flights, name, SEED)[1:], SEED)
    for flights, name in oracles.groups_gone(SEED):
        week6.groups.no_gap(group_gap, flights, name, SEED)
with mark.part("draws", 1, "`n_boot` draws; `seed` makes them repeatable.", after=("interval",)), mark.hidden():
    from source.week6 import oracles

    week6.groups.draws(group_gap, next(oracles.groups_flights(SEED))[0], "small")
### END HIDDEN TESTS
mark

# %% nbgrader={"grade_id": "whom"}
autumn = drawn("2013-09-01", "2013-12-31", SAMPLE_ROWS, SEED)
champion = registry.champion()
late = autumn["late"]
score = champion.predict_proba(autumn.drop(columns=["late", "sched_dep", "group"]))[:, 1]
threshold = registry.threshold()  # week 3 chose it by finance's table of costs
alarm = (score >= threshold).astype(int)
group_metrics(late, alarm, autumn["group"]).round(3)

# %% [markdown]
# A review of the wrong model reviews nothing. Is the champion in the registry also what week 5 put in front of users? The archive in your work folder knows.

# %% nbgrader={"grade_id": "what_serves"}
serving = checkpoints.deployed()
if serving is not None:
    served = serving.predict_proba(autumn.drop(columns=["late", "sched_dep", "group"]))[:, 1]
    most = np.abs(served - score).max()
    verdict = "the same model" if most < 1e-9 else "another model: deploy the champion, or review what serves"
    print(f"What serves and what is reviewed differ by at most {most:.1e}: {verdict}.")

# %% nbgrader={"grade_id": "gaps"}
days = autumn["sched_dep"].dt.tz_convert("America/New_York").dt.date
regional = autumn["carrier"].isin(REGIONAL).map({True: "regional carrier", False: "other carrier"})
island = autumn["dest"].where(autumn["dest"].isin(ISLANDS), "mainland")
rows = []
for kind in (autumn["group"], regional, island):
    for name in sorted(set(kind) - {"other", "other carrier", "mainland"}):
        rows.append({"group": name, **group_gap(late, alarm, kind, name, days, seed=SEED)})
gaps = pd.DataFrame(rows)
drawn_gaps = gaps.assign(group=gaps["group"] + ": " + gaps["verdict"])
title = "Recall of the group minus recall of all others"
plots.intervals(drawn_gaps, "group", "gap", "low", "high", title=title, xlabel="gap in recall")
gaps.round(3)

# %% [markdown]
# Read it slowly. On all 109,619 flights of these months the reference champion warned of 48 % of the late flights to islands, and of 66 % of the others; a smaller sample may leave that undecided, and then its interval says so. Passengers of regional carriers are warned more often, and pay in false alarms. (And the mayor at the end of a thin route, who is sure that it never rings for them? Read their row to them.) Part of the gap is *prevalence*: island flights are late less often, so their scores
# are lower, and one threshold for all cuts more of their late ones off. That explains the gap. It does not undo the harm to those who sit in San Juan. Most single islands are undecided, some of them although their interval leaves out 0: it was drawn from
# fewer than ten late flights, and makes them look better known than they are. With ten times the data some would be decided. "Undecided" is a finding about the data, not about the model.
#
# What *late* means is itself a choice, the US Department of Transportation's: a flight is on time if it reaches the gate less than 15 minutes after the time scheduled in the carriers' reservation systems (14 CFR Part 234; definitions in 234.2). To somebody who misses
# the only connection of the day, 14 minutes may be the whole day.

# %% [markdown]
# ## 2 · A ratio, and how sure it is
#
# Now people. The Boston Fed collected mortgage applications of 1990 *because* discrimination was suspected; 1,989 of them are in our table. The outcome `approve` is what lenders decided. It is not whether a loan was paid back. Keep that in mind for everything
# below: a model that predicts it well has learned their habits, and "errors" are disagreements with them.
#
# The first number that anybody quotes is the **four-fifths rule**: a selection rate of a group below 4/5 of the highest group's rate is generally taken as evidence of adverse impact (Uniform Guidelines on Employee Selection Procedures, 29 CFR 1607.4(D), 1978). Its limits:
#
# - it is a guideline of *employment* agencies; no statute makes it a safe harbour in *lending*, where it is borrowed as a rule of thumb;
# - the same paragraph says that smaller differences may count where they are significant, and that greater ones may not where the numbers are small: the ratio alone decides nothing;
# - as of 21 July 2026, Regulation B under the Equal Credit Opportunity Act (12 CFR 1002; final rule published 22 April 2026) no longer recognises an *effects test*, that is, disparate impact; it forbids disparate *treatment*, and a neutral rule chosen as a proxy for a protected trait. For decades it read otherwise; the change is contested, and other laws (the Fair Housing Act, state law) have their own tests. Whoever lends must ask which apply. Whoever is denied is harmed all the same.
#
# An interval for a rate of $k$ in $n$ that is honest for small $n$ draws it from the **Beta distribution** with parameters $k + \tfrac{1}{2}$ and $n - k + \tfrac{1}{2}$ (Jeffreys). It has width even for 12 of 12, where a bootstrap has none. Draw both rates, divide draw by draw:
#
# $$ R = \frac{r_g}{r_0}, \qquad r \sim \text{Beta}\left(k + \tfrac{1}{2},\; n - k + \tfrac{1}{2}\right). $$
#
# **Task `four_fifths`.** Every group but the reference gets a row, however small it is. (The rule compares with the *highest* rate; `reference` is the group that you name.)


# %% nbgrader={"grade_id": "four_fifths", "solution": true}
def selection_ratio(approved, group: pd.Series, reference: str, n_draws: int = 4_000, seed: int = 0) -> pd.DataFrame:
    """Compare each group's selection rate with the reference group's.

    Parameters
    ----------
    approved : 0 or 1, shape (n,)
    group : text, shape (n,); row by row with ``approved``, whatever its index
    reference : the group to compare with; somebody in it is approved
    n_draws : number of draws
    seed : makes the draws repeatable

    Returns
    -------
    one row for each other group (index): ``people``, ``rate``, ``ratio``, the ends ``low`` and ``high`` of
    its 95 % interval, and ``verdict``:
    "below" where the interval lies below 0.8, "not below" where it lies at or above, "undecided" where it holds 0.8
    """
    ### BEGIN SOLUTION
    counts = pd.Series(np.asarray(approved)).groupby(np.asarray(group)).agg(["sum", "size"])
    rng = np.random.default_rng(seed)
    draws = {name: rng.beta(k + 0.5, n - k + 0.5, n_draws) for name, (k, n) in counts.iterrows()}
    rates = counts["sum"] / counts["size"]
    rows = []
    for name, (k, n) in counts.drop(reference).iterrows():
        low, high = np.percentile(draws[name] / draws[reference], [2.5, 97.5])
        ratio = (k / n) / rates[reference]
        verdict = "below" if high < 0.8 else "not below" if low >= 0.8 else "undecided"
        rows.append({"people": n, "rate": k / n, "ratio": ratio, "low": low, "high": high, "verdict": verdict})
    return pd.DataFrame(rows, index=counts.index.drop(reference))
    ### END SOLUTION


# %% nbgrader={"grade_id": "four_fifths_test", "points": 9}
mark = checks.Mark(9)
names = pd.Series(["white"] * 60 + ["black"] * 30 + ["hispanic"] * 12)
approved = np.array([1] * 54 + [0] * 6 + [1] * 15 + [0] * 15 + [1] * 9 + [0] * 3)
by_hand = pd.DataFrame({"people": [30, 12], "rate": [0.5, 0.75]}, index=["black", "hispanic"])
by_hand = by_hand.assign(ratio=by_hand["rate"] / 0.9, low=[0.365, 0.524], high=[0.764, 1.058])
with mark.part("ratios", 3, "One row for each other group (index): `people`, `rate`, `ratio`."):
    week6.four_fifths.ratios(selection_ratio, approved, names, "white", by_hand, SEED)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week6 import oracles

        for made, groups, reference in oracles.four_fifths_cases(SEED):
            expected = oracles.four_fifths_ratios(made, groups, reference, 9)
            week6.four_fifths.ratios(selection_ratio, made, groups, reference, expected, SEED)
    ### END HIDDEN TESTS
with mark.part("interval", 2, "The ends `low` and `high` of its 95 % interval: draw both rates, divide draw by draw."):
    week6.four_fifths.intervals(selection_ratio, approved, names, "white", by_hand, SEED)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week6 import oracles

        for made, groups, reference in oracles.four_fifths_cases(SEED):
            expected = oracles.four_fifths_ratios(made, groups, reference)
            week6.four_fifths.intervals(selection_ratio, made, groups, reference, expected, SEED)
    ### END HIDDEN TESTS
with mark.part(
    "verdict", 2, '"below" 0.8, "not below", or "undecided" where the interval holds 0.8.', after=("ratios",)
):
    week6.four_fifths.verdicts(selection_ratio, approved, names, "white", SEED)  # below, and undecided
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week6 import oracles

        for made, groups, reference in oracles.four_fifths_clear(SEED):
            week6.four_fifths.verdicts(selection_ratio, made, groups, reference, SEED)
    ### END HIDDEN TESTS
### BEGIN HIDDEN TESTS
with mark.part("small", 1, "Every group gets a row, and width even for 12 of 12.", after=("ratios",)), mark.hidden():
    from source.week6 import oracles

    for made, groups, reference in oracles.four_fifths_small():
        expected = oracles.four_fifths_ratios(made, groups, reference)
        week6.four_fifths.ratios(selection_ratio, made, groups, reference, expected, SEED)
        week6.four_fifths.intervals(selection_ratio, made, groups, reference, expected, SEED)
with mark.part("draws", 1, "`n_draws` draws; `seed` makes them repeatable.", after=("interval",)), mark.hidden():
    week6.four_fifths.draws(selection_ratio, approved, names, "white")
### END HIDDEN TESTS
mark

# %% nbgrader={"grade_id": "ratios"}
race = people["white"].map({1.0: "white", 0.0: "Hispanic"}).mask(people["black"] == 1, "black")
ratios = selection_ratio(people["approve"], race, "white", seed=SEED)
title = "Approval rate over that of white applicants; grey: four fifths within the interval"
plots.intervals(
    ratios.reset_index(names="group"), "group", "ratio", "low", "high", zero=0.8, title=title, xlabel="ratio"
)
ratios.round(3)

# %% [markdown]
# One point lies above 0.8, one below, and both intervals hold 0.8: from these numbers alone nobody knows on which side either group is. That the rates *differ* is beyond doubt (neither interval comes near 1); that is another question than four fifths. Whoever reports the points alone has reported two coin tosses.

# %% [markdown]
# ## 3 · Errors and calibration by group
#
# Equal rates are not the only idea of fairness. Given a decision $\hat y$, an outcome $y$ and a score $p$:
#
# - **demographic parity**: $P(\hat y = 1 \mid g)$ is the same for all groups;
# - **equalised odds**: $P(\hat y = 1 \mid y, g)$ is the same for all groups, for $y = 1$ (true positives) and $y = 0$ (false positives); the *difference* is the greater of the two ranges over groups;
# - **calibration by group**: of those with $p = 0.8$, 80 % turn out positive, in each group.
#
# Where base rates differ, no useful score has the last two together, except a perfect one (Chouldechova 2017; Kleinberg, Mullainathan and Raghavan 2017). So "is it fair?" has no answer before "in which sense, for whom, and who decided that?".
#
# **Task `odds`.** A group whose outcomes are all the same has one of the two rates only: leave it out of the difference, and *name* it. The interval of a group's calibration gap (share minus mean prediction) is that of its share, from the quantiles of $\text{Beta}(k + \tfrac{1}{2}, n - k + \tfrac{1}{2})$, less the mean prediction.


# %% nbgrader={"grade_id": "odds", "solution": true}
def equalised_odds(y, decision, group: pd.Series) -> dict:
    """Give the equalised-odds difference.

    Parameters
    ----------
    y, decision : 0 or 1, shape (n,)
    group : text, shape (n,), row by row with ``y``; two groups at least have both outcomes

    Returns
    -------
    ``difference`` (over the groups that have both outcomes) and ``undefined`` (list of the other groups)
    """
    ### BEGIN SOLUTION
    frame = pd.DataFrame({"y": np.asarray(y), "d": np.asarray(decision, dtype=float), "g": np.asarray(group)})
    rates = frame.groupby(["g", "y"])["d"].mean().unstack("y").reindex(columns=[0, 1])
    whole = rates.dropna()
    return {
        "difference": float((whole.max() - whole.min()).max()),
        "undefined": list(rates.index.difference(whole.index)),
    }
    ### END SOLUTION


def calibration_by_group(y, p, group: pd.Series) -> pd.DataFrame:
    """Compare predictions and outcomes in each group.

    Returns
    -------
    one row a group (index): ``people``, ``mean_p``, ``share`` (of y = 1), ``gap`` (share minus mean_p),
    ``low`` and ``high`` (95 %)
    """
    ### BEGIN SOLUTION
    from scipy.stats import beta

    frame = pd.DataFrame({"y": np.asarray(y), "p": np.asarray(p)})
    by = frame.groupby(np.asarray(group))
    found = by.agg(people=("y", "size"), mean_p=("p", "mean"), share=("y", "mean"))
    k, n = by["y"].sum(), found["people"]
    found["gap"] = found["share"] - found["mean_p"]
    found["low"] = beta.ppf(0.025, k + 0.5, n - k + 0.5) - found["mean_p"]
    found["high"] = beta.ppf(0.975, k + 0.5, n - k + 0.5) - found["mean_p"]
    return found
    ### END SOLUTION


# %% nbgrader={"grade_id": "odds_by_hand"} tags=["setup"]
names_odds = pd.Series([*"aaaaaa", *"bbbbbb", "c", "c"])
y_odds = np.array([1, 1, 1, 1, 0, 0] * 2 + [1, 1])
decided = np.array([1, 1, 1, 0, 1, 1] + [1, 1, 0, 0, 0, 1] + [1, 0])
y_few, p_few = np.array([1, 1, 0, 1, 1]), np.array([0.3, 0.5, 0.5, 0.7, 0.8])
calibration_few = {"people": [4, 1], "mean_p": [0.5, 0.8], "share": [0.75, 1], "gap": [0.25, 0.2]}
calibration_few |= {"low": [-0.2163, -0.6533], "high": [0.4722, 0.1998]}

# %% nbgrader={"grade_id": "odds_test", "points": 10}
mark = checks.Mark(10)
with mark.part("difference", 3, "`difference`: the greater of the two ranges over groups."):
    # True positives 3/4 and 1/2, false positives 1 and 1/2.
    week6.odds.difference(equalised_odds, y_odds[:12], decided[:12], names_odds[:12], 0.5)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week6 import oracles

        for y, made, groups in oracles.odds_decisions(SEED):
            expected = oracles.odds_difference(y, made, groups)["difference"]
            week6.odds.difference(equalised_odds, y, made, groups, expected)
    ### END HIDDEN TESTS
with mark.part(
    "undefined", 2, "A group whose outcomes are all the same: leave it out, and *name* it.", after=("difference",)
):
    by_hand = {"difference": 0.5, "undefined": ["c"]}  # in c everybody has outcome 1
    week6.odds.undefined(equalised_odds, y_odds, decided, names_odds, by_hand)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week6 import oracles

        for y, made, groups in oracles.odds_undefined(SEED):
            week6.odds.undefined(equalised_odds, y, made, groups, oracles.odds_difference(y, made, groups))
    ### END HIDDEN TESTS
with mark.part(
    "calibration", 2, "One row a group: `people`, `mean_p`, `share` (of y = 1), `gap` (share minus mean_p)."
):
    by_hand = pd.DataFrame(calibration_few, index=["a", "b"])
    week6.odds.calibration(calibration_by_group, y_few, p_few, pd.Series(list("aaaab")), by_hand)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week6 import oracles

        for y, p, groups in oracles.odds_scores(SEED):
            week6.odds.calibration(calibration_by_group, y, p, groups, oracles.odds_calibration(y, p, groups))
    ### END HIDDEN TESTS
with mark.part(
    "interval", 2, "`low` and `high`: Beta quantiles of the share, less the mean prediction.", after=("calibration",)
):
    week6.odds.intervals(calibration_by_group, y_few, p_few, pd.Series(list("aaaab")), by_hand)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week6 import oracles

        for y, p, groups in oracles.odds_scores(SEED):
            week6.odds.intervals(calibration_by_group, y, p, groups, oracles.odds_calibration(y, p, groups))
    ### END HIDDEN TESTS
### BEGIN HIDDEN TESTS
with mark.part("alone", 1, "One row a group, of one person too.", after=("calibration",)), mark.hidden():
    from source.week6 import oracles

    for y, p, groups in oracles.odds_alone(SEED):
        expected = oracles.odds_calibration(y, p, groups)
        week6.odds.calibration(calibration_by_group, y, p, groups, expected)
        week6.odds.intervals(calibration_by_group, y, p, groups, expected)
### END HIDDEN TESTS
mark

# %% nbgrader={"grade_id": "lender"}
features = lending.features(people)
train, rest = train_test_split(people, test_size=0.5, random_state=SEED, stratify=people["approve"])
valid, test = train_test_split(rest, test_size=0.5, random_state=SEED, stratify=rest["approve"])
lender = lending.linear().fit(train[features], train["approve"])
p_valid, p_test = (lender.predict_proba(part[features])[:, 1] for part in (valid, test))
calibrated = calibration_by_group(test["approve"], p_test, race[test.index])
print(equalised_odds(test["approve"], (p_test >= 0.5).astype(int), race[test.index]))
title = "Share approved minus mean prediction, on test"
plots.intervals(calibrated.reset_index(names="group"), "group", "gap", "low", "high", title=title, xlabel="gap")
calibrated.round(3)

# %% [markdown]
# A model without race among its columns. Some two dozen black applicants of the test rows were denied: the false-positive rate of such a group moves by 4 % with one person. Look at the intervals before the points.

# %% [markdown]
# ## 4 · Averages that hide harm
#
# A lender can show equal rates for women and men, and equal rates for old and young, and deny old women. A rule that is fair to every listed group and unfair to a combination of them is **gerrymandered** (Kearns, Neel, Roth and Wu 2018). The remedy
# is to look at the combinations. The danger of the remedy: whoever looks at 200 subgroups finds ten "at the 5 % level" in data where nothing is wrong.
#
# For a subgroup of $n$ people with $k$ harmed, among $N$ people with $K$ harmed: if harm fell blindly, $k$ or more would be harmed with the probability
# $p = P(H \ge k)$, $H$ hypergeometric with $N, K, n$. With $m$ subgroups looked at, claim harm where $m \cdot p \le 0.05$ (Bonferroni).
#
# **Task `subgroups`.** Every combination of 1 to `depth` attributes, every combination of their values that has at least `min_size` people.


# %% nbgrader={"grade_id": "subgroups", "solution": true}
def worst_subgroups(
    frame: pd.DataFrame, attributes: list[str], harmed: str, depth: int = 2, min_size: int = 30
) -> pd.DataFrame:
    """Look at every subgroup, and say which are harmed more than chance explains.

    Parameters
    ----------
    frame : one row a person; ``attributes`` hold text, ``harmed`` holds 0 or 1
    depth : how many attributes at most
    min_size : the fewest people of a subgroup, 1 or more

    Returns
    -------
    one row a subgroup, smallest ``p_value`` first: ``subgroup`` ("sex=f & age=old", attributes in the order
    given), ``people``, ``rate`` (harmed),
    ``p_value`` and ``claimed`` (True where p_value times the number of rows is at most 0.05); a table with these
    columns and no rows where no subgroup has ``min_size`` people
    """
    ### BEGIN SOLUTION
    from itertools import combinations

    from scipy.stats import hypergeom

    rows = []
    for names in (chosen for size in range(1, depth + 1) for chosen in combinations(attributes, size)):
        counts = frame.groupby(list(names))[harmed].agg(["sum", "size"])
        for values, (k, n) in counts[counts["size"] >= min_size].iterrows():
            label = " & ".join(f"{a}={v}" for a, v in zip(names, np.atleast_1d(values)))
            p_value = hypergeom.sf(k - 1, len(frame), frame[harmed].sum(), n)
            rows.append({"subgroup": label, "people": n, "rate": k / n, "p_value": p_value})
    found = pd.DataFrame(rows, columns=["subgroup", "people", "rate", "p_value"]).sort_values("p_value")
    return found.assign(claimed=found["p_value"] * len(found) <= 0.05).reset_index(drop=True)
    ### END SOLUTION


# %% nbgrader={"grade_id": "subgroups_by_hand"} tags=["setup"]
# Twenty people, five of each kind; all five who were denied are old women. That this is chance: 1 in 15,504 ways to
# choose five of twenty. That all five are women, 252 ways, looks bad alone, and is nothing after eight looks.
fives = {("f", "old"): (5, 5), ("f", "young"): (5, 0), ("m", "old"): (5, 0), ("m", "young"): (5, 0)}
twenty = week6.people.from_counts(fives, ["sex", "age"], "denied")
singles = {"sex=f": (10, 0.5, 252 / 15_504, False), "age=old": (10, 0.5, 252 / 15_504, False)}
singles |= dict.fromkeys(("sex=m", "age=young"), (10, 0.0, 1.0, False))
pairs = dict.fromkeys(("sex=f & age=young", "sex=m & age=old", "sex=m & age=young"), (5, 0.0, 1.0, False))
pairs |= {"sex=f & age=old": (5, 1.0, 1 / 15_504, True)}

# %% nbgrader={"grade_id": "subgroups_test", "points": 9}
mark = checks.Mark(9)
asked = (worst_subgroups, twenty, ["sex", "age"], "denied")
with mark.part("looked_at", 3, "Every combination of 1 to `depth` attributes, every combination of their values."):
    week6.subgroups.looked_at(*asked, 2, 1, singles | pairs)
    week6.subgroups.looked_at(*asked, 1, 1, singles)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week6 import oracles

        for case in oracles.subgroups_cases(SEED):
            week6.subgroups.looked_at(worst_subgroups, *case, oracles.subgroups_table(*case))
    ### END HIDDEN TESTS
with mark.part("p_value", 2, "`p_value`: the probability of `k` or more, hypergeometric with `N`, `K`, `n`."):
    week6.subgroups.p_values(*asked, 2, 1, singles | pairs)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week6 import oracles

        for case in (*oracles.subgroups_cases(SEED), *oracles.subgroups_same(SEED)):
            week6.subgroups.p_values(worst_subgroups, *case, oracles.subgroups_table(*case))
    ### END HIDDEN TESTS
with mark.part("claimed", 2, "`claimed`: p_value times the number of rows is at most 0.05.", after=("p_value",)):
    week6.subgroups.claims(*asked, 2, 1, singles | pairs)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week6 import oracles

        for case in oracles.subgroups_harmed(SEED):
            week6.subgroups.claims(worst_subgroups, *case, oracles.subgroups_table(*case))
    ### END HIDDEN TESTS
with mark.part("order", 1, "Smallest `p_value` first; attributes in the order given.", after=("looked_at",)):
    week6.subgroups.ordered(*asked, 2, 1, singles | pairs)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week6 import oracles

        for case in oracles.subgroups_cases(SEED):
            week6.subgroups.ordered(worst_subgroups, *case, oracles.subgroups_table(*case))
    ### END HIDDEN TESTS
with mark.part("min_size", 1, "That has at least `min_size` people; no rows where none has.", after=("looked_at",)):
    week6.subgroups.large_enough(*asked, 2, 5, singles | pairs)
    week6.subgroups.large_enough(*asked, 2, 6, singles)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week6 import oracles

        for case in oracles.subgroups_small(SEED):
            week6.subgroups.large_enough(worst_subgroups, *case, oracles.subgroups_table(*case))
        week6.subgroups.defaults(worst_subgroups, *oracles.subgroups_defaults(SEED))
    ### END HIDDEN TESTS
mark

# %% nbgrader={"grade_id": "averages"}
kinds = {("f", "old"): (50, 31), ("f", "young"): (50, 13), ("m", "old"): (50, 13), ("m", "young"): (50, 27)}
hidden_harm = week6.people.from_counts(kinds, ["sex", "age"], "denied")
for name in ("sex", "age"):
    print(hidden_harm.groupby(name)["denied"].mean().round(3).to_dict())
worst_subgroups(hidden_harm, ["sex", "age"], "denied").head(4)

# %% nbgrader={"grade_id": "boston"}
words = {
    "minority": {1: "yes", 0: "no"},
    "male": {1: "yes", 0: "no"},
    "old": {1: "yes", 0: "no"},
    "suffolk": {1: "yes", 0: "no"},
}
boston = people.replace(words)[list(words)].assign(denied=1 - people["approve"]).dropna()
worst_subgroups(boston, list(words), "denied", depth=3, min_size=40).head(6).style.format(
    {"rate": "{:.3f}", "p_value": "{:.1e}"}
)

# %% [markdown]
# In the first table, no single attribute shows anything, and two combinations are harmed at more than twice the rate of the others: that table was made so. (The second of them looks bad, and is not claimed: after eight looks, one such subgroup is no surprise.) Nobody made Boston's table: there, minority by itself heads the list, and combinations with it show higher rates among fewer people.

# %% [markdown]
# ## 5 · Drop the column; it comes back
#
# "We do not use race, so we cannot discriminate." This is *fairness through unawareness*. Streets (and the *tract*, the neighbourhood of the census), incomes and family sizes know a great deal of what was dropped: a **proxy**. Two measurements:
#
# 1. **Predict it back.** How well can the protected column be predicted from those that are left? The AUC on rows that were *not learned from*: 0.5 is not at all, 1 is completely.
# 2. **Does the gap go?** The mean predicted approval of the others minus that of the minority, with the column in the model (aware) and without it (unaware), *out of fold*: each row is predicted by a model that has not seen it.
#
# Under Regulation B a lender may not use race, colour, religion, national origin or sex to decide (12 CFR 1002.6(b); marital status and age have rules of their own there), so the aware model is a measuring device and never a product. That the column is *collected* is what makes the measurement possible; for mortgages, 12 CFR 1002.13 and the Home Mortgage Disclosure Act ask for it. In the Union, data on ethnic origin are a special category (GDPR Article 9); the AI Act as passed in 2024 lets providers of high-risk systems use them to detect and correct bias, where strictly necessary and under conditions (Article 10(5)); the amendment of 2026 that part 9 names adjusts this and reaches further.
#
# **Task `proxies`.** `predict_back` may use any classifier. `unawareness` uses `lending.linear()` and five shuffled folds; its interval is that of `gap_unaware`, from drawing people, within each group.


# %% nbgrader={"grade_id": "proxies", "solution": true}
def predict_back(X: pd.DataFrame, protected, seed: int) -> float:
    """Give the AUC with which a protected column is predicted from others, on rows that were not learned from.

    Parameters
    ----------
    X : the columns that are left: numbers, NaN among them; everybody counts, also who lacks something
    protected : 0 or 1, shape (n,)
    seed : makes the result repeatable
    """
    ### BEGIN SOLUTION
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import StratifiedKFold, cross_val_predict

    folds = StratifiedKFold(5, shuffle=True, random_state=seed)
    p = cross_val_predict(lending.linear(), X, protected, cv=folds, method="predict_proba")[:, 1]
    return float(roc_auc_score(protected, p))
    ### END SOLUTION


def unawareness(frame: pd.DataFrame, features: list[str], protected: str, outcome: str, seed: int) -> dict:
    """Measure what dropping a protected column changes.

    Parameters
    ----------
    frame : one row a person, with the columns ``features`` (numbers, NaN among them), ``protected`` and
    ``outcome`` (0 or 1)

    Returns
    -------
    ``gap_aware`` and ``gap_unaware`` (mean predicted outcome where protected is 0, minus where it is 1; with
    and without the column, out of fold), ``low`` and ``high`` of the latter (95 %, from 1,000 draws or more),
    and ``verdict``: "gap remains" where the interval leaves out 0, else "no gap seen"
    """

    ### BEGIN SOLUTION
    from sklearn.model_selection import StratifiedKFold, cross_val_predict

    folds = StratifiedKFold(5, shuffle=True, random_state=seed)
    group = frame[protected].to_numpy() == 1

    def predicted(columns: list[str]) -> np.ndarray:
        return cross_val_predict(lending.linear(), frame[columns], frame[outcome], cv=folds, method="predict_proba")[
            :, 1
        ]

    aware, unaware = predicted([*features, protected]), predicted(features)
    rng = np.random.default_rng(seed)
    draws = [rng.choice(p, size=(1_000, len(p))).mean(axis=1) for p in (unaware[~group], unaware[group])]
    low, high = np.percentile(draws[0] - draws[1], [2.5, 97.5])
    return {
        "gap_aware": float(aware[~group].mean() - aware[group].mean()),
        "gap_unaware": float(unaware[~group].mean() - unaware[group].mean()),
        "low": float(low),
        "high": float(high),
        "verdict": "gap remains" if low > 0 or high < 0 else "no gap seen",
    }
    ### END SOLUTION


# %% nbgrader={"grade_id": "proxies_test", "points": 9}
mark = checks.Mark(9)
with mark.part("predict_back", 2, "The AUC with which a protected column is predicted from others."):
    crowd = made_up(900, SEED)  # the groups lie 1.79 standard deviations apart: no AUC beats 0.90, but by luck
    week6.proxies.predicted_back(predict_back, crowd[FILE], crowd["minority"].to_numpy(), SEED, (0.84, 0.97))
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week6 import oracles

        week6.proxies.predicted_back(predict_back, *oracles.proxies_columns(SEED), SEED, (0.84, 0.97))
    ### END HIDDEN TESTS
with mark.part("not_learned", 1, "On rows that were not learned from: 0.5 is not at all.", after=("predict_back",)):
    noise = pd.DataFrame(np.random.default_rng(SEED).normal(size=(400, 40))).add_prefix("noise ")
    week6.proxies.predicted_back(predict_back, noise, np.arange(400) % 2, SEED, (0.3, 0.65))
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week6 import oracles

        week6.proxies.predicted_twice(predict_back, *oracles.proxies_unrelated(SEED), SEED, (0.3, 0.65))
        week6.proxies.opposite(predict_back, *oracles.proxies_twins(SEED), SEED)
    ### END HIDDEN TESTS
# 80 % of the others and 40 % of the minority are approved, in both tracts; three of four live in their own group's.
# So 70 % are approved in tract 0 and 50 % in tract 1: by tract alone, 65 % of the others and 55 % of the minority.
homes = {(0, 0): (300, 240), (0, 1): (100, 80), (1, 1): (300, 120), (1, 0): (100, 40)}
street = week6.people.from_counts(homes, ["minority", "tract"], "approve")
with mark.part(
    "gaps", 2, "`gap_aware` and `gap_unaware`: where protected is 0 minus where it is 1, by `lending.linear()`."
):
    week6.proxies.gaps(unawareness, street, ["tract"], ("minority", "approve"), SEED, (0.4, 0.1))
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week6 import oracles

        for case, found in oracles.proxies_known(SEED):
            week6.proxies.gaps(unawareness, *case, SEED, found[:2])
    ### END HIDDEN TESTS
with mark.part("interval", 1, "`low` and `high` of the latter: 95 %, drawing people within each group."):
    week6.proxies.interval(unawareness, street, ["tract"], ("minority", "approve"), SEED, 0.0061)  # of 400 and 400
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week6 import oracles

        known = oracles.proxies_known(SEED)[:4]
        widths = [week6.proxies.interval(unawareness, *case, SEED, found[2]) for case, found in known]
        week6.proxies.of_ninety_five(widths)
        for case in oracles.proxies_shares(SEED):
            week6.proxies.of_two_people(unawareness, *case, SEED)
    ### END HIDDEN TESTS
with mark.part("verdict", 1, '"gap remains" where the interval leaves out 0, else "no gap seen".', after=("gaps",)):
    week6.proxies.verdict(unawareness, street, ["tract"], ("minority", "approve"), SEED)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week6 import oracles

        for case in oracles.proxies_verdicts(SEED):
            week6.proxies.verdict(unawareness, *case, SEED)
    ### END HIDDEN TESTS
### BEGIN HIDDEN TESTS
with mark.part("holes", 1, "Numbers, NaN among them.", after=("predict_back", "gaps")), mark.hidden():
    from source.week6 import oracles

    lacking, case, found = oracles.proxies_holes(SEED)
    week6.proxies.with_holes(predict_back, *lacking, SEED)
    week6.proxies.gaps(unawareness, *case, SEED, found[:2])
with mark.part("folds", 1, "Out of fold, in five shuffled folds.", after=("gaps",)), mark.hidden():
    from source.week6 import oracles

    week6.proxies.gap_of_noise(unawareness, oracles.proxies_noise(SEED + 8), SEED + 8)
    week6.proxies.five_folds(unawareness, oracles.proxies_shares(SEED), SEED)
    case, gaps = oracles.proxies_in_order()
    week6.proxies.shuffled(unawareness, *case, SEED, gaps)
### END HIDDEN TESTS
mark

# %% nbgrader={"grade_id": "predicted_back"}
aucs = {}
for name in ("minority", "male", "married", "old"):
    known = people.dropna(subset=[name])
    aucs[name] = predict_back(known[features], known[name].astype(int).to_numpy(), SEED)
plots.bars(
    pd.Series(aucs),
    title="Predicted from the columns that are left",
    xlabel="AUC on rows not learned from; 0.5 is not at all",
)
unawareness(people, features, "minority", "approve", SEED)

# %% [markdown]
# The dropped column is predicted with an AUC of about three quarters, and most of the gap stays. Which columns carry it? Some are in the tract (`lending.TRACT`), some are in wealth. To call a column "legitimate" is a judgement that a person has to sign.

# %% [markdown]
# ## 6 · What to tell a person
#
# Whoever denies credit in the United States must say why: the specific principal reasons (12 CFR 1002.9(b)(2)), however complex the model. (The CFPB said so in circular 2022-03, and withdrew the circular on 12 May 2025 with 66 other documents: guidance goes, the rule stays.) In the Union: meaningful information about the logic (GDPR Articles 13 to 15; case C-203/22 of 27 February 2025: the procedure and the principles really applied, explained so that the person can contest the result), safeguards where a decision is solely automated
# (Article 22; in case C-634/21 of 7 December 2023 the Court of Justice held that producing a *score* can itself be such a decision), and an explanation of the role of a high-risk system in a decision (AI Act Article 86).
#
# **SHAP** splits one prediction into shares: with the base value $\phi_0$ (the mean log odds) and one contribution $\phi_j$ for each column,
#
# $$ \log\frac{p}{1-p} = \phi_0 + \sum_j \phi_j, $$
#
# These are the only shares that have four properties: they add up; a column that the model ignores gets nothing; columns that the *model uses* alike get the same; and the shares in a sum of models (of trees, say) are the sums of the shares in each (Shapley 1953; Lundberg and Lee 2017). Two warnings. They explain the *model*, not the world. And columns that say the same share the credit in a way that the model's arbitrary choices decide; so **add up families** of columns, with their signs, before you look at sizes.
#
# **Task `reasons`.** `explain` fits `lending.trees(seed)`. `importance` is the mean over people of the absolute *family sum*. `reasons` names the families that lowered one person's odds, strongest first.


# %% nbgrader={"grade_id": "reasons", "solution": true}
def explain(X: pd.DataFrame, y: pd.Series, X_new: pd.DataFrame, seed: int) -> tuple[float, pd.DataFrame]:
    """Fit ``lending.trees(seed)`` on ``X`` and ``y`` and explain its log odds of 1 for ``X_new``.

    Parameters
    ----------
    X_new : people to explain; the columns are those of ``X``, in the same order

    Returns
    -------
    base (log odds) and contributions: one row for each of ``X_new`` (same index), one column for each of its
    columns
    """
    ### BEGIN SOLUTION
    import shap

    explained = shap.TreeExplainer(lending.trees(seed).fit(X, y))(X_new)
    base = float(np.ravel(explained.base_values)[0])
    return base, pd.DataFrame(explained.values, index=X_new.index, columns=X_new.columns)
    ### END SOLUTION


def importance(phi: pd.DataFrame, families: dict[str, list[str]]) -> pd.Series:
    """Give the mean absolute contribution of each family of columns; ``phi`` as ``explain`` gives it.

    Index: all families, also one that moves nothing.
    """
    ### BEGIN SOLUTION
    return pd.Series({name: phi[columns].sum(axis=1).abs().mean() for name, columns in families.items()})
    ### END SOLUTION


def reasons(row: pd.Series, families: dict[str, list[str]], most: int = 4) -> list[str]:
    """Name at most ``most`` families that lowered a person's log odds, strongest first; ``row``: one of ``phi``."""
    ### BEGIN SOLUTION
    sums = pd.Series({name: row[columns].sum() for name, columns in families.items()}).sort_values()
    return list(sums[sums < 0].index[:most])
    ### END SOLUTION


# %% nbgrader={"grade_id": "reasons_by_hand"} tags=["setup"]
boston_few = people[["gdlin", "obrat", "loanprc"]].assign(mute=1.0).head(600)
boston_asked = (boston_few, people["approve"].head(600), boston_few.tail(40))
odds_few = lending.trees(SEED).fit(*boston_asked[:2]).predict(boston_asked[2], raw_score=True)
kinds = {"history": ["history"], "money": ["income", "debt"], "home": ["tract"]}
opposed = pd.DataFrame({"history": [0.2, -0.1], "income": [1.5, -2.0], "debt": [-1.4, 2.1], "tract": [-0.6, -0.9]})

# %% nbgrader={"grade_id": "reasons_test", "points": 9}
mark = checks.Mark(9)
with mark.part("adds_up", 2, "Explain its log odds of 1 for `X_new`: base and contributions add up to them."):
    week6.reasons.adds_up(explain, *boston_asked, SEED, odds_few)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week6 import oracles

        for case in oracles.reasons_applicants(SEED):
            week6.reasons.adds_up(explain, *case, oracles.reasons_odds(*case))
    ### END HIDDEN TESTS
with mark.part("shares", 1, "SHAP's four properties; the base value is the mean log odds.", after=("adds_up",)):
    week6.reasons.mute(explain, *boston_asked, SEED, "mute")
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week6 import oracles

        for case in oracles.reasons_grids(SEED):
            week6.reasons.shares(explain, *case, *oracles.reasons_shares(*case))
    ### END HIDDEN TESTS
with mark.part("importance", 2, "`importance` is the mean over people of the absolute *family sum*."):
    week6.reasons.importance(importance, opposed, kinds, {"history": 0.15, "money": 0.1, "home": 0.75})
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week6 import oracles

        for phi, families in oracles.reasons_contributions(SEED):
            week6.reasons.importance(importance, phi, families, oracles.reasons_importance(phi, families))
    ### END HIDDEN TESTS
with mark.part("reasons", 2, "Name families that lowered a person's log odds, strongest first."):
    sums = {"history": -0.1, "money": 0.1, "home": -0.9}  # -2.0 + 2.1: income and debt all but cancel
    week6.reasons.named(reasons, opposed.iloc[1], kinds, 3, sums=sums, expected=["home", "history"])
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week6 import oracles

        for one, families in oracles.reasons_people(SEED):
            week6.reasons.named(reasons, one, families, 9, **oracles.reasons_named(one, families, 9))
    ### END HIDDEN TESTS
### BEGIN HIDDEN TESTS
with mark.part("most", 1, "At most `most` families, which *lowered* the odds.", after=("reasons",)), mark.hidden():
    from source.week6 import oracles

    for one, families, most in oracles.reasons_few(SEED):
        week6.reasons.named(reasons, one, families, most, **oracles.reasons_named(one, families, most))
    week6.reasons.four_by_default(reasons, *oracles.reasons_six())
with (
    mark.part("table", 1, "One row for each of `X_new` (same index); all families.", after=("adds_up",)),
    mark.hidden(),
):
    from source.week6 import oracles

    for case in oracles.reasons_applicants(SEED):
        week6.reasons.labelled(explain, *case)
    week6.reasons.all_families(importance, *oracles.reasons_silent(SEED))
### END HIDDEN TESTS
mark

# %% nbgrader={"grade_id": "families"}
families = {
    "credit history": ["gdlin", "cons", "pubrec", "mortg", "lines", "rep"],
    "neighbourhood": list(lending.TRACT),
}
families |= {
    "debt and expense": ["hrat", "obrat", "hexp"],
    "loan and property": ["loanamt", "price", "apr", "other", "unit", "prop", "loanprc"],
}
families |= {"could not be verified": ["unver"], "insurance sought": ["inss"]}
families |= {"income and wealth": ["appinc", "atotinc", "cototinc", "liq", "netw"]}
named = [column for columns in families.values() for column in columns]
families["everything else"] = [name for name in features if name not in named]
pd.Series({name: ", ".join(columns) for name, columns in families.items()}, name="columns").to_frame()

# %% nbgrader={"grade_id": "explained"}
base, phi = explain(train[features], train["approve"], test[features], SEED)
plots.bars(
    importance(phi, families).sort_values(ascending=False), title="What moves the model", xlabel="mean |log odds|"
)
lowest = phi.sum(axis=1).idxmin()
print(f"The applicant with the lowest score; reasons: {', '.join(reasons(phi.loc[lowest], families))}")

# %% nbgrader={"grade_id": "misled"}
twice = people[["gdlin", "obrat", "loanprc"]].assign(race=people["minority"], district=people["minority"])
found = {}
for order in (["race", "district"], ["district", "race"]):
    columns = ["gdlin", "obrat", "loanprc", *order]
    _, phi_twice = explain(twice[columns], people["approve"], twice[columns], SEED)
    found[f"{order[0]} stands first"] = phi_twice[["race", "district"]].abs().mean()
print("Two columns with the same content, and their importance column by column:")
pd.DataFrame(found).round(3)

# %% [markdown]
# The same model, the same predictions; whichever column stands first takes all the credit. With `district` first, SHAP says that race weighs *nothing*. It answers truthfully which **column the trees read**, and that is not the question a regulator asks. With near-copies the credit is split in
# ways that seeds decide. An audit that reads only the importance of the protected column can be passed by adding a copy of it; Slack and others (2020) do worse on purpose. What helps is above: families, and the gap itself.

# %% [markdown]
# ## 7 · Two methods, a frontier, a choice
#
# **Thresholds by group** (post-processing; Hardt, Price and Srebro 2016): leave the score alone, and choose for each group the threshold that makes rates equal. fairlearn's `ThresholdOptimizer` does it; where two thresholds would be needed to hit a rate it casts a die between them, and `random_state` makes that repeatable. It needs the **group at decision time**: two people with one file and different answers, by race. In lending that is disparate treatment. It stays in the picture as a yardstick.
#
# **Reduction** (in-processing; Agarwal and others 2018): learn under the constraint $|P(\hat y{=}1 \mid g) - P(\hat y{=}1)| \le$ bound. `ExponentiatedGradient` plays a game between a learner and a fine for each violation, and ends with several models and weights. The group is used in *training* only. Whether even that is lawful for a given lender is for counsel: it is done *because of* race, though not to anybody's decision; the law has not settled it. Three traps:
#
# - how much disparity is allowed stands in the constraint, `DemographicParity(difference_bound=…)`. The argument `eps` of the method is about its search;
# - its `predict` casts a die among the models. Two people with one file may get two answers. Let the models **vote** with their weights instead (`predictors_`, `weights_`);
# - a pipeline takes its weights under another name: `sample_weight_name="model__sample_weight"`.
#
# The **frontier**: accuracy and gap of each method, on validation rows. A choice must follow a rule that was written down before: *no group at decision time; accuracy within `most_loss` of doing nothing; then the smallest absolute gap; among equals the most accurate.*
#
# **Task `mitigate`.** Both methods, and the rule.


# %% nbgrader={"grade_id": "mitigate", "solution": true}
def group_thresholds(known: pd.DataFrame, new: pd.DataFrame, seed: int) -> np.ndarray:
    """Decide by a threshold for each group, so that selection rates are equal (ThresholdOptimizer, or your own).

    Parameters
    ----------
    known : people with ``p`` (score), ``minority`` and ``approve``, to choose the thresholds on
    new : people with ``p`` and ``minority``, to decide about, one by one: no threshold depends on who is among them
    seed : for a die between two thresholds, if one is cast: the same call gives the same decisions

    Returns
    -------
    decisions, 0 or 1, shape (len(new),)
    """
    ### BEGIN SOLUTION
    from fairlearn.postprocessing import ThresholdOptimizer
    from sklearn.linear_model import LogisticRegression

    method = ThresholdOptimizer(
        estimator=LogisticRegression(), constraints="demographic_parity", predict_method="predict_proba"
    )
    method.fit(known[["p"]], known["approve"], sensitive_features=known["minority"])
    return np.asarray(method.predict(new[["p"]], sensitive_features=new["minority"], random_state=seed))
    ### END SOLUTION


def fair_decisions(
    X: pd.DataFrame, y: pd.Series, group: pd.Series, X_new: pd.DataFrame, bound: float, seed: int
) -> np.ndarray:
    """Learn under a bound on each group's distance from the overall selection rate; decide without knowing the group.

    Parameters
    ----------
    X, y, group : training rows; ``X`` and ``X_new`` may hold columns of ``lending.PROTECTED``, which must not
    be used
    bound : largest distance allowed in training

    Returns
    -------
    decisions, 0 or 1, shape (len(X_new),); one file gives one answer, whoever else is asked about
    """
    ### BEGIN SOLUTION
    from fairlearn.reductions import DemographicParity, ExponentiatedGradient

    columns = [name for name in X.columns if name not in lending.PROTECTED]
    constraint = DemographicParity(difference_bound=bound)
    method = ExponentiatedGradient(lending.linear(), constraint, sample_weight_name="model__sample_weight")
    method.fit(X[columns], y, sensitive_features=group)
    votes = [
        weight * model.predict(X_new[columns]) for weight, model in zip(method.weights_, method.predictors_) if weight
    ]
    return (np.sum(votes, axis=0) >= 0.5).astype(int)
    ### END SOLUTION


def choose(frontier: pd.DataFrame, most_loss: float) -> str:
    """Choose by the rule.

    Parameters
    ----------
    frontier : one row a method: ``method`` ("nothing" among them), ``accuracy``, ``gap`` (signed),
    ``uses_group`` (bool)
    """
    ### BEGIN SOLUTION
    nothing = frontier.loc[frontier["method"] == "nothing", "accuracy"].iloc[0]
    allowed = frontier[~frontier["uses_group"] & (frontier["accuracy"] >= nothing - most_loss)]
    ranked = allowed.assign(size=allowed["gap"].abs()).sort_values(["size", "accuracy"], ascending=[True, False])
    return str(ranked["method"].iloc[0])
    ### END SOLUTION


# %% nbgrader={"grade_id": "mitigate_by_hand"} tags=["setup"]
learned_from, seen, unseen = made_up(2_500, SEED), made_up(3_000, SEED + 1), made_up(4_000, SEED + 2)
unfair = lending.linear().fit(learned_from[FILE], learned_from["approve"])
seen, scored_new = (some.assign(p=unfair.predict_proba(some[FILE])[:, 1]) for some in (seen, unseen))
offered = pd.DataFrame({"method": ["nothing", "thresholds", "bound 0.1", "bound 0.02"]})
offered = offered.assign(accuracy=[0.91, 0.9, 0.905, 0.87], gap=[0.15, 0.0, 0.09, -0.02])
offered["uses_group"] = [False, True, False, False]

# %% nbgrader={"grade_id": "mitigate_test", "points": 12}
mark = checks.Mark(12)
with mark.part("equal_rates", 3, "Decide by a threshold for each group, so that selection rates are equal."):
    week6.mitigate.equal_rates(group_thresholds, seen, scored_new, SEED)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week6 import oracles

        for seed in (SEED, SEED + 11):
            week6.mitigate.equal_rates(group_thresholds, *oracles.mitigate_scored(seed), seed)
        week6.mitigate.equal_rates(group_thresholds, *oracles.mitigate_turned(SEED), SEED)
    ### END HIDDEN TESTS
with mark.part(
    "one_by_one", 1, "Thresholds are chosen on `known`; `new` are decided about one by one.", after=("equal_rates",)
):
    week6.mitigate.one_by_one(group_thresholds, seen, scored_new, SEED)
with mark.part("bound", 3, "Learn under a bound on each group's distance from the overall selection rate."):
    week6.mitigate.bounded(fair_decisions, learned_from, unseen, 0.02, unfair.predict(unseen[FILE]), SEED)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week6 import oracles

        for seed, bound in ((SEED + 12, 0.02), (SEED + 13, 0.3)):
            some, others = oracles.applicants(2_500, seed), oracles.applicants(4_000, seed + 1)
            plain = oracles.mitigate_plain(some, others)
            week6.mitigate.bounded(fair_decisions, some, others, bound, plain, seed)
    ### END HIDDEN TESTS
with mark.part("blind", 1, "Columns of `lending.PROTECTED` must not be used.", after=("bound",)):
    week6.mitigate.blind(fair_decisions, learned_from.head(500), unseen.head(300), SEED)
with mark.part("one_answer", 1, "One file gives one answer, whoever else is asked about.", after=("bound",)):
    week6.mitigate.one_answer(fair_decisions, learned_from.head(500), unseen.head(300), SEED)
with mark.part("choice", 2, "No group at decision time; accuracy within `most_loss`; then the smallest absolute gap."):
    for most_loss, by_hand in ((0.0, "nothing"), (0.01, "bound 0.1"), (0.1, "bound 0.02")):
        week6.mitigate.choice(choose, offered, most_loss, by_hand)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week6 import oracles

        for frontier, most_loss in oracles.mitigate_frontiers(SEED):
            week6.mitigate.choice(choose, frontier, most_loss, oracles.mitigate_choice(frontier, most_loss))
    ### END HIDDEN TESTS
### BEGIN HIDDEN TESTS
with mark.part("equals", 1, "Among equals the most accurate.", after=("choice",)), mark.hidden():
    from source.week6 import oracles

    for frontier, most_loss in oracles.mitigate_equals(SEED):
        week6.mitigate.choice(choose, frontier, most_loss, oracles.mitigate_choice(frontier, most_loss))
### END HIDDEN TESTS
mark

# %% nbgrader={"grade_id": "methods"}
decisions = {"nothing": ((p_valid >= 0.5).astype(int), (p_test >= 0.5).astype(int))}
scored = [part.assign(p=p)[["p", "minority", "approve"]] for part, p in ((valid, p_valid), (test, p_test))]
known = train.assign(p=lender.predict_proba(train[features])[:, 1])[["p", "minority", "approve"]]
decisions["thresholds by group"] = tuple(group_thresholds(known, part, SEED) for part in scored)
both = rest[features]
for bound in (0.12, 0.05, 0.02):
    made = pd.Series(
        fair_decisions(train[features], train["approve"], train["minority"], both, bound, SEED), index=rest.index
    )
    decisions[f"bound {bound}"] = (made[valid.index].to_numpy(), made[test.index].to_numpy())
plain = lending.linear().fit(
    train[no_tract := [name for name in features if name not in lending.TRACT]], train["approve"]
)
decisions["without the tract"] = tuple(plain.predict(part[no_tract]) for part in (valid, test))

# %% nbgrader={"grade_id": "frontier"}
MOST_LOSS = 0.02  # two decisions in a hundred; written down before the numbers were seen


def measured(half: int, part: pd.DataFrame) -> pd.DataFrame:
    """Accuracy and gap of every method on some people: half 0 is validation, half 1 is test."""
    rows, minority = [], part["minority"].to_numpy() == 1
    for name, made in decisions.items():
        hit = float((made[half] == part["approve"]).mean())
        gap = float(made[half][~minority].mean() - made[half][minority].mean())
        rows.append({"method": name, "accuracy": hit, "gap": gap, "uses_group": name == "thresholds by group"})
    return pd.DataFrame(rows)


frontier, on_test = measured(0, valid), measured(1, test)
chosen = choose(frontier, MOST_LOSS)
frontier.merge(on_test[["method", "accuracy", "gap"]], on="method", suffixes=("", " on test")).round(3)

# %% nbgrader={"grade_id": "frontier_picture"}
colours = np.where(
    frontier["uses_group"], plots.GREY, np.where(frontier["method"] == chosen, plots.COLOURS[1], plots.COLOURS[0])
)
plt.figure(figsize=(8, 4.2))
plt.scatter(frontier["gap"], frontier["accuracy"], c=list(colours), s=60)
for _, row in frontier.iterrows():
    plt.annotate(row["method"], (row["gap"], row["accuracy"]), xytext=(6, 5), textcoords="offset points")
floor = frontier.loc[frontier["method"] == "nothing", "accuracy"].iloc[0] - MOST_LOSS
plt.axhline(floor, color=plots.GREY, linewidth=0.8), plt.axvline(0, color=plots.GREY, linewidth=0.8)
plt.title(f"Chosen by the rule: {chosen}"), plt.margins(x=0.2, y=0.15)
plt.xlabel("approval rate of white applicants minus that of others, on validation"), plt.ylabel("accuracy")
plt.show()

# %% [markdown]
# Each point rests on some 500 people, about 75 of them from a minority: the gap of one method has a standard error of about four points. Compare the columns for test: what was chosen on validation moves. Neighbours on this frontier cannot be told apart. Say so in the memo, and say what you would do: more data, or a rule that does not pretend.
# And "accuracy" is agreement with the lenders of 1990. A remedy that disagrees with them "costs accuracy" wherever they were unjust.

# %% [markdown]
# ## 8 · Who can be found, and what is learned without finding
#
# Names are gone from the file. A neighbour knows income, loan, family: **quasi-identifiers**, harmless alone and a fingerprint together. A row's class is all rows that agree with it in these columns. A table is **k-anonymous** if no class is smaller than $k$ (Sweeney 2002). Two tools: *generalise* (values become bands) and *suppress* (leave rows out).
#
# It protects less than it seems. If all $k$ people of a class were denied, a neighbour who finds the class has learned it, without finding the row: **homogeneity**. And suppression removes rare people first, the very ones whose treatment should be studied.
#
# GDPR Article 5(1) has the principles behind this: purpose limitation (b), data minimisation (c), storage limitation (e). In practice: a reason for each column, a date of deletion for each table, and a record of both. An automatic log that a high-risk system must keep (AI Act Articles 12, 19 and 26(6): at least six months) is such a table too, and so are the captured requests of week 5's endpoint.
#
# **Task `privacy`.** Release the quasi-identifiers and the secret, nothing else; a value may become a band of neighbouring values, the same band in every row; leave out at most 15 % of the people; keep at least two values in every column. In `class_sizes`, not known is a value like any other.


# %% nbgrader={"grade_id": "privacy", "solution": true}
def class_sizes(frame: pd.DataFrame, quasi: list[str]) -> pd.Series:
    """Count, for each row, the rows that agree with it in ``quasi``, itself included; same index; NaN equals NaN."""
    ### BEGIN SOLUTION
    return frame.groupby(quasi, dropna=False, observed=True)[quasi[0]].transform("size")
    ### END SOLUTION


def anonymise(frame: pd.DataFrame, quasi: list[str], secret: str, k: int) -> pd.DataFrame:
    """Make a k-anonymous release.

    Parameters
    ----------
    frame : one row a person; the columns ``quasi`` hold numbers, none missing. It is large enough for ``k``: with
    two bands for each column, cut at the median, at most 15 % of the people would be left out
    secret : a column that is released unchanged

    Returns
    -------
    the columns ``quasi`` (in bands) and ``secret`` of those who are released; index as in ``frame``
    """
    ### BEGIN SOLUTION
    for n_bands in range(8, 1, -1):
        release = frame[[*quasi, secret]].copy()
        for name in quasi:
            if frame[name].nunique() > 2:
                edges = np.unique(np.quantile(frame[name], np.arange(1, n_bands) / n_bands))
                release[name] = [f"band {band}" for band in np.searchsorted(edges, frame[name])]
        sizes = release.groupby(quasi, dropna=False)[secret].transform("size")
        release = release[sizes >= k]
        if len(release) >= 0.9 * len(frame):
            break
    return release
    ### END SOLUTION


def learned(released: pd.DataFrame, known: pd.DataFrame, quasi: list[str], secret: str) -> pd.DataFrame:
    """Say what a neighbour learns from a release.

    Parameters
    ----------
    released : the release
    known : people whose columns ``quasi`` the neighbour knows, in the release's bands, none missing

    Returns
    -------
    for each of ``known`` (same index): ``candidates``, the number of released rows that fit; ``secret``,
    where all of them agree in it, else NaN
    """
    ### BEGIN SOLUTION
    classes = released.groupby(quasi)[secret].agg(["size", "nunique", "first"]).reset_index()
    found = known[quasi].merge(classes, on=quasi, how="left").set_axis(known.index)
    return pd.DataFrame({"candidates": found["size"].fillna(0), "secret": found["first"].where(found["nunique"] == 1)})
    ### END SOLUTION


# %% nbgrader={"grade_id": "privacy_by_hand"} tags=["setup"]
QUASI = ["appinc", "loanamt", "dep", "married", "male"]
five_people = {"married": [1, 0, 1, None, None], "dep": [0, 0, 0, 2, 2]}
five_people = pd.DataFrame(five_people, index=[7, 3, 5, 4, 8], dtype=float)
released_few = {"age": ["old", "old", "young", "young", "young"], "town": list("aabbb"), "denied": [1, 1, 0, 1, 0]}
released_few = pd.DataFrame(released_few)
neighbours = pd.DataFrame({"age": ["old", "young", "young"], "town": ["a", "b", "a"]}, index=[7, 8, 9])

# %% nbgrader={"grade_id": "privacy_test", "points": 9}
mark = checks.Mark(9)
with mark.part("sizes", 2, "Count, for each row, the rows that agree with it in `quasi`, itself included; same index."):
    week6.privacy.sizes(class_sizes, five_people, ["dep"], [3, 3, 3, 2, 2])
    week6.privacy.sizes(class_sizes, five_people.head(3), ["married", "dep"], [2, 1, 2])
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week6 import oracles

        for frame, quasi in oracles.privacy_frames(people, SEED):
            week6.privacy.sizes(class_sizes, frame, quasi, oracles.privacy_sizes(frame, quasi))
    ### END HIDDEN TESTS
with mark.part("not_known", 1, "Not known is a value like any other: NaN equals NaN.", after=("sizes",)):
    week6.privacy.not_known(class_sizes, five_people, ["married", "dep"], [2, 1, 2, 2, 2])
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week6 import oracles

        for frame, quasi in oracles.privacy_holes(people, SEED):
            week6.privacy.not_known(class_sizes, frame, quasi, oracles.privacy_sizes(frame, quasi))
    ### END HIDDEN TESTS
sample = people.dropna(subset=QUASI).sample(1_200, random_state=SEED)
with mark.part("anonymous", 2, "Make a k-anonymous release; leave out at most 15 % of the people."):
    week6.privacy.anonymous(anonymise, sample, QUASI, "approve", 5)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week6 import oracles

        for case in oracles.privacy_tables(people, QUASI, SEED):
            week6.privacy.anonymous(anonymise, *case)
    ### END HIDDEN TESTS
with mark.part(
    "true", 1, "Quasi-identifiers and secret, nothing else; bands, the same in every row.", after=("anonymous",)
):
    week6.privacy.true(anonymise, sample, QUASI, "approve", 5)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week6 import oracles

        for case in oracles.privacy_tables(people, QUASI, SEED):
            week6.privacy.true(anonymise, *case)
    ### END HIDDEN TESTS
with mark.part("learned", 2, "`candidates`, the rows that fit; `secret`, where all of them agree in it, else NaN."):
    by_hand = pd.DataFrame({"candidates": [2, 3], "secret": [1, np.nan]}, index=[7, 8])
    week6.privacy.learned(learned, released_few, neighbours.head(2), ["age", "town"], "denied", by_hand)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week6 import oracles

        for case in oracles.privacy_releases(SEED):
            week6.privacy.learned(learned, *case, oracles.privacy_learned(*case))
    ### END HIDDEN TESTS
### BEGIN HIDDEN TESTS
with mark.part("strangers", 1, "`candidates`: 0 where no released row fits.", after=("learned",)), mark.hidden():
    from source.week6 import oracles

    for case in oracles.privacy_strangers(SEED):
        week6.privacy.learned(learned, *case, oracles.privacy_learned(*case))
### END HIDDEN TESTS
mark

# %% nbgrader={"grade_id": "found"}
complete = people.dropna(subset=QUASI)
for columns in (["male"], ["male", "married"], ["male", "married", "dep"], ["appinc", "male"], QUASI):
    print(f"{(class_sizes(complete, columns) == 1).mean():6.1%} are alone with their {', '.join(columns)}")
release = anonymise(complete, QUASI, "approve", 5)
gone, of_all = complete.drop(release.index), complete["minority"].mean()
print(f"Released {len(release):,} of {len(complete):,}.")
print(f"Minority: {gone['minority'].mean():.0%} of those left out, {of_all:.0%} of all.")
neighbour = learned(release, release, QUASI, "approve")
denied = release["approve"] == 0
print(f"Candidates for the median person: {neighbour['candidates'].median():.0f}.")
print(f"Outcome learned, without finding the row, of {neighbour['secret'].notna().mean():.0%}.")
print(f"Of those who were denied, learned: {neighbour.loc[denied, 'secret'].notna().sum()} of {denied.sum()}.")

# %% [markdown]
# Most were approved, so a class that agrees mostly agrees on *approved*: what the neighbour learns is nearly always the harmless answer. Where denials are common, or where they cluster, the same $k$ gives them away. Look at your last line before you call a release safe: $k$ says nothing of it.

# %% [markdown]
# ## 9 · Documents that a machine can check
#
# A **model card** (Mitchell and others 2019) says what one version of a model is, how it does by group, what it is for and what not; a **datasheet** (Gebru and others 2021) says the same of a table. Typed by hand they are out of date with the next retraining, which for us is tonight. So they are *data*: YAML, valid against a JSON schema, every number filled in by code from MLflow's records.
#
# What the law asks to be written down, for a system like each of our two:
#
# | | flight alarm | mortgage score |
# |---|---|---|
# | EU AI Act, Regulation (EU) 2024/1689 | not prohibited (Article 5), not high-risk (no product or safety component under Annex I, not in Annex III), no duty of Article 50 (transparency): **minimal** risk, as it is called outside the Act; Article 4 (AI literacy) all the same | **high**: Annex III point 5(b), creditworthiness of natural persons, fraud detection excepted; it profiles people, so the exception of Article 6(3) is closed |
# | its duties | voluntary codes (Article 95) | risk management (9), data governance (10), documentation (11, Annex IV), **logging (12)**, **transparency to deployers (13)**, human oversight (14), accuracy (15); deployers: 26 (a bank keeps its logs under the rules of financial services, 19(2) and 26(6)), impact on fundamental rights (27), explanation (86) |
# | GDPR, Regulation (EU) 2016/679 | no personal data, as long as nobody joins passengers to it | principles (5), information (13, 14), access (15), solely automated decisions (22), impact assessment (35) |
# | US | delay as the DOT defines it (14 CFR 234.2) | ECOA and Regulation B: no prohibited basis (12 CFR 1002.4, 1002.6), reasons (1002.9) |
#
# *As of July 2026:* the AI Act's duties for Annex III were to apply from 2 August 2026. An amendment (the "digital omnibus" on AI), which Parliament endorsed on 16 June and the Council on 29 June 2026, moves them to **2 December 2027**, and rewords Article 4. It enters into force on the third day after its publication in the Official Journal, which this course has not seen: look it up before you rely on either date. The prohibitions of Article 5 have applied since 2 February 2025.
#
# **NIST's AI Risk Management Framework 1.0** (January 2023, voluntary) has four functions, which the card names: *govern* (who answers), *map* (context and harms), *measure* (this notebook), *manage* (what is done about it, and when it is switched off). A **data-protection impact assessment** has four parts by GDPR Article 35(7): a description (a), necessity and proportionality (b), risks to people (c), measures (d). The datasheet outlines it.
# With a simple model and few flights, the numbers of a card can be worked out by hand. Here are fourteen flights and a champion with two leaves; the second cell holds what its card must say.

# %% nbgrader={"grade_id": "fourteen_flights"} tags=["setup"]
from sklearn.dummy import DummyClassifier
from sklearn.tree import DecisionTreeClassifier

by_hour = pd.DataFrame({"hour": [6.0, 7, 8, 9, 18, 19, 20, 21]}), [0, 1, 0, 0, 1, 1, 0, 1]
simple_champion = DecisionTreeClassifier(max_depth=1).fit(*by_hour)  # 0.25 in the morning, 0.75 in the evening
newer_version = DummyClassifier(strategy="prior").fit(*by_hour)  # 0.5 all day; it is not the champion
fourteen = pd.DataFrame({"hour": [8.0, 8, 20, 20] * 3 + [20, 8], "late": [0, 1, 1, 0] * 3 + [1, 0]})
fourteen["sched_dep"] = pd.date_range("2013-09-01 12:00", periods=14, tz="UTC")
fourteen.loc[13, "sched_dep"] = pd.Timestamp("2013-10-01", tz="UTC")
fourteen["group"] = ["other"] * 12 + ["island", "ferry"]

# %% nbgrader={"grade_id": "card_by_hand"} tags=["setup"]
by_hand_card = {"training": {"settings": {"max_depth": "1"}, "recorded": {"mean_log_loss": 0.5623}}}
by_hand_card["model"] = {"name": "flight-delays", "version": 1, "alias": "champion", "registered": "2026-03-05"}
by_hand_card["evaluation"] = {
    "flights": 14,
    "first_day": "2013-09-01",
    "last_day": "2013-09-30",  # midnight UTC is the evening before in New York
    "threshold": 0.75,
    "auc": (16 + 24 / 2) / 49,  # of 7 · 7 pairs of a late and a punctual flight 16 are in order, and 24 are ties
    "log_loss": -(8 * np.log(0.75) + 6 * np.log(0.25)) / 14,  # 8 flights ended as the model thought likelier
}
by_hand_card["groups"] = {  # here by name; in the card it is a list, and each row holds its `group`
    "island": {"flights": 1, "late_share": 1.0, "recall": 1.0, "false_alarm_rate": None},  # none was punctual
    "ferry": {"flights": 1, "late_share": 0.0, "recall": None, "false_alarm_rate": 0.0},  # none was late
    "other": {"flights": 12, "late_share": 0.5, "recall": 0.5, "false_alarm_rate": 0.5},
}

# %% [markdown]
# **Task `cards`.** Everything in `model`, `training`, `evaluation` and `groups` comes from the registry in `folder` (the version with the alias `champion`, its own run) and from that model's predictions on `flights`. The schemas are `cards.schema("model_card")` and `cards.schema("datasheet")`; `cards.problem(card, "model_card")` says what does not fit. Show both schemas in a cell of your own: they name each key and its kind; `groups`, `columns` and `outcome_by_group` are *lists* with one dictionary a row. The words are yours.


# %% nbgrader={"grade_id": "cards", "solution": true}
def model_card(folder: str, flights: pd.DataFrame, threshold: float) -> dict:
    """Write the model card of the champion.

    Parameters
    ----------
    folder : absolute path, for ``registry.connect``
    flights : the model's features, and ``late`` (0 or 1), ``sched_dep`` (UTC), ``group`` (text)
    threshold : alarm where the probability is at least this

    Returns
    -------
    a dictionary that fits the schema "model_card": ``settings`` are the run's parameters as recorded,
    ``recorded`` its metrics; days are New York's; ``registered`` is the version's day of creation in UTC;
    a rate that does not exist is None
    """
    ### BEGIN SOLUTION
    import mlflow
    from sklearn.metrics import log_loss, roc_auc_score

    registry.connect(folder)
    record = mlflow.MlflowClient().get_model_version_by_alias(registry.MODEL, registry.ALIAS)
    run = mlflow.get_run(record.run_id)
    model = mlflow.sklearn.load_model(f"models:/{registry.MODEL}@{registry.ALIAS}")
    p = model.predict_proba(flights.drop(columns=["late", "sched_dep", "group"]))[:, 1]
    days = flights["sched_dep"].dt.tz_convert("America/New_York").dt.strftime("%Y-%m-%d")
    registered = pd.Timestamp(record.creation_timestamp, unit="ms").strftime("%Y-%m-%d")
    known = {"name": record.name, "version": int(record.version), "alias": registry.ALIAS, "run_id": record.run_id}
    found = {"flights": len(flights), "first_day": days.min(), "last_day": days.max(), "threshold": float(threshold)}
    found |= {"auc": float(roc_auc_score(flights["late"], p)), "log_loss": float(log_loss(flights["late"], p))}
    groups = []
    for name, rows in flights.assign(alarm=p >= threshold).groupby("group"):
        late, alarm = rows["late"] == 1, rows["alarm"]
        rates = {"late_share": late.mean(), "recall": alarm[late].mean(), "false_alarm_rate": alarm[~late].mean()}
        rates = {key: None if np.isnan(rate) else float(rate) for key, rate in rates.items()}
        groups.append({"group": str(name), "flights": len(rows), **rates})
    return {
        "model": known | {"registered": registered},
        "training": {"settings": dict(run.data.params), "recorded": dict(run.data.metrics)},
        "evaluation": found,
        "groups": groups,
        **words_of_the_card(),
    }
    ### END SOLUTION


def words_of_the_card() -> dict:
    """Give the sections of the model card that no registry knows: ``use``, ``law`` and ``risk_management``."""
    ### BEGIN SOLUTION
    return {
        "use": {
            "intended": "Warns New York's delay desk two hours before departure that a flight may arrive late.",
            "not_for": "Not for decisions about passengers, crews or carriers as such, nor for other airports or years.",
            "limits": "Trained on one year; islands and thin routes have few flights; cancelled ones are not in it.",
        },
        "law": {
            "ai_act_class": "minimal",
            "reason": "It evaluates no natural person: not in Article 5, Annex III or Article 50, and no part of a product under Annex I.",
            "as_of": "2026-07-31",
        },
        "risk_management": {
            "govern": "The head of the delay desk answers for it; the model is reviewed each quarter.",
            "map": "Harm is a late flight without a warning, above all where it is the only one of the day.",
            "measure": "Recall and false alarms by group with intervals by days, each night by week 4's pipeline.",
            "manage": "Rolled back by alias when recall of a group leaves its interval; the rule of thumb takes over.",
        },
    }
    ### END SOLUTION


def datasheet(frame: pd.DataFrame, protected: list[str], group: str, outcome: str) -> dict:
    """Write the datasheet of a table about people.

    Parameters
    ----------
    protected : names of protected columns, kept in this order; those that ``frame`` does not hold are left out
    group, outcome : the columns for ``outcome_by_group``; the outcome is 0 or 1, groups are written as text (`str`)

    Returns
    -------
    a dictionary that fits the schema "datasheet": ``missing`` counts what is not known, ``distinct`` the
    different known values
    """
    ### BEGIN SOLUTION
    columns = [
        {"name": name, "missing": int(frame[name].isna().sum()), "distinct": int(frame[name].nunique())}
        for name in frame
    ]
    by = frame.groupby(group)[outcome].agg(["size", "sum"])
    people_by = [
        {"group": str(name), "people": int(row["size"]), "approved": int(row["sum"])} for name, row in by.iterrows()
    ]
    return {
        "rows": len(frame),
        "columns": columns,
        "protected": [name for name in protected if name in frame],
        "outcome_by_group": people_by,
        "impact_assessment": {
            "description": "Scores applications for mortgages from finances, history and tract, to propose approval.",
            "necessity": "A score is proportionate where a person decides; tract and family columns need a reason each.",
            "risks": "Denial of a home by proxy for race; being found by a neighbour; no way to contest a score.",
            "measures": "Gaps watched by group, reasons given, a person decides, bands released, deletion after two years.",
        },
    }
    ### END SOLUTION


# %% nbgrader={"grade_id": "sheet_by_hand"} tags=["setup"]
# Here rows stand by name; in the datasheet `columns` and `outcome_by_group` are lists.
four = {"income": [3, None, 3, 5], "male": [1, 0, 0, None], "minority": [1, 0, 0, 0], "approve": [0, 1, 1, 0]}
columns_four = {name: {"missing": 1, "distinct": 2} for name in ("income", "male")}
columns_four |= {name: {"missing": 0, "distinct": 2} for name in ("minority", "approve")}
by_hand_sheet = {"rows": 4, "columns": columns_four, "protected": ["male", "minority"]}
by_hand_sheet["outcome_by_group"] = {"0": {"people": 3, "approved": 2}, "1": {"people": 1, "approved": 0}}
versions = [by_hand_card["training"] | {"model": simple_champion}]
versions += [{"model": newer_version, "settings": {"strategy": "prior"}, "recorded": {"mean_log_loss": 0.6931}}]

# %% nbgrader={"grade_id": "cards_test", "points": 11}
mark = checks.Mark(11)
files, runs = week6.cards.registry_of(versions, champion=1)
by_hand = by_hand_card | {"model": by_hand_card["model"] | {"run_id": runs[0]}}
with mark.part("records", 2, "The version with the alias `champion`, its own run: `model` and `training`."):
    week6.cards.records(model_card, checks.hand_over(files), fourteen.head(13), 0.75, by_hand)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week6 import oracles

        for which in (2, 1):
            files_of, *case = oracles.cards_case(drawn, SEED, which)
            week6.cards.records(model_card, checks.hand_over(files_of), *case)
    ### END HIDDEN TESTS
with mark.part("evaluation", 2, "From that model's predictions on `flights`: `evaluation`; days are New York's."):
    week6.cards.evaluation(model_card, checks.hand_over(files), fourteen, 0.75, by_hand)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week6 import oracles

        files_of, *case = oracles.cards_case(drawn, SEED, 2)
        week6.cards.evaluation(model_card, checks.hand_over(files_of), *case)
    ### END HIDDEN TESTS
with mark.part("groups", 2, "`groups`: alarm where the probability is at least the threshold."):
    by_hand_groups = {"groups": {"other": by_hand_card["groups"]["other"]}}
    week6.cards.groups(model_card, checks.hand_over(files), fourteen.head(12), 0.75, by_hand_groups)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week6 import oracles

        files_of, *case = oracles.cards_case(drawn, SEED, 1)
        week6.cards.groups(model_card, checks.hand_over(files_of), *oracles.cards_usual(*case))
    ### END HIDDEN TESTS
with mark.part("none", 1, "A rate that does not exist is None.", after=("groups",)):
    week6.cards.groups(model_card, checks.hand_over(files), fourteen, 0.75, by_hand)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week6 import oracles

        files_of, *case = oracles.cards_case(drawn, SEED, 2)
        week6.cards.groups(model_card, checks.hand_over(files_of), *case)
    ### END HIDDEN TESTS
with mark.part("words", 1, "A dictionary that fits the schema; the words are yours."):
    week6.cards.words(words_of_the_card)
    week6.cards.whole(model_card, checks.hand_over(files), fourteen, 0.75)
with mark.part("datasheet", 2, "`missing` counts what is not known, `distinct` the different known values."):
    table_of_four = pd.DataFrame(four)
    week6.cards.datasheet(datasheet, table_of_four, list(lending.PROTECTED), "minority", "approve", by_hand_sheet)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week6 import oracles

        for case in oracles.cards_tables(people, SEED):
            week6.cards.datasheet(datasheet, *case, oracles.cards_datasheet(*case))
    ### END HIDDEN TESTS
### BEGIN HIDDEN TESTS
with mark.part("names", 1, "Columns not held are left out; groups are text.", after=("datasheet",)), mark.hidden():
    from source.week6 import oracles

    for case in oracles.cards_named(people, SEED):
        week6.cards.datasheet(datasheet, *case, oracles.cards_datasheet(*case))
### END HIDDEN TESTS
mark

# %% nbgrader={"grade_id": "page"}
from IPython.display import Markdown

card = model_card(str(registry.connect()), autumn, threshold)
cards.write(card, work.path("week6", "model_card.yaml"))
sheet = datasheet(people, list(lending.PROTECTED), "minority", "approve")
cards.write(sheet, work.path("week6", "datasheet.yaml"), "datasheet")
Markdown(cards.page(card, f"Model card: {card['model']['name']}, version {card['model']['version']}"))

# %% [markdown]
# Both files are in the course's folder `work/week6`. Change one number in the YAML by hand, and ask yourself who would notice. With this notebook's check in week 4's pipeline, the next run would.

# %% [markdown]
# ## 10 · The ethical review
#
# Write one page (300 to 450 words) to **the general counsel**, who must decide whether the flight alarm stays, whether the mortgage score may be offered to the bank, and who signs. Your page must
#
# 1. say in the first two sentences what you recommend for each of the two, and who answers for it (2 points);
# 2. name the bias found in *your own* flight model: which group, how large with its interval, what explains it, what is still undecided (2 points);
# 3. defend the chosen point on the frontier against the one next to it, with its accuracy and gap on test, and say what neither number means (2 points);
# 4. say which law applies to each system, with article, and one point that is unsettled (2 points);
# 5. say what is to be improved first, what is logged and for how long, and what would make you switch it off (2 points).

# %% [markdown] nbgrader={"grade_id": "memo", "points": 10}
# ### BEGIN SOLUTION
# *Rubric and an example of a full answer. Mark each point by itself; numbers differ with seed and sample size.*
#
# 1. **Recommendation (2).** One for each system 1, a person or an office that answers 1. Late in the text: at most 1.
# 2. **Own bias (2).** Group, size and interval 1; an explanation that does not excuse (prevalence and one threshold), and a group that stays undecided 1.
# 3. **Frontier (2).** The choice and its neighbour with test numbers, and that they cannot be told apart if they cannot 1; that accuracy is agreement with lenders of 1990, or that the gap is one notion among several 1.
# 4. **Law (2).** Minimal and Annex III 5(b), GDPR 22 or 35, Regulation B, rightly placed 1; something unsettled (disparate impact under Regulation B since July 2026, mitigation in training, the AI Act's date) 1.
# 5. **Next (2).** One improvement with its owner, and a log with a period 1; a measurable condition for switching off 1.
#
# > Keep the flight alarm with a second threshold under test for islands, signed by the head of operations; do not offer the mortgage score for decisions. I answer for the numbers, the credit officer for any use. On September to December our alarm caught 46 % of
# > late island flights and 66 % of the others, a gap of 20 points, between 12 and 29 when days are drawn again. Island flights are late less often, so one threshold cuts more of their late ones off; that explains the gap and does not repair it. For St Thomas alone we cannot
# > say: too few late flights. For the score, my rule was fixed before: no race at decision, at most two points of accuracy. It chose the bound of 0.12: accuracy 0.92 and a gap of 0.11 on test, against 0.93 and 0.18 for doing nothing. The neighbour, 0.05, has 0.90 and 0.03, and cannot be told from it with
# > seventy minority applicants. "Accuracy" here is agreement with lenders of 1990, who are the suspects. The alarm is of minimal risk under the AI Act. The score would be high-risk (Annex III 5(b)), fall under GDPR Articles 22 and 35, and owe reasons under 12 CFR 1002.9. Thresholds by race
# > are disparate treatment. Since July 2026 Regulation B no longer knows an effects test; other laws may, and whether training under a constraint is itself treatment is open. I would act on the gap anyway. First improvement: outcomes of repayment in place of decisions, owner credit risk, by March. Each answer is
# > logged with version and reasons for two years, and each night's recall by group for one. Switch the alarm off for a group when its recall stays below 35 % for fourteen days; withdraw the score when the ratio's interval falls below four fifths.
# ### END SOLUTION

# %% [markdown]
# ## What to take with you
#
# - A group that is too small is reported as undecided. It is neither dropped nor judged.
# - The average is where harm hides; the search for it has a price, and Bonferroni is the cashier.
# - Not looking protects nobody. Measure with the column, decide without it.
# - Explanations explain the model. Families first, gaps always.
# - A choice on the frontier is a value judgement with numbers attached: write the rule before the numbers.
# - A document that code fills and a test compares is the only one that is still true next month.
#
# That was the course: from a raw table to users, and back again when it goes wrong. **Who takes over your model on Monday? Send them the card.**
#
# ### Reading
#
# - Barocas, Hardt and Narayanan, *Fairness and Machine Learning* (fairmlbook.org, MIT Press 2023). The book for parts 2, 3 and 7; free online.
# - The fairlearn user guide. For names and corner cases, and its chapter on what fairness metrics cannot do.
# - Kearns, Neel, Roth and Wu, *Preventing Fairness Gerrymandering* (ICML 2018). Part 4, with the theory of auditing.
# - Slack and others, *Fooling LIME and SHAP* (AIES 2020). Read it before you trust an explanation of somebody else's model.
# - Molnar, *Interpretable Machine Learning*, chapters on Shapley values. Slow and clear; for part 6.
# - Munnell, Tootell, Browne and McEneaney, *Mortgage Lending in Boston: Interpreting HMDA Data* (American Economic Review 1996). What the survey of our table was made for, and the debate that followed.
# - Mitchell and others, *Model Cards for Model Reporting* (FAT\* 2019); Gebru and others, *Datasheets for Datasets* (CACM 2021). The originals of part 9, short.
# - Regulation (EU) 2024/1689 on EUR-Lex; begin with Article 6, Annex III and Article 26. Regulation B at ecfr.gov, 12 CFR 1002. NIST AI RMF 1.0 (NIST AI 100-1). Read the sources: summaries go stale, this one too.
