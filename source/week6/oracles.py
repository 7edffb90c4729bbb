"""What week 6's hidden tests expect, and the cases that they ask about; a task's functions begin with its name.

Group metrics are fairlearn's, where these exist. The people are drawn at random: nobody is described.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from helpers import lending
from source.oracles import bootstrap

FEWEST = 10  # late flights: a bootstrap of fewer promises more than it knows
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


def groups_tables(seed: int) -> Iterator[tuple[np.ndarray, np.ndarray, pd.Series]]:
    """Yield outcomes, alarms and groups of one to 800 flights: with a group without flights, and one with a single one."""
    rng = np.random.default_rng(1_964 + seed)
    for size in (1, 2, 7, 60, 800) * 3:
        names = pd.Categorical(rng.choice(["p", "q", "r"], size), categories=["p", "q", "r", "nobody"])
        y, alarm = rng.integers(0, 2, size), rng.integers(0, 2, size)
        yield y, alarm, pd.Series(names, index=rng.permutation(size) + 7)
        yield y, alarm, pd.Series(names).astype(object).where(np.arange(size) > 0, "one flight")


def groups_gap(flights: pd.DataFrame, name: str, seed: int) -> dict[str, float]:
    """Return one group's ``gap`` in recall and, with enough late flights on both sides, its ``low`` and ``high``."""
    here, late = (flights["group"] == name).to_numpy(), (flights["late"] == 1).to_numpy()
    caught = late & (flights["alarm"] == 1).to_numpy()
    parts = {"a": caught & here, "b": late & here, "c": caught & ~here, "d": late & ~here}
    sums = pd.DataFrame(parts).groupby(flights["day"].to_numpy()).sum().to_numpy(dtype=float)
    times = bootstrap.times_drawn(len(sums), 6_000, np.random.default_rng(70_000 + seed))
    totals = np.vstack([np.ones(len(sums)), times]) @ sums
    with np.errstate(invalid="ignore", divide="ignore"):
        gaps = totals[:, 0] / totals[:, 1] - totals[:, 2] / totals[:, 3]
    if min(totals[0, 1], totals[0, 3]) < FEWEST:
        return {"gap": float(gaps[0])}
    low, high = np.nanpercentile(gaps[1:], [2.5, 97.5])
    return {"gap": float(gaps[0]), "low": float(low), "high": float(high)}


def groups_flights(seed: int) -> Iterator[tuple[pd.DataFrame, str, int]]:
    """Yield flights, a group and a seed: groups that can be judged, and groups at both sides of ten late flights."""
    desk = _desk_flights(60, seed)
    for name in ("small", "far"):
        yield desk, name, seed
    ferry = desk[desk["late"] == 1].head(9).assign(alarm=1, group="ferry")
    yield pd.concat([desk, ferry]), "ferry", seed
    rng = np.random.default_rng(1_965 + seed)
    for days, name in [(45, "small"), (80, "hub")]:
        flights = _desk_flights(days, seed + days)
        yield flights, name, seed + days
        yield flights.assign(group=rng.choice(["x", "y"], len(flights))), "x", seed
    scarce = _desk_flights(30, seed + 9)
    scarce = scarce[(scarce["group"] != "far") | (scarce["late"] == 0)]
    yield scarce, "far", seed
    missed = scarce[scarce["late"] == 1].head(8).assign(alarm=0, group="isle")
    yield pd.concat([scarce, missed]), "isle", seed
    for n_late, n_punctual in [(9, 6), (10, 0), (10, 7)]:
        aboard = [desk[desk["late"] == late].head(n) for late, n in [(1, n_late), (0, n_punctual)]]
        yield pd.concat([desk, pd.concat(aboard).assign(alarm=1, group="boat")]), "boat", seed


