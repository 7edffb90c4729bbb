"""What week 6's hidden tests expect, and the cases that they ask about; a task's functions begin with its name.

Group metrics are fairlearn's, where these exist. The people are drawn at random: nobody is described.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from itertools import combinations, permutations
from typing import Any

import numpy as np
import pandas as pd

from helpers import lending
from source.oracles import bootstrap, registries

SIGNAL = ["history", "income", "tract", "debt"]
FOUR = ["sex", "age", "area", "work"]


# --- groups ---


def groups_metrics(y: np.ndarray, alarm: np.ndarray, group: pd.Series) -> pd.DataFrame:
    """Return metrics by group, a categorical's empty groups included; NaN where a metric does not exist."""
    from fairlearn import metrics as fl

    frame = fl.MetricFrame(
        metrics={
            "flights": fl.count,
            "late_share": lambda y_true, y_pred: np.mean(y_true),
            "alarm_rate": fl.selection_rate,
            "recall": fl.true_positive_rate,
            "false_alarm_rate": fl.false_positive_rate,
        },
        y_true=y,
        y_pred=alarm,
        sensitive_features=pd.Series(group.astype(object).to_numpy()),  # an array of one is squeezed away
    )
    categorical = isinstance(group.dtype, pd.CategoricalDtype)
    table = frame.by_group.reindex(list(group.cat.categories) if categorical else sorted(set(group)))
    recall = table["recall"].mask(table["late_share"] == 0)
    false_alarms = table["false_alarm_rate"].mask(table["late_share"] == 1)
    return table.assign(flights=table["flights"].fillna(0), recall=recall, false_alarm_rate=false_alarms)