def _desk_flights(days: int, seed: int) -> pd.DataFrame:
    """Flights with ``late``, ``alarm``, ``group`` and ``day``: storms make whole days late, "far" has few flights."""
    rng = np.random.default_rng(seed)
    day = np.repeat(np.arange(days), rng.integers(30, 90, days))
    group = rng.choice(["hub", "small", "far"], len(day), p=[0.7, 0.28, 0.02])
    odds = rng.normal(scale=1.1, size=days)[day] - 1.2
    late = (rng.random(len(day)) < 1 / (1 + np.exp(-odds))).astype(int)
    reach = np.where(group == "small", -0.9, 0.2) + 0.5 * odds + 1.4 * late
    alarm = (rng.random(len(day)) < 1 / (1 + np.exp(-reach))).astype(int)
    frame = pd.DataFrame({"late": late, "alarm": alarm, "group": group, "day": [f"day {k:03}" for k in day]})
    return frame.sample(frac=1, random_state=seed).set_axis(rng.permutation(len(frame)) + 50)


# --- four_fifths ---


def four_fifths_ratios(approved: np.ndarray, group: pd.Series, reference: str) -> pd.DataFrame:
    """Return each other group's ``people``, ``rate``, ``ratio`` and the ``low`` and ``high`` of that, from 40,000 draws."""
    counts = pd.Series(approved).groupby(group.to_numpy()).agg(["sum", "size"])
    rng = np.random.default_rng(4)
    rows, (base_k, base_n) = {}, counts.to_numpy()[list(counts.index).index(reference)].tolist()
    for name, (k, n) in zip(counts.index, counts.to_numpy().tolist(), strict=True):
        mine, theirs = (rng.beta(a + 0.5, b - a + 0.5, 40_000) for a, b in ((k, n), (base_k, base_n)))
        low, high = np.percentile(mine / theirs, [2.5, 97.5])
        rows[name] = {"people": n, "rate": k / n, "ratio": (k / n) / (base_k / base_n), "low": low, "high": high}
    return pd.DataFrame.from_dict(rows, orient="index").drop(reference)


def four_fifths_cases(seed: int) -> Iterator[tuple[np.ndarray, pd.Series, str]]:
    """Yield decisions, groups and a reference: with groups of one and two people, and with rates of 0 and 1."""
    rng = np.random.default_rng(1_978 + seed)
    for sizes in ([400, 12, 1], [900, 300, 45], [50, 50, 2]):
        names = pd.Series(np.repeat(["many", "some", "few"], sizes)).sample(frac=1, random_state=seed)
        rates = dict(zip(["many", "some", "few"], rng.uniform(0.3, 0.95, 3), strict=True))
        approved = (rng.random(len(names)) < names.map(rates).to_numpy()).astype(int)
        approved[:3] = [1, 1, 0]
        yield approved, names, "many"
    names = pd.Series(["r"] * 80 + ["all"] * 12 + ["none"] * 12)
    yield np.array([1, 0] * 40 + [1] * 12 + [0] * 12), names, "r"


# --- odds ---


def odds_difference(y: np.ndarray, decision: np.ndarray, group: pd.Series) -> dict[str, Any]:
    """Return fairlearn's ``difference`` over the groups with both outcomes, and the ``undefined`` ones."""
    from fairlearn.metrics import equalized_odds_difference

    table = pd.DataFrame({"y": y, "d": decision, "g": group.to_numpy()})
    outcomes = table.groupby("g")["y"].nunique()
    undefined = list(outcomes.index[outcomes < 2])
    whole = table[~table["g"].isin(undefined)]
    difference = equalized_odds_difference(whole["y"], whole["d"], sensitive_features=whole["g"])
    return {"difference": difference, "undefined": undefined}


def odds_calibration(y: np.ndarray, p: np.ndarray, group: pd.Series) -> pd.DataFrame:
    """Return calibration by group, with the interval of each group's gap."""
    from scipy.stats import beta

    table = pd.DataFrame({"y": y, "p": p, "g": group.to_numpy()}).groupby("g")
    counts = table.agg(people=("y", "size"), mean_p=("p", "mean"), share=("y", "mean"), k=("y", "sum"))
    left = counts["people"] - counts["k"]
    ends = {end: beta.ppf(q, counts["k"] + 0.5, left + 0.5) for end, q in (("low", 0.025), ("high", 0.975))}
    ends = {end: share - counts["mean_p"] for end, share in ends.items()}
    return counts.assign(gap=counts["share"] - counts["mean_p"], **ends)