def groups_tables(seed: int) -> Iterator[tuple[Any, Any, pd.Series]]:
    """Yield outcomes, alarms and groups of 12 to 800 flights: every metric of every group exists."""
    rng = np.random.default_rng(1_964 + seed)
    for size in (12, 60, 800):
        names, y, alarm = np.repeat(["r", "p", "q"], size // 3), rng.integers(0, 2, size), rng.integers(0, 2, size)
        y[:: size // 6], y[1 :: size // 6] = 0, 1
        order = rng.permutation(len(names))
        names, y, alarm = (values[order] for values in (names, y[: len(names)], alarm[: len(names)]))
        yield y, alarm, pd.Series(names, index=rng.permutation(len(names)) + 7)
        kinds = pd.Categorical(names, categories=["q", "r", "p"])
        yield pd.Series(y), pd.Series(alarm), pd.Series(kinds, index=rng.integers(0, 3, len(names)))
        index = rng.permutation(len(names))  # as in the notebook: three columns of one table, in any order
        yield pd.Series(y, index), pd.Series(alarm, index), pd.Series(names, index)


def groups_holes(seed: int) -> Iterator[tuple[np.ndarray, np.ndarray, pd.Series]]:
    """Yield flights with groups in which a metric does not exist: none is late, all are, there is one, or no flight."""
    rng = np.random.default_rng(1_966 + seed)
    for size in (2, 3, 7, 60):  # fairlearn's MetricFrame cannot read an array of one group
        names = pd.Categorical(rng.choice(["p", "q", "r"], size), categories=["p", "nobody", "q", "r"])
        y, alarm = rng.integers(0, 2, size), rng.integers(0, 2, size)
        yield y, alarm, pd.Series(names, index=rng.permutation(size) + 7)
        yield y, alarm, pd.Series(names).astype(object).where(np.arange(size) > 0, "one flight")
        yield np.full(size, size % 2), alarm, pd.Series(names)
        yield y, np.zeros(size, dtype=int), pd.Series(names)


def groups_gap(flights: pd.DataFrame, name: str, seed: int, draws: int = 40_000) -> tuple[float, float, float]:
    """Return one group's gap in recall and the ends of its interval, NaN where they do not exist."""
    here, late = (flights["group"] == name).to_numpy(), (flights["late"] == 1).to_numpy()
    caught = late & (flights["alarm"] == 1).to_numpy()
    parts = {"a": caught & here, "b": late & here, "c": caught & ~here, "d": late & ~here}
    sums = pd.DataFrame(parts).groupby(flights["day"].to_numpy()).sum().to_numpy(dtype=float)
    times = bootstrap.times_drawn(len(sums), draws, np.random.default_rng(70_000 + seed))
    totals = np.vstack([np.ones(len(sums)), times]) @ sums
    with np.errstate(invalid="ignore", divide="ignore"):
        gaps = totals[:, 0] / totals[:, 1] - totals[:, 2] / totals[:, 3]
    if np.isnan(gaps[0]):
        return np.nan, np.nan, np.nan
    low, high = np.nanpercentile(gaps[1:], [2.5, 97.5])
    return float(gaps[0]), float(low), float(high)


def groups_flights(seed: int) -> Iterator[tuple[pd.DataFrame, str]]:
    """Yield flights and a group with many late flights: other names, other days, indexes of every kind."""
    desk = _desk_flights(25, seed)
    yield desk, "small"
    yield desk, "hub"
    rng = np.random.default_rng(1_965 + seed)
    flights = _desk_flights(30, seed + 45)
    flights = flights.assign(day=pd.Timestamp("2014-10-20") + pd.to_timedelta(flights["day"].str[4:].astype(int), "D"))
    yield flights.assign(day=flights["day"].dt.date, group=rng.choice(["x", "y"], len(flights))), "x"
    yield desk.assign(group=desk["group"].map({"hub": "other", "small": "isle", "far": "thin"})).reset_index(), "isle"
    few_days = _desk_flights(18, seed + 80)
    yield few_days.set_axis(few_days["day"]), "small"


def groups_clear(seed: int) -> Iterator[tuple[pd.DataFrame, str, tuple[float, float] | None]]:
    """Yield flights and a group that is clearly worse, better or neither, and two whose interval ends at 0."""
    rng = np.random.default_rng(1_967 + seed)
    desk = _desk_flights(30, seed + 3)
    for caught in (0.15, 0.97, 0.5):
        rows = (desk["group"] == "small").to_numpy()
        reach = np.where(rows, caught, 0.55)
        yield desk.assign(alarm=(rng.random(len(desk)) < reach).astype(int)), "small", None
    for name, ends in (("a", (0.0, 1.0)), ("b", (-1.0, 0.0))):
        yield _one_odd_day(), name, ends


def _one_odd_day() -> pd.DataFrame:
    """Flights of twelve days; on all but one the groups "a" and "b" are served alike: one draw in three has no gap."""
    rows = [(1, k % 2, name, day) for day in range(12) for name in "ab" for k in range(4)]
    flights = pd.DataFrame(rows, columns=["late", "alarm", "group", "day"])
    return flights.assign(alarm=flights["alarm"].mask((flights["day"] == 0) & (flights["group"] == "a"), 1))


def groups_few(seed: int) -> Iterator[tuple[pd.DataFrame, str]]:
    """Yield flights and a group where the group or the others have nine late flights, all of them served alike."""
    desk = _desk_flights(40, seed + 5)
    desk = desk.assign(alarm=np.arange(len(desk)) % 2)
    aboard = [desk[desk["late"] == late].head(n).assign(alarm=1, group="boat") for late, n in [(1, 9), (0, 6)]]
    yield pd.concat([desk, *aboard]), "boat"
    few = pd.concat([desk[desk["late"] == 1].iloc[10:19].assign(alarm=0), desk[desk["late"] == 0].head(30)])
    many = desk[desk["late"] == 1].head(150).assign(group="all", alarm=1)
    yield pd.concat([few, many]), "all"
    yield pd.concat([desk, aboard[0].head(3)]), "boat"


def groups_ten(seed: int) -> Iterator[tuple[pd.DataFrame, str]]:
    """Yield flights and a group where the group or the others have just enough late flights for a verdict."""
    desk = _desk_flights(40, seed + 5)
    desk = desk.assign(alarm=(np.arange(len(desk)) % 5 == 0).astype(int))
    late = desk[desk["late"] == 1]
    for _ in range(3):
        yield pd.concat([desk, late.head(10).assign(alarm=[0] + [1] * 9, group="boat")]), "boat"
        few = late.iloc[10:20].assign(alarm=[0] * 9 + [1], group="few")
        yield pd.concat([few, late.head(150).assign(group="all", alarm=1)]), "all"


def groups_gone(seed: int) -> Iterator[tuple[pd.DataFrame, str]]:
    """Yield flights and a group for which there is no gap: no late flights there, none elsewhere, or no such group."""
    desk = _desk_flights(20, seed + 9)
    yield desk[(desk["group"] != "far") | (desk["late"] == 0)], "far"
    yield desk[(desk["group"] == "hub") | (desk["late"] == 0)], "hub"
    yield desk.assign(group="only"), "only"
    yield desk, "nowhere"


def groups_rare(seed: int) -> tuple[pd.DataFrame, str]:
    """Return flights, and a group whose late flights, all caught, lie on one day of thirty: a third of the draws has none."""
    desk = _desk_flights(30, seed + 17)
    rare = desk[desk["late"] == 1].head(12).assign(day="day 004", alarm=1, group="rare")
    return pd.concat([desk, rare]), "rare"


def _desk_flights(days: int, seed: int) -> pd.DataFrame:
    """Flights with ``late``, ``alarm``, ``group`` and ``day``: storms make whole days late, "far" has few flights."""
    rng = np.random.default_rng(seed)
    day = np.repeat(np.arange(days), rng.integers(15, 45, days))
    group = rng.choice(["hub", "small", "far"], len(day), p=[0.7, 0.28, 0.02])
    odds = rng.normal(scale=1.1, size=days)[day] - 1.2
    late = (rng.random(len(day)) < 1 / (1 + np.exp(-odds))).astype(int)
    reach = np.where(group == "small", -0.9, 0.2) + 0.5 * odds + 1.4 * late
    alarm = (rng.random(len(day)) < 1 / (1 + np.exp(-reach))).astype(int)
    frame = pd.DataFrame({"late": late, "alarm": alarm, "group": group, "day": [f"day {k:03}" for k in day]})
    return frame.sample(frac=1, random_state=seed).set_axis(rng.permutation(len(frame)) + 50)


# --- four_fifths ---


def four_fifths_ratios(approved: Any, group: pd.Series, reference: str, draws: int = 200_000) -> pd.DataFrame:
    """Return each other group's ``people``, ``rate``, ``ratio`` and the ``low`` and ``high`` of that."""
    counts = pd.Series(np.asarray(approved)).groupby(group.to_numpy()).agg(["sum", "size"])
    rng = np.random.default_rng(4)
    rows, (base_k, base_n) = {}, counts.to_numpy()[list(counts.index).index(reference)].tolist()
    for name, (k, n) in zip(counts.index, counts.to_numpy().tolist(), strict=True):
        mine, theirs = (rng.beta(a + 0.5, b - a + 0.5, draws) for a, b in ((k, n), (base_k, base_n)))
        low, high = np.percentile(mine / theirs, [2.5, 97.5])
        rows[name] = {"people": n, "rate": k / n, "ratio": (k / n) / (base_k / base_n), "low": low, "high": high}
    return pd.DataFrame.from_dict(rows, orient="index").drop(reference)


def four_fifths_cases(seed: int) -> Iterator[tuple[Any, pd.Series, str]]:
    """Yield decisions, groups and a reference: any of the groups, two or four of them, indexes of every kind."""
    rng = np.random.default_rng(1_978 + seed)
    for reference, sizes in (("many", [400, 60, 45]), ("few", [300, 90, 40]), ("some", [50, 50, 30])):
        names = pd.Series(np.repeat(["many", "some", "few"], sizes)).sample(frac=1, random_state=seed)
        rates = dict(zip(["many", "some", "few"], rng.uniform(0.3, 0.9, 3), strict=True))
        approved = (rng.random(len(names)) < names.map(rates).to_numpy()).astype(int)
        for name in rates:
            approved[np.flatnonzero(names == name)[:2]] = [0, 1]
        yield approved, names, reference
        yield pd.Series(approved), names.set_axis(rng.integers(0, 9, len(names))), "some"
    names = pd.Series(rng.choice(["b", "a"], 40))
    names[:4] = ["a", "a", "b", "b"]
    yield np.arange(40) // 2 % 2, names, "b"


def four_fifths_clear(seed: int) -> Iterator[tuple[np.ndarray, pd.Series, str]]:
    """Yield decisions in which a group lies clearly below four fifths, above it, or on neither side."""
    names = pd.Series(["base"] * 400 + ["low"] * 400 + ["near"] * 40 + ["same"] * 400 + ["more"] * 300)
    shares = {"base": 0.7, "low": 0.35, "near": 0.56, "same": 0.7, "more": 0.95}
    place = names.groupby(names).cumcount() / names.map(names.value_counts())
    shuffled = np.random.default_rng(seed).permutation(len(names))
    approved = (place < names.map(shares)).astype(int).to_numpy()
    yield approved[shuffled], names.iloc[shuffled], "base"
    yield approved[shuffled], names.iloc[shuffled], "more"


def four_fifths_small() -> Iterator[tuple[np.ndarray, pd.Series, str]]:
    """Yield decisions about groups of one to 300 people, with rates of 0 and 1 and near these."""
    names = pd.Series(["r"] * 80 + ["all"] * 12 + ["none"] * 12 + ["one"] + ["other"] + ["two"] * 2)
    yield np.array([1, 0] * 40 + [1] * 12 + [0] * 12 + [1, 0, 1, 1]), names, "r"
    yield np.array([1] * 9 + [1, 0, 0, 0]), pd.Series(["all"] * 9 + ["few"] * 4), "all"
    many = pd.Series(["r"] * 90 + ["sure"] * 300 + ["never"] * 240 + ["one in 200"] * 200)
    yield np.array([1, 0] * 45 + [1] * 300 + [0] * 240 + [1] + [0] * 199), many, "r"
    yield np.array([1, 0] * 45 + [1] * 300), many.head(390), "sure"


# --- odds ---


def odds_difference(y: Any, decision: Any, group: pd.Series) -> dict[str, Any]:
    """Return the ``difference`` over the groups with both outcomes, and the ``undefined`` ones."""
    table = pd.DataFrame({"y": np.asarray(y), "d": np.asarray(decision), "g": group.to_numpy()})
    rates = {name: rows.groupby("y")["d"].mean() for name, rows in table.groupby("g")}
    both = pd.DataFrame({name: rate for name, rate in rates.items() if len(rate) == 2})
    undefined = [name for name in rates if name not in both]
    return {"difference": float((both.max(axis=1) - both.min(axis=1)).max()), "undefined": undefined}


def odds_calibration(y: Any, p: Any, group: pd.Series) -> pd.DataFrame:
    """Return calibration by group, with the interval of each group's gap."""
    from scipy.stats import beta

    table = pd.DataFrame({"y": np.asarray(y), "p": np.asarray(p), "g": group.to_numpy()}).groupby("g")
    counts = table.agg(people=("y", "size"), mean_p=("p", "mean"), share=("y", "mean"), k=("y", "sum"))
    left = counts["people"] - counts["k"]
    ends = {end: beta.ppf(q, counts["k"] + 0.5, left + 0.5) for end, q in (("low", 0.025), ("high", 0.975))}
    ends = {end: share - counts["mean_p"] for end, share in ends.items()}
    return counts.assign(gap=counts["share"] - counts["mean_p"], **ends)


def odds_scores(seed: int) -> Iterator[tuple[Any, Any, pd.Series]]:
    """Yield outcomes, scores and groups of 15 to 2,000 people, with indexes of every kind; every group has both outcomes."""
    rng = np.random.default_rng(1_979 + seed)
    for size in (15, 60, 300, 2_000):
        names = pd.Series(rng.choice(["w", "u", "v"], size), index=rng.permutation(size))
        names.iloc[:6] = ["u", "u", "v", "v", "w", "w"]
        p = rng.beta(3, 1, size)
        y = (rng.random(size) < np.sqrt(p)).astype(int)
        y[:6] = [0, 1, 0, 1, 0, 1]
        yield y, p, names
        yield pd.Series(y), pd.Series(p), names.set_axis(rng.integers(0, 5, size))


def odds_decisions(seed: int) -> Iterator[tuple[Any, Any, pd.Series]]:
    """Yield outcomes, decisions and groups: now true positives differ more, now false ones, and now the last group."""
    rng = np.random.default_rng(1_980 + seed)
    for place, (y, p, names) in enumerate(odds_scores(seed)):
        labels, harm = names.to_numpy(), "uvw"[place % 3]
        moved = np.where(np.asarray(y) == place % 2, labels == harm, False)
        made = (np.asarray(p) + 0.1 * rng.normal(size=len(labels)) - 0.4 * moved > 0.6).astype(int)
        yield y, pd.Series(made, index=y.index) if isinstance(y, pd.Series) else made, names


def odds_undefined(seed: int) -> Iterator[tuple[np.ndarray, np.ndarray, pd.Series]]:
    """Yield decisions with groups whose outcomes are all 1, all 0, or those of a single person; or with none of these."""
    for y, made, names in odds_decisions(seed):
        for outcomes, decided in ([1], [0]), ([0], [1]), ([1] * 3, [0] * 3), ([0, 0], [1, 1]), ([], []):
            label = f"group {outcomes}"
            more = np.append(np.asarray(y), np.array(outcomes, dtype=int)), np.append(np.asarray(made), decided)
            yield more[0].astype(int), more[1].astype(int), pd.Series([*names, *[label] * len(outcomes)])


def odds_alone(seed: int) -> Iterator[tuple[np.ndarray, np.ndarray, pd.Series]]:
    """Yield outcomes and scores with groups of one person, and groups in which all outcomes are the same."""
    y, p, names = next(odds_scores(seed))
    for outcomes in ([1], [0], [1] * 6, [0] * 5, [1, 1]):
        yield np.append(y, outcomes), np.append(p, [0.4] * len(outcomes)), pd.Series([*names, *["own"] * len(outcomes)])


# --- subgroups ---


Asked = tuple[pd.DataFrame, list[str], str, int, int]  # people, attributes, the column of harm, depth, least size


def subgroups_table(
    table: pd.DataFrame, attributes: Sequence[str], harmed: str, depth: int, least: int
) -> dict[str, tuple[int, float, float, bool]]:
    """Return people, rate, p-value and claim of every subgroup of at least ``least`` people, by its name."""
    found = list(_subgroups(table, attributes, harmed, depth, least))
    return {name: (n, rate, p, p * len(found) <= 0.05) for name, n, rate, p in found}


def subgroups_cases(seed: int) -> Iterator[Asked]:
    """Yield people with some columns too many, attributes in any order, and depths of 1 to 4; no subgroup is too small."""
    for depth, attributes in [(1, FOUR), (2, FOUR[::-1]), (3, ["work", "sex", "age"]), (4, FOUR), (2, ["area", "age"])]:
        frame = _gerrymandered(700, seed + 10 * depth).rename(columns={"denied": f"harm{depth}"})
        index = np.random.default_rng(seed).integers(0, 99, len(frame))
        yield frame.set_axis(index), attributes, f"harm{depth}", depth, 1


def subgroups_same(seed: int) -> Iterator[Asked]:
    """Yield people of whom all are harmed, or none; and many of whom a few are, all in one subgroup."""
    frame = _gerrymandered(200, seed + 5)
    for harmed in (0, 1):
        yield frame.assign(denied=harmed), ["sex", "area"], "denied", 2, 1
    yield frame.assign(denied=(frame["sex"] == "f").astype(int)), ["sex", "age"], "denied", 2, 1


def subgroups_harmed(seed: int) -> Iterator[Asked]:
    """Yield people of whom some are harmed more than chance explains, or none is, at every depth."""
    for depth, harm in [(2, 0.35), (3, 0.3), (3, 0.0), (4, 0.15), (1, 0.35)]:
        yield _gerrymandered(900, seed + 100 + depth, harm=harm), FOUR, "denied", depth, 1
    yield _close_call(seed)
    wards = pd.DataFrame({"ward": np.repeat(["n", "e", "s", "w"], 50), "denied": 0})
    for ward, harmed in (("n", 25), ("e", 22), ("s", 8), ("w", 6)):  # the second: p · 4 is 0.058, p · 3 is 0.043
        wards.loc[wards.index[wards["ward"] == ward][:harmed], "denied"] = 1
    yield wards, ["ward"], "denied", 1, 1


def subgroups_small(seed: int) -> Iterator[Asked]:
    """Yield people with subgroups below the least size, just as large, or all too small."""
    few = _gerrymandered(40, seed + 1)
    sizes = few["work"].value_counts()
    for least in (int(sizes.min()), int(sizes.min()) + 1, int(sizes.max()) + 1, 41):
        yield few, ["work", "sex"], "denied", 2, least
    yield _with_streets(seed, 40), [*FOUR, "street"], "denied", 2, 40


def subgroups_defaults(seed: int) -> tuple[pd.DataFrame, list[str], str]:
    """Return people with subgroups of 29 and of 30, and three attributes."""
    frame = _gerrymandered(159, seed + 2).assign(flat=np.repeat(["a", "b", "c"], [29, 30, 100]))
    return frame, ["flat", "sex", "age"], "denied"


def _close_call(seed: int) -> Asked:
    """People of whom a subgroup is claimed after as many looks as there are rows, and not after one more or twice as many."""
    for draw in range(5_000):
        table = _gerrymandered(300, 7_000 * (seed + 1) + draw, harm=0.1)
        p = [row[3] * 12 for row in _subgroups(table, FOUR[:3], "denied", 2, 1)]
        if any(0.05 / 1.9 < value <= 0.05 for value in p) and any(0.05 < value < 0.09 for value in p):
            m = len(p)
            if any(0.05 < value / 12 * m <= 0.06 or 0.04 < value / 12 * m <= 0.05 for value in p):
                return table, FOUR[:3], "denied", 2, 1
    raise LookupError("no such table in 5,000 draws")


def _subgroups(
    table: pd.DataFrame, attributes: Sequence[str], harmed: str, depth: int, least: int
) -> Iterator[tuple[str, int, float, float]]:
    from scipy.stats import hypergeom

    everybody, all_harmed = len(table), int(table[harmed].sum())
    for names in (chosen for size in range(1, depth + 1) for chosen in combinations(attributes, size)):
        for values, rows in table.groupby(list(names), observed=True):
            n, k = len(rows), int(rows[harmed].sum())
            if n >= least:
                name = " & ".join(f"{a}={v}" for a, v in zip(names, values, strict=True))
                yield name, n, k / n, float(hypergeom.sf(k - 1, everybody, all_harmed, n))


def _with_streets(seed: int, least: int) -> pd.DataFrame:
    """People with a street, most of them too few to judge: whoever counts the small subgroups claims too little."""
    for draw in range(1_000):
        table = _gerrymandered(600, 1_000 * seed + draw, harm=0.12)
        table["street"] = [f"{number:02}" for number in np.random.default_rng(draw).integers(0, 60, len(table))]
        found = list(_subgroups(table, [*FOUR, "street"], "denied", 2, 1))
        p = np.array([row[3] for row in found if row[1] >= least])
        if (p * len(found) <= 0.05).sum() < (p * len(p) <= 0.05).sum():
            return table
    raise LookupError("no such table in 1,000 draws")


def _gerrymandered(n: int, seed: int, *, harm: float = 0.35) -> pd.DataFrame:
    """People with four attributes; who is harmed depends on two of them together, and on neither by itself."""
    rng = np.random.default_rng(seed)
    values = [("f", "m"), ("old", "young"), ("city", "suburb", "country"), ("own", "staff")]
    table = pd.DataFrame({name: rng.choice(kinds, n) for name, kinds in zip(FOUR, values, strict=True)})
    unlucky = (table["sex"] == "f") == (table["age"] == "old")
    return table.assign(denied=(rng.random(n) < np.where(unlucky, 0.2 + harm, 0.2)).astype(int))


# --- proxies, reasons, mitigate: applicants who do not exist ---


def applicants(n: int, seed: int, *, proxies: bool = True) -> pd.DataFrame:
    """Make applicants with the columns of `SIGNAL`, ``minority`` and ``approve``; two columns are proxies, or none is."""
    rng = np.random.default_rng(seed)
    minority = (rng.random(n) < 0.3).astype(int)
    features = rng.normal(size=(n, 4)) + proxies * np.outer(minority, [0.0, -0.8, 1.6, 0.0])
    if not proxies:  # everybody has a twin in the other group: there is no gap but that of noise
        minority, features = np.arange(n) % 2, np.repeat(features[: (n + 1) // 2], 2, axis=0)[:n]
    odds = 1.1 + features @ [1.2, 0.7, -0.5, -0.8] - 0.5 * proxies * minority
    approve = (rng.random(n) < 1 / (1 + np.exp(-odds))).astype(int)
    return pd.DataFrame(features, columns=SIGNAL).assign(minority=minority, approve=approve)


Study = tuple[pd.DataFrame, list[str], tuple[str, str]]  # people, features, the protected column and the outcome


def proxies_columns(seed: int) -> tuple[pd.DataFrame, np.ndarray]:
    """Return columns, proxies among them, and what is to be predicted from them."""
    crowd = applicants(900, seed + 900)
    return crowd[SIGNAL].set_axis(np.random.default_rng(1_974 + seed).integers(0, 50, 900)), crowd[
        "minority"
    ].to_numpy()


def proxies_unrelated(seed: int) -> tuple[pd.DataFrame, pd.Series]:
    """Return sixty columns that know nothing of a protected one."""
    rng = np.random.default_rng(1_975 + seed)
    protected = pd.Series((rng.random(400) < 0.4).astype(int), index=rng.permutation(400) + 7)
    return pd.DataFrame(rng.normal(size=(400, 60)), index=protected.index).add_prefix("x"), protected


def proxies_twins(seed: int) -> tuple[pd.DataFrame, np.ndarray]:
    """Return a hundred pairs of people who are alike in all columns and of unlike groups.

    Whoever is predicted from the others, the own twin among them, is taken for the wrong group: by a linear model, by
    trees, forests and 15 neighbours the AUC was 0.003 to 0.31 over three seeds, in five folds and ten.
    """
    rng = np.random.default_rng(1_977 + seed)
    order = rng.permutation(200)
    columns = pd.DataFrame(np.repeat(rng.normal(size=(100, 30)), 2, axis=0)[order]).add_prefix("x")
    return columns, (np.arange(200) % 2)[order]


def proxies_holes(seed: int) -> tuple[tuple[pd.DataFrame, np.ndarray], Study, list[float]]:
    """Return columns of which everybody lacks one, with what is to be predicted; and a study of these, with its gaps."""
    crowd = applicants(800, seed + 31)
    crowd["income"] -= 1.2 * crowd["minority"]
    odd = np.arange(800) % 2 == 1
    crowd = crowd.assign(tract=crowd["tract"].mask(odd), income=crowd["income"].mask(~odd))
    study = crowd, SIGNAL, ("minority", "approve")
    return (crowd[SIGNAL], crowd["minority"].to_numpy()), study, proxies_gaps(*study, seed)


def proxies_tables(seed: int) -> Iterator[Study]:
    """Yield studies under other names, with a column that must not enter, and the group in which most are approved."""
    for size, names in ((700, ("minority", "approve")), (900, ("old", "granted"))):
        crowd = applicants(size, seed + size).rename(columns=dict(zip(("minority", "approve"), names, strict=True)))
        crowd = crowd.assign(reject=1 - crowd[names[1]]).set_axis(np.arange(size) // 2)
        yield crowd, SIGNAL, names
        yield crowd.assign(**{names[0]: 1 - crowd[names[0]]}), SIGNAL[::-1], names
    yield _crossed(seed), ["u", "v"], ("minority", "approve")


def _crossed(seed: int) -> pd.DataFrame:
    """People whose group and approval hang on the sign of a product: trees see a gap there, and no linear model does."""
    rng = np.random.default_rng(1_976 + seed)
    u, v = rng.normal(size=(2, 800))
    same = (u * v > 0) ^ (rng.random(800) < 0.1)
    approve = (rng.random(800) < np.where(same, 0.3, 0.8)).astype(int)
    return pd.DataFrame({"u": u, "v": v, "minority": same.astype(int), "approve": approve})


@cache
def proxies_known(seed: int) -> list[tuple[Study, list[float]]]:
    """Return the studies of `proxies_tables`, each with both gaps and a standard error."""
    return [(study, proxies_gaps(*study, seed)) for study in proxies_tables(seed)]


def proxies_gaps(table: pd.DataFrame, features: Sequence[str], names: tuple[str, str], seed: int) -> list[float]:
    """Return both gaps in mean prediction out of fold, and the standard error of the one without the column."""
    minority = table[names[0]].to_numpy() == 1
    aware, unaware = (
        _out_of_fold(table[columns], table[names[1]], seed) for columns in ([*features, names[0]], list(features))
    )
    gaps = [float(p[~minority].mean() - p[minority].mean()) for p in (aware, unaware)]
    return [*gaps, float(np.sqrt(sum(unaware[rows].var() / rows.sum() for rows in (minority, ~minority))))]


def proxies_verdicts(seed: int) -> Iterator[Study]:
    """Yield studies in which the gap remains, lies the other way, or is none but that of noise."""
    crowd = applicants(700, seed + 3)
    yield crowd, SIGNAL, ("minority", "approve")
    yield crowd.assign(minority=1 - crowd["minority"]), SIGNAL, ("minority", "approve")
    for own in (seed + 6, seed + 7):
        yield applicants(700, own, proxies=False), SIGNAL, ("minority", "approve")


def proxies_shares(seed: int) -> list[Study]:
    """Return tables of 25 people, two of them protected, with a column that says nothing."""
    tables = []
    for number in range(4):
        rng = np.random.default_rng(10 * seed + number)
        approve = rng.permutation(np.arange(25) < 9 + number)
        people = {"flat": 1.0, "minority": rng.permutation(np.arange(25) < 2), "approve": approve}
        tables.append(
            (pd.DataFrame(people).astype({"minority": int, "approve": int}), ["flat"], ("minority", "approve"))
        )
    return tables


def proxies_in_order() -> tuple[Study, float]:
    """Return a study in a table that is sorted by district, and its gap."""
    district = np.repeat(np.arange(5), 100)
    columns = pd.get_dummies(pd.Series(district), dtype=float).add_prefix("district ")
    minority = (np.arange(500) % 100 < np.array([5, 90, 10, 85, 10])[district]).astype(int)
    approve = ((np.arange(500) * 37 + 11) % 100 < np.array([85, 20, 80, 25, 90])[district]).astype(int)
    table = columns.assign(minority=minority, approve=approve)
    features = [str(name) for name in columns]
    return (table, features, ("minority", "approve")), proxies_gaps(table, features, ("minority", "approve"), 0)[1]


def proxies_noise(seed: int) -> list[pd.DataFrame]:
    """Make three tables of people with a gap in what was decided, and a hundred columns that know nothing of it."""
    return [_noise(table_seed) for table_seed in range(1_000 * seed, 1_000 * seed + 3)]


def _noise(seed: int) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    minority = np.arange(400) % 2
    table = pd.DataFrame(rng.normal(size=(400, 100))).add_prefix("noise ")
    approve = (rng.random(400) < np.where(minority == 1, 0.2, 0.8)).astype(int)
    return table.assign(minority=minority, approve=approve)


def _out_of_fold(X: pd.DataFrame, y: pd.Series, seed: int) -> np.ndarray:
    from sklearn.model_selection import StratifiedKFold, cross_val_predict

    folds = StratifiedKFold(5, shuffle=True, random_state=seed)
    return cross_val_predict(lending.linear(), X, y, cv=folds, method="predict_proba")[:, 1]


def reasons_applicants(seed: int) -> Iterator[tuple[pd.DataFrame, pd.Series, pd.DataFrame, int]]:
    """Yield columns and decisions to learn from, applicants to explain, and a seed; the column ``mute`` is constant."""
    rng = np.random.default_rng(1_953 + seed)
    for size, few in ((600, 40), (700, 30)):
        crowd = applicants(size, seed + size).assign(mute=1.0).set_axis(rng.permutation(size))
        columns = crowd.drop(columns=["minority", "approve"])
        columns = columns.mask(rng.random(columns.shape) < 0.03) if few == 30 else columns[columns.columns[::-1]]
        yield columns, crowd["approve"], columns.tail(few).set_axis(rng.permutation(few) // 2 + 500), seed + size


def reasons_odds(X: pd.DataFrame, y: pd.Series, X_new: pd.DataFrame, seed: int) -> np.ndarray:
    """Return the log odds of the trees that the task names."""
    return np.asarray(lending.trees(seed).fit(X, y).predict(X_new, raw_score=True))


def reasons_grids(seed: int) -> Iterator[tuple[pd.DataFrame, pd.Series, pd.DataFrame, int]]:
    """Yield tables with a hundred people for each combination of three values, who are approved by one rule or another."""
    cells = np.array([(a, b, c) for a in (0, 1) for b in (0, 1) for c in (0, 1)], dtype=float)
    a, b, c = cells.T
    rows = np.repeat(np.arange(8), 100)
    for share in (0.1 + 0.7 * a * b, 0.05 + 0.5 * np.abs(a - b) + 0.3 * b, 0.2 + 0.4 * a + 0.3 * b * c):
        y = pd.Series((np.tile(np.arange(100), 8) / 100 < share[rows]).astype(int))
        X = pd.DataFrame(cells[rows], columns=["a", "b", "c"])
        yield X, y, pd.DataFrame(cells, columns=["a", "b", "c"]), seed


def reasons_shares(X: pd.DataFrame, y: pd.Series, X_new: pd.DataFrame, seed: int) -> tuple[float, np.ndarray]:
    """Return the mean log odds, and Shapley's shares of each row of ``X_new``, which holds each combination once."""
    odds, names = reasons_odds(X, y, X_new, seed), list(X_new)
    cells = X_new.to_numpy()

    def worth(row: np.ndarray, known: tuple[int, ...]) -> float:
        return float(odds[(cells[:, known] == row[list(known)]).all(axis=1)].mean())

    shares = np.zeros(cells.shape)
    orders = list(permutations(range(len(names))))
    for place, row in enumerate(cells):
        for order in orders:
            for step, column in enumerate(order):
                gain = worth(row, order[: step + 1]) - worth(row, order[:step])
                shares[place, column] += gain / len(orders)
    return float(odds.mean()), shares


def reasons_contributions(seed: int) -> Iterator[tuple[pd.DataFrame, dict[str, list[str]]]]:
    """Yield contributions of fifty people, and families of unlike sizes: a mean over a family is not its sum."""
    rng = np.random.default_rng(1_954 + seed)
    for width in (4, 7, 8):
        phi = pd.DataFrame(rng.normal(size=(50, width)), index=rng.integers(0, 9, 50)).add_prefix("c")
        yield phi, {f"family {k}": [f"c{j}" for j in range(width) if j % 3 == k] for k in range(3)}
    yield phi.head(1), {"some": ["c7", "c0"], "one": ["c3"]}


def reasons_silent(seed: int) -> tuple[pd.DataFrame, dict[str, list[str]]]:
    """Return contributions, and families of which one moves nothing, and one cancels out in every person."""
    phi = next(reasons_contributions(seed))[0].assign(mute=0.0)
    phi["against"] = -phi["c0"]
    return phi, {"mute": ["mute"], "some": ["c1", "c2"], "cancels": ["c0", "against"]}


def reasons_importance(phi: pd.DataFrame, families: Mapping[str, Sequence[str]]) -> dict[str, float]:
    """Return the mean size of each family's sum."""
    return {name: float(phi[list(columns)].sum(axis=1).abs().mean()) for name, columns in families.items()}


def reasons_people(seed: int) -> Iterator[tuple[pd.Series, dict[str, list[str]]]]:
    """Yield one person's contributions, and families."""
    for phi, families in reasons_contributions(seed):
        for row in range(min(len(phi), 5)):
            yield phi.iloc[row], families
    yield pd.Series({"a": -0.4, "b": -0.4, "c": -0.5}), {"one": ["c"], "two": ["a", "b"]}


def reasons_few(seed: int) -> Iterator[tuple[pd.Series, dict[str, list[str]], int]]:
    """Yield one person's contributions, families and how many reasons at most: fewer speak against, or more, or none."""
    for one, families in reasons_people(seed):
        for most in (1, 2):
            yield one, families, most
        yield -one.abs(), families, 2
        yield one.abs(), families, 4
    still = pd.Series({"a": 0.0, "b": -0.25, "c": 0.25, "d": -0.001, "e": 1.0})
    yield still, {"nothing": ["a"], "cancels": ["b", "c"], "little": ["d"], "for": ["e"]}, 4


def reasons_six() -> tuple[pd.Series, dict[str, list[str]], list[str]]:
    """Return one person's contributions, six families that all lowered the odds, and the four strongest."""
    row = pd.Series({"a": -0.1, "b": -0.6, "c": -0.3, "d": -0.2, "e": -0.5, "f": -0.4})
    return row, {name: [name] for name in row.index}, ["b", "e", "f", "c"]


def reasons_named(row: pd.Series, families: Mapping[str, Sequence[str]], most: int) -> dict[str, Any]:
    """Return the families' ``sums`` for one person, and the reasons that are ``expected``, in order."""
    sums = {name: float(row[list(columns)].sum()) for name, columns in families.items()}
    ranked = sorted(sums, key=lambda name: sums[name])
    return {"sums": sums, "expected": [name for name in ranked if sums[name] < 0][:most]}


def mitigate_scored(seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return people to choose thresholds on and people to decide about, all with a plain model's score ``p``."""
    model = _plain(applicants(1_500, seed))
    known, new = applicants(3_000, seed + 1), applicants(4_000, seed + 2)
    known, new = (people.assign(p=model.predict_proba(people[SIGNAL])[:, 1]) for people in (known, new))
    return known, new


def mitigate_turned(seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return people as `mitigate_scored` does, with the other group served worse."""
    known, new = mitigate_scored(seed + 5)
    return known.assign(minority=1 - known["minority"]), new.assign(minority=1 - new["minority"])


def mitigate_plain(train: pd.DataFrame, new: pd.DataFrame) -> np.ndarray:
    """Return the decisions of a plain model about ``new``."""
    return _plain(train).predict(new[SIGNAL])


def _plain(train: pd.DataFrame) -> Any:
    return lending.linear().fit(train[SIGNAL], train["approve"])


def mitigate_frontiers(seed: int) -> Iterator[tuple[pd.DataFrame, float]]:
    """Yield frontiers, with gaps to either side and none twice in size, and how much accuracy may be lost."""
    rng = np.random.default_rng(2_018 + seed)
    for size in (1, 2, 5, 9) * 4:
        table = pd.DataFrame({"method": [*(f"method {k}" for k in range(size)), "nothing"]})
        table["accuracy"] = rng.choice([0.853, 0.881, 0.9, 0.912], size + 1)
        gaps = np.array([-0.21, -0.16, -0.11, -0.06, 0.02, 0.04, 0.08, 0.13, 0.18, 0.25])
        table["gap"] = rng.permutation(gaps)[: size + 1]
        table["uses_group"] = rng.random(size + 1) < 0.4
        table.loc[size, "uses_group"] = False
        yield table.sample(frac=1, random_state=size), float(rng.choice([0.0, 0.02, 0.05]))
    edge = pd.DataFrame({"method": ["near", "nothing", "far"], "accuracy": [0.75, 0.875, 0.625]})
    for most_loss in (0.0, 0.125, 0.25):  # to the last bit: within the loss, its end included
        yield edge.assign(gap=[0.05, 0.2, -0.01], uses_group=False), most_loss
    yield edge.assign(gap=[0.05, 0.2, -0.01], uses_group=[True, False, True]), 0.5
    yield edge.assign(gap=[0.3, 0.2, -0.4], uses_group=False, accuracy=[0.9, 0.875, 0.95]), 0.1


def mitigate_equals(seed: int) -> Iterator[tuple[pd.DataFrame, float]]:
    """Yield frontiers with gaps that are equal in size, of the same sign or not, and unlike accuracies."""
    rng = np.random.default_rng(2_019 + seed)
    for size in (3, 5, 8) * 4:
        table = pd.DataFrame({"method": [*(f"method {k}" for k in range(size)), "nothing"]})
        table["accuracy"] = rng.permutation(np.arange(size + 1) / 64 + 0.75)
        table["gap"] = [*rng.choice([-0.0625, 0.0625], size), 0.25]
        table["uses_group"] = [rng.random() < 0.3 for _ in range(size)] + [False]
        yield table.sample(frac=1, random_state=size), float(rng.choice([0.03125, 0.5]))


def mitigate_choice(frontier: pd.DataFrame, most_loss: float) -> str:
    """Return the method that the rule chooses."""
    rows = frontier.to_dict("records")
    least = next(row["accuracy"] for row in rows if row["method"] == "nothing") - most_loss - 1e-9
    allowed = [row for row in rows if not row["uses_group"] and row["accuracy"] >= least]
    return str(min(allowed, key=lambda row: (abs(row["gap"]), -row["accuracy"]))["method"])


# --- privacy ---


def privacy_sizes(table: pd.DataFrame, quasi: Sequence[str]) -> list[int]:
    """Return, for each row, how many rows agree with it; not known agrees with not known."""
    words = table[list(quasi)].astype(object).where(table[list(quasi)].notna(), "not known").astype(str)
    key = words.agg("\0".join, axis=1)
    return key.map(key.value_counts()).tolist()


def privacy_frames(people: pd.DataFrame, seed: int) -> Iterator[tuple[pd.DataFrame, list[str]]]:
    """Yield tables without holes, with indexes of every kind, of text and numbers, of one row too."""
    rng = np.random.default_rng(2_001 + seed)
    whole = people.dropna(subset=["old", "male", "min30", "dep"])
    for size, quasi in ((1, ["old"]), (200, ["old", "male", "min30"]), (300, ["dep", "old"])):
        yield whole.sample(size, random_state=seed + 1).set_axis(rng.permutation(size) + 11), quasi
    town = pd.DataFrame({"town": rng.choice(["a", "b", "a b"], 40), "street": rng.choice(["b c", "c", "a"], 40)})
    yield town.assign(other=1).set_axis(rng.integers(0, 9, 40)), ["town", "street"]


def privacy_holes(people: pd.DataFrame, seed: int) -> Iterator[tuple[pd.DataFrame, list[str]]]:
    """Yield tables with values that are not known: a few, and all of a column."""
    rng = np.random.default_rng(2_003 + seed)
    frame = people.sample(300, random_state=seed + 1).set_axis(rng.permutation(300) + 11)
    yield frame, ["married", "male", "dep"]
    holes = pd.DataFrame({"a": [0.0, np.nan, 0, np.nan, 0, 5], "b": [np.nan, np.nan, 1, 0, np.nan, 2]})
    for quasi in (["a", "b"], ["b", "a"], ["b"]):
        yield holes.assign(c=np.nan), quasi
        yield holes.assign(c=np.nan), [*quasi, "c"]


def privacy_tables(
    people: pd.DataFrame, quasi: list[str], seed: int
) -> Iterator[tuple[pd.DataFrame, list[str], str, int]]:
    """Yield people, their quasi-identifiers, a secret and k: large tables and small, other columns, other secrets."""
    rng = np.random.default_rng(2_004 + seed)
    for size, k, columns, secret in [
        (1_000, 3, quasi, "approve"),
        (1_900, 10, quasi, "minority"),
        (900, 5, ["appinc", "price", "old"], "netw"),
        (400, 2, ["male", "loanamt"], "approve"),
    ]:
        whole = people.dropna(subset=columns)
        size = min(size, len(whole))
        yield whole.sample(size, random_state=seed + k).set_axis(rng.permutation(size) + 5), columns, secret, k


Release = tuple[pd.DataFrame, pd.DataFrame, list[str], str]  # what is released, who is known, quasi-identifiers, secret


def privacy_releases(seed: int) -> Iterator[Release]:
    """Yield releases and people all of whom fit somebody, with columns of other names, and with what else is known."""
    rng = np.random.default_rng(2_002 + seed)
    for size, names in ((12, ["a", "b"]), (60, ["b", "a"]), (200, ["a", "b", "c"])):
        released = _release(size, rng)
        known = released[names].drop_duplicates().sample(frac=1, random_state=size)
        yield released, known.set_axis(rng.permutation(len(known)) + 40), names, "s"
        yield released.assign(s=released["s"] * 2 + 1), released.assign(s=9, more=1), names, "s"
    sizes = [5, 10, 20, 100, 200]  # in each of these large classes one person differs, the first or the last
    classes = pd.DataFrame({"a": np.repeat([f"band {size}" for size in sizes], sizes), "b": "all"})
    first = ~classes["a"].duplicated()
    for odd in (first, ~classes["a"].duplicated(keep="last")):
        yield classes.assign(s=odd.astype(int)), classes[first], ["a", "b"], "s"


def privacy_strangers(seed: int) -> Iterator[Release]:
    """Yield releases, and everybody about whom a neighbour may ask: many of whom are not in them."""
    rng = np.random.default_rng(2_005 + seed)
    outside = pd.DataFrame([(a, b) for a in "xyzw" for b in "uv"], columns=["a", "b"])
    for size in (3, 30, 80):
        yield _release(size, rng), outside.sample(frac=1, random_state=size), ["a", "b"], "s"
    yield _release(5, rng), outside[outside["a"] == "w"].set_axis([3, 3]), ["a", "b"], "s"


def _release(size: int, rng: np.random.Generator) -> pd.DataFrame:
    """Make a release with the quasi-identifiers a, b and c and the secret s, in which some classes agree."""
    released = pd.DataFrame({"a": rng.choice(["x", "y", "z"], size), "b": rng.choice(["u", "v"], size), "c": 1})
    secret = rng.integers(0, 2, size).astype(bool) | (released["a"] == "x") | (released["a"] + released["b"] == "yv")
    return released.assign(s=secret.astype(int) - (released["a"] == "z") * secret).set_axis(rng.permutation(size))


def privacy_learned(released: pd.DataFrame, known: pd.DataFrame, quasi: Sequence[str], secret: str) -> pd.DataFrame:
    """Return how many released rows fit each person, and the secret where they all agree in it."""
    rows = []
    for _, person in known.iterrows():
        fits = released.loc[(released[list(quasi)] == person[list(quasi)]).all(axis=1), secret]
        rows.append({"candidates": len(fits), "secret": fits.iloc[0] if len(set(fits)) == 1 else np.nan})
    return pd.DataFrame(rows, index=known.index)


# --- cards ---


Case = tuple[dict[str, bytes], pd.DataFrame, float, dict[str, Any]]  # files, flights, threshold, what a card must say


@cache
def cards_case(drawn: Callable[[str, str, int, int], pd.DataFrame], seed: int, which: int) -> Case:
    """Return a registry of which the version ``which`` of three is the champion, flights, a threshold, and the content."""
    past = drawn("2013-02-01", "2013-07-31", 700, seed + 21).drop(columns=["sched_dep", "group"])
    files, model, shown = registries.of_three(past.drop(columns="late"), past["late"], seed + which, which)
    flights, cut = cards_flights(drawn("2013-08-01", "2013-12-31", 500, seed + 30 + which), model)
    return files, flights, cut, cards_content(flights, model, cut, shown)


def cards_usual(flights: pd.DataFrame, cut: float, content: Mapping[str, Any]) -> tuple[pd.DataFrame, float, Any]:
    """Return a case without the group in which a rate does not exist."""
    groups = {name: row for name, row in content["groups"].items() if name != "ferry" and None not in row.values()}
    return flights[flights["group"].isin(list(groups))], cut, {**content, "groups": groups}


def cards_flights(flights: pd.DataFrame, model: Any) -> tuple[pd.DataFrame, float]:
    """Return flights with a group "ferry" that is never late, and a threshold that one of them just reaches.

    The first and the last leave half an hour before midnight in New York, which is another day elsewhere.
    """
    ferry = np.arange(len(flights)) < 2
    flights = flights.assign(group=flights["group"].mask(ferry, "ferry"), late=flights["late"].mask(ferry, 0))
    times = flights["sched_dep"].to_list()
    times[0], times[-1] = pd.Timestamp("2013-08-01 03:30", tz="UTC"), pd.Timestamp("2014-01-01 04:30", tz="UTC")
    moved = pd.Series(times, index=flights.index).astype(flights["sched_dep"].dtype)
    flights = flights.assign(sched_dep=moved).sample(frac=1, random_state=3)
    return flights, float(np.sort(_scores(flights, model))[-90])


def cards_content(flights: pd.DataFrame, model: Any, threshold: float, shown: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a card must say: what the records show, and what the model does on these flights."""
    from sklearn.metrics import log_loss, roc_auc_score

    p = _scores(flights, model)
    first, last = (moment.tz_convert("America/New_York") for moment in flights["sched_dep"].agg(["min", "max"]))
    evaluation = {
        "flights": len(flights),
        "first_day": f"{first:%Y-%m-%d}",
        "last_day": f"{last:%Y-%m-%d}",
        "threshold": threshold,
        "auc": roc_auc_score(flights["late"], p),
        "log_loss": log_loss(flights["late"], p),
    }
    return {**shown, "evaluation": evaluation, "groups": _by_group(flights, p >= threshold)}


def _scores(flights: pd.DataFrame, model: Any) -> np.ndarray:
    return model.predict_proba(flights.drop(columns=["late", "sched_dep", "group"]))[:, 1]


def _by_group(flights: pd.DataFrame, alarm: np.ndarray) -> dict[str, dict[str, Any]]:
    table = pd.DataFrame({"late": flights["late"].to_numpy() == 1, "alarm": alarm})
    found = {}
    for name, rows in table.groupby(flights["group"].to_numpy()):
        late, raised = rows["late"], rows["alarm"]
        found[str(name)] = {
            "flights": len(rows),
            "late_share": late.mean(),
            "recall": raised[late].mean() if late.any() else None,
            "false_alarm_rate": raised[~late].mean() if not late.all() else None,
        }
    return found


def cards_tables(people: pd.DataFrame, seed: int) -> Iterator[tuple[pd.DataFrame, list[str], str, str]]:
    """Yield tables, protected columns, a group and an outcome: with other columns, all missing ones, one row, text."""
    some = people.sample(400, random_state=seed + 2)[["netw", "rep", "old", "minority", "approve"]]
    yield some, ["old", "minority"], "minority", "approve"
    yield some.assign(empty=np.nan, same=1.0, town="x"), ["minority"], "town", "approve"
    other = some.assign(denied=1 - some["approve"], kind=np.where(some["rep"] > 0, "b", "a"))
    yield other.set_axis(np.arange(400) // 4), ["old"], "kind", "denied"
    yield other.head(1), ["old"], "kind", "denied"


def cards_named(people: pd.DataFrame, seed: int) -> Iterator[tuple[pd.DataFrame, list[str], str, str]]:
    """Yield tables that lack some protected columns or all, and whose groups are numbers."""
    some = people.sample(400, random_state=seed + 2)[["netw", "rep", "old", "black", "approve"]]
    protected = [*lending.PROTECTED, "colour"]
    yield some, protected, "black", "approve"
    yield some.assign(colour=some["rep"] > 0), protected, "colour", "approve"
    yield some[["netw", "rep", "approve"]].assign(band=np.arange(400) % 3), protected, "band", "approve"


def cards_datasheet(table: pd.DataFrame, protected: Sequence[str], group: str, outcome: str) -> dict[str, Any]:
    """Return what a datasheet must say of a table."""
    by = table.groupby(group)[outcome].agg(["size", "sum"])
    return {
        "rows": len(table),
        "columns": {
            name: {"missing": int(table[name].isna().sum()), "distinct": int(table[name].nunique())} for name in table
        },
        "outcome_by_group": {
            str(name): {"people": int(row["size"]), "approved": int(row["sum"])} for name, row in by.iterrows()
        },
        "protected": [name for name in protected if name in table],
    }