def odds_cases(seed: int) -> Iterator[tuple[np.ndarray, np.ndarray, pd.Series]]:
    """Yield outcomes, scores and groups of 12 to 2,000 people."""
    rng = np.random.default_rng(1_979 + seed)
    for size in (12, 40, 300, 2_000) * 3:
        names = pd.Series(rng.choice(["u", "v", "w"], size), index=rng.permutation(size))
        names.iloc[:4] = ["u", "u", "v", "v"]
        p = rng.beta(3, 1, size)
        y = (rng.random(size) < p).astype(int)
        y[:4] = [0, 1, 0, 1]
        yield y, p, names


# --- subgroups ---


def subgroups_table(
    table: pd.DataFrame, attributes: Sequence[str], harmed: str, depth: int, least: int
) -> dict[str, tuple[int, float, float, bool]]:
    """Return people, rate, p-value and claim of every subgroup of at least ``least`` people, by its name."""
    found = list(_subgroups(table, attributes, harmed, depth, least))
    return {name: (n, rate, p, p * len(found) <= 0.05) for name, n, rate, p in found}


def subgroups_cases(seed: int) -> Iterator[tuple[pd.DataFrame, list[str], int, int]]:
    """Yield people, attributes, a depth and a least size; whether they are harmed stands in ``denied``."""
    for depth, least, harm in [(2, 40, 0.35), (3, 25, 0.3), (3, 10, 0.0), (4, 1, 0.0)]:
        frame = _gerrymandered(900, seed + 10 * depth + least, harm=harm)
        yield frame.set_axis(frame.index * 3 + 1), FOUR, depth, least
    few = _gerrymandered(40, seed + 1)
    yield few, ["work", "sex"], 2, int(few["work"].value_counts().min())
    yield _with_streets(seed, 40), [*FOUR, "street"], 2, 40


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


def proxies_columns(seed: int) -> Iterator[tuple[pd.DataFrame, np.ndarray, tuple[float, float]]]:
    """Yield columns, what is to be predicted from them, and the bounds of an honest AUC: proxies (with holes or none), and noise."""
    rng = np.random.default_rng(1_974 + seed)
    for size, holes, bounds in ((900, 0.0, (0.84, 0.97)), (1_200, 0.05, (0.82, 0.97))):
        crowd = applicants(size, seed + size)
        yield crowd[SIGNAL].mask(rng.random((size, 4)) < holes), crowd["minority"].to_numpy(), bounds
    noise = pd.DataFrame(rng.normal(size=(500, 60))).add_prefix("x")
    yield noise, (rng.random(500) < 0.4).astype(int), (0.3, 0.65)


def proxies_tables(seed: int) -> Iterator[tuple[pd.DataFrame, int, str]]:
    """Yield applicants, a seed and the verdict: with proxies, and twice without."""
    for size in (900, 1_200):
        yield applicants(size, seed + size), seed + 1, "gap remains"
    for own in (seed + 6, seed + 7):
        yield applicants(1_000, own, proxies=False), own, "no gap seen"


def proxies_gaps(table: pd.DataFrame, seed: int) -> dict[str, float]:
    """Return both gaps in mean prediction out of fold, and the standard ``error`` of the one without the column."""
    minority = table["minority"].to_numpy() == 1
    aware, unaware = (
        _out_of_fold(table[columns], table["approve"], seed) for columns in ([*SIGNAL, "minority"], SIGNAL)
    )
    gap_aware, gap_unaware = (float(p[~minority].mean() - p[minority].mean()) for p in (aware, unaware))
    error = np.sqrt(sum(unaware[rows].var() / rows.sum() for rows in (minority, ~minority)))
    return {"gap_aware": gap_aware, "gap_unaware": gap_unaware, "error": float(error)}


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
        crowd = applicants(size, seed + size).assign(mute=1.0)
        columns = crowd.drop(columns=["minority", "approve"])
        yield columns, crowd["approve"], columns.tail(few).set_axis(rng.permutation(few) + 500), seed + size


def reasons_odds(X: pd.DataFrame, y: pd.Series, X_new: pd.DataFrame, seed: int) -> np.ndarray:
    """Return the log odds of the trees that the task names."""
    return np.asarray(lending.trees(seed).fit(X, y).predict(X_new, raw_score=True))


def reasons_contributions(seed: int) -> Iterator[tuple[pd.DataFrame, dict[str, list[str]]]]:
    """Yield contributions of fifty people, and families of unlike sizes: a mean over a family is not its sum."""
    rng = np.random.default_rng(1_954 + seed)
    for width in (4, 7, 8):
        phi = pd.DataFrame(rng.normal(size=(50, width))).add_prefix("c")
        yield phi, {f"family {k}": [f"c{j}" for j in range(width) if j % 3 == k] for k in range(3)}


def reasons_importance(phi: pd.DataFrame, families: Mapping[str, Sequence[str]]) -> dict[str, float]:
    """Return the mean size of each family's sum."""
    return {name: float(phi[list(columns)].sum(axis=1).abs().mean()) for name, columns in families.items()}


def reasons_people(seed: int) -> Iterator[tuple[pd.Series, dict[str, list[str]], int]]:
    """Yield one person's contributions, families, and how many reasons at most."""
    rng = np.random.default_rng(1_955 + seed)
    for phi, families in reasons_contributions(seed):
        for row in range(5):
            yield phi.iloc[row], families, int(rng.integers(1, 4))
        yield phi.iloc[0].abs(), families, 4
    yield pd.Series({"a": -0.4, "b": -0.4, "c": -0.5}), {"one": ["c"], "two": ["a", "b"]}, 1


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


def mitigate_plain(train: pd.DataFrame, new: pd.DataFrame) -> np.ndarray:
    """Return the decisions of a plain model about ``new``."""
    return _plain(train).predict(new[SIGNAL])


def _plain(train: pd.DataFrame) -> Any:
    return lending.linear().fit(train[SIGNAL], train["approve"])


def mitigate_frontiers(seed: int) -> Iterator[tuple[pd.DataFrame, float]]:
    """Yield frontiers, with ties in accuracy and in the size of gaps, and how much accuracy may be lost."""
    rng = np.random.default_rng(2_018 + seed)
    for size in (2, 5, 9) * 4:
        table = pd.DataFrame({"method": [*(f"method {k}" for k in range(size)), "nothing"]})
        table["accuracy"] = rng.choice([0.853, 0.881, 0.9, 0.912], size + 1)
        table["gap"] = rng.choice([-0.1, -0.05, 0.02, 0.05, 0.2], size + 1)
        table["uses_group"] = rng.random(size + 1) < 0.4
        table.loc[size, "uses_group"] = False
        yield table.sample(frac=1, random_state=size), float(rng.choice([0.0, 0.02, 0.05]))
    edge = pd.DataFrame({"method": ["nothing", "near", "far"], "accuracy": [0.9, 0.88, 0.853]})
    yield edge.assign(gap=[0.2, 0.05, -0.01], uses_group=False), 0.05


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


def privacy_releases(seed: int) -> Iterator[tuple[pd.DataFrame, pd.DataFrame]]:
    """Yield releases of ``a``, ``b`` and the secret ``s``, and everybody about whom a neighbour may ask."""
    rng = np.random.default_rng(2_002 + seed)
    for size in (3, 30, 80):
        released = pd.DataFrame({"a": rng.choice(["x", "y", "z"], size), "b": rng.choice(["u", "v"], size)})
        released = released.assign(s=rng.integers(0, 2, size)).set_axis(rng.permutation(size))
        outside = pd.DataFrame([(a, b) for a in "xyzw" for b in "uv"], columns=["a", "b"])
        yield released, outside.sample(frac=1, random_state=size)


def privacy_learned(released: pd.DataFrame, known: pd.DataFrame, quasi: Sequence[str], secret: str) -> pd.DataFrame:
    """Return how many released rows fit each person, and the secret where they all agree in it."""
    rows = []
    for _, person in known.iterrows():
        fits = released.loc[(released[list(quasi)] == person[list(quasi)]).all(axis=1), secret]
        rows.append({"candidates": len(fits), "secret": fits.iloc[0] if len(set(fits)) == 1 else np.nan})
    return pd.DataFrame(rows, index=known.index)


# --- cards ---


def cards_flights(flights: pd.DataFrame, model: Any) -> tuple[pd.DataFrame, float]:
    """Return flights with a group "ferry" that is never late, and a threshold that one of them just reaches."""
    ferry = np.arange(len(flights)) < 2
    flights = flights.assign(group=flights["group"].mask(ferry, "ferry"), late=flights["late"].mask(ferry, 0))
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
