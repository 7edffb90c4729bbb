"""Task `promote`: no promotion without evidence, and a way back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from helpers import registry, work
from helpers.checks import call, close, hand_over, require, returns
from helpers.checks.registries import Registry
from helpers.checks.week4.folders import Files, raises

Losses = tuple[Any, Any, Any]  # of champion and challenger, flight by flight, and the day of each flight
Decide = Callable[..., Any]
Evaluate = Callable[..., Any]
UNEVEN = "on days with many and days with few flights"


# --- decide ---


def losses(n_days: int, per_day: int, gain: float, noise: float, seed: int) -> Losses:
    """Draw losses of two models on the same flights; the second is better by ``gain``, but for each day's luck."""
    rng = np.random.default_rng(seed)
    day = np.repeat(np.arange(n_days), per_day)
    champion = rng.exponential(0.5, len(day))
    luck = rng.normal(0.0, noise, n_days)[day] + rng.normal(0.0, 0.05, len(day))
    return champion, champion - gain + luck, day


def decision(value: Any) -> dict[str, Any]:
    """Return a decision with its four entries, as plain numbers."""
    result = returns(value, dict, "decide")
    absent = [name for name in ("gain", "low", "high", "promote") if name not in result]
    require(not absent, "the decision lacks an entry", seen=f"missing: {absent}")
    numbers = {name: float(result[name]) for name in ("gain", "low", "high")}
    return {**numbers, "promote": bool(result["promote"])}


def decides(decide: Decide, case: Losses, expected: Mapping[str, Any]) -> None:
    """Check a decision whose gain and interval do not depend on what is drawn."""
    found = decision(call(decide, *case, 0))
    _gain(found, expected["gain"])
    width, wanted = (one["high"] - one["low"] for one in (found, expected))
    require(
        width > 0.99 * wanted,
        "the interval is far too narrow: flights were drawn, not days",
        seen=f"{found['low']:.3f} to {found['high']:.3f}, expected {expected['low']:.3f} to {expected['high']:.3f}",
        why="one storm is one event, however many flights it delays",
        where="group by day first; draw days with replacement",
    )
    close(
        [found["low"], found["high"]],
        [expected["low"], expected["high"]],
        what="the interval",
        why="the interval then speaks of another number than the one that the decision is about",
        where="draw days, sum losses and flights, divide; percentiles 2.5 and 97.5",
    )
    _promotes(found, expected["promote"])


def weighs_flights(decide: Decide, case: Losses, gain: float, seed: int) -> None:
    """Check that each flight counts alike, on whatever day; ``gain`` is the mean over flights."""
    found = decision(call(decide, *case, seed))
    _gain(found, gain)
    require(
        found["low"] <= found["gain"] <= found["high"],
        f"{UNEVEN} the gain lies outside its own interval",
        why="a mean of daily means is another number: a holiday with twenty flights would count like a Friday",
        where="draw days; for each draw the sum of their losses by the sum of their flights",
    )


def _gain(found: Mapping[str, Any], gain: float) -> None:
    close(
        found["gain"],
        gain,
        what=f"the gain, {UNEVEN},",
        why="passengers are many on the days with many flights",
        where="champion's loss minus challenger's; a mean over flights",
    )


def repeats(decide: Decide, case: Losses, seed: int) -> None:
    """Check that a decision can be repeated."""
    require(
        decision(call(decide, *case, seed)) == decision(call(decide, *case, seed)),
        "called twice with the same losses and seed, decide decides differently",
        why="a retry would promote what was refused an hour ago, and nobody could say why",
        where="`np.random.default_rng(seed)`, made in the function",
    )


def draws_days(decide: Decide, case: Losses, least: float, seed: int) -> None:
    """Check that the interval is at least as wide as ``least``, which one over flights is not."""
    found = decision(call(decide, *case, seed))
    require(
        found["high"] - found["low"] > least,
        "the interval is far too narrow: flights were drawn, not days",
        why="one storm is one event, however many flights it delays",
        where="group by day first; draw days with replacement",
    )


def never_worse(decide: Decide, cases: Sequence[Losses], seed: int) -> None:
    """Check that a challenger which is worse on every count is never promoted."""
    for number, case in enumerate(cases):
        _promotes(decision(call(decide, *case, seed + number)), expected=False)


def always_better(decide: Decide, cases: Sequence[Losses], seed: int) -> None:
    """Check that a challenger which is clearly better is always promoted."""
    for number, case in enumerate(cases):
        _promotes(decision(call(decide, *case, seed + number)), expected=True)


def _promotes(found: Mapping[str, Any], expected: bool) -> None:
    require(
        expected or not found["promote"],
        "a challenger that is worse on every count was promoted",
        why="the desk would get a worse model every night, and each would look like progress",
        where="the sign: gain is the champion's loss minus the challenger's; promote on the interval's lower end",
    )
    require(
        found["promote"] or not expected,
        "a challenger that is clearly better was not promoted",
        why="a pipeline that never promotes keeps January's model until December",
        where="the interval's lower end, and its sign",
    )


def seldom_by_luck(decide: Decide, cases: Sequence[Losses], seed: int, widths: Sequence[float] = ()) -> None:
    """Check that a challenger which is no better is promoted seldom.

    With ``widths``, those of each case's interval of 95 %, also that the intervals are as wide on average: each has
    its luck.
    """
    judged = [decision(call(decide, *case, seed + number)) for number, case in enumerate(cases)]
    won = float(np.mean([one["promote"] for one in judged]))
    require(
        won <= 0.2,
        "a challenger that is no better is promoted too often",
        seen=f"{won:.0%} of {len(cases)} tries",
        why="every promotion costs somebody's trust and a deployment; a coin is no evidence",
        where="promote when the whole interval lies above zero, not when the mean does",
    )
    if widths:
        found = [one["high"] - one["low"] for one in judged]
        _as_wide(float(np.mean(np.asarray(found) / np.asarray(widths))))


def _as_wide(ratio: float) -> None:
    require(
        0.9 < ratio < 1.12,
        "the interval is not as wide as one of 95 %",
        seen=f"on average {ratio:.2f} times as wide",
        why="too narrow, and luck is promoted more often than you said; too wide, and better models wait for weeks",
        where="percentiles 2.5 and 97.5 of the draws' means",
    )


# --- evaluate ---


def lets_the_first_through(evaluate: Evaluate, files: Files, day: str, version: int, holdout: int) -> None:
    """Check that without a champion a model passes; ``files`` holds lake and registry."""
    first = returns(call(evaluate, *_asked(files, day, version, holdout)), dict, "evaluate")
    require(
        bool(first["promote"]),
        "without a champion, `evaluate` does not let the first model through",
        why="a pipeline that never has a first champion never has a second one",
        where="no alias `champion`: `promote` is true",
    )


def knows_the_champion(evaluate: Evaluate, files: Files, day: str, version: int, holdout: int) -> None:
    """Check that a version which is champion is not judged against itself."""
    same = decision(call(evaluate, *_asked(files, day, version, holdout)))
    require(
        not same["promote"] and same["gain"] == 0,
        "a version that is champion already is judged against itself, and does not end with gain 0 and no promotion",
        why="a replay after the promotion would write the new champion into `previous`",
        where="compare the version with the alias before anything is scored",
    )


def examined(
    evaluate: Evaluate, files: Files, day: str, version: int, holdout: int, expected: Mapping[str, Any]
) -> None:
    """Check on which flights, and by the losses of which two models, `evaluate` judges."""
    found = decision(call(evaluate, *_asked(files, day, version, holdout)))
    close(
        found["gain"],
        expected["gain"],
        what="the gain that `evaluate` finds",
        tolerance=1e-6,
        why="the champion is judged on flights that it has learnt from, or by the losses of another model",
        where="the last `holdout` days, `day` among them; flights with a label only; the version that bears the alias "
        "`champion`, then the challenger",
    )
    close(
        [found["low"], found["high"]],
        [expected["low"], expected["high"]],
        what="the interval that `evaluate` finds",
        tolerance=1e-6,
        why="cut at UTC's midnight or at each flight, a storm counts as several pieces of evidence",
        where="hand `decide` the day of each flight: New York's date of `sched_dep`",
    )
    require(
        found["promote"] == expected["promote"],
        "`evaluate` does not pass on what `decide` says",
        why="the verdict is the interval's, and nobody else's",
        where="return the decision as it is",
    )


def _asked(files: Files, day: str, version: int, holdout: int) -> tuple[str, str, str, int, int]:
    folder = hand_over(files)
    return day, f"{folder}/lake", f"{folder}/mlflow", version, holdout


# --- promote and rollback ---

Step = tuple[str, int, Mapping[str, Any], Mapping[str, int]]


def registry_of(versions: int) -> dict[str, bytes]:
    """Return the files of a registry with so many versions: names without models."""
    import mlflow

    folder = registry.connect(work.new_private())
    client = mlflow.MlflowClient()
    client.create_registered_model(registry.MODEL)
    for number in range(versions):
        client.create_model_version(registry.MODEL, f"file:///nowhere/{number}")
    return {f"mlflow/{registry.DATABASE}": (folder / registry.DATABASE).read_bytes()}


def moves(promote: Callable[..., Any], folder: str, steps: Sequence[Step]) -> None:
    """Check a history of promotions, one after another.

    Each step says what comes ("a challenger that won"), its version, the decision, and the aliases afterwards.
    """
    for what, version, verdict, aliases in steps:
        found = returns(call(promote, f"{folder}/mlflow", version, verdict), int, "promote")
        _aliases(folder, aliases, what)
        require(
            found == aliases.get("champion", 0),
            f"after {what}, promote does not return the champion's version",
            seen=f"{found}",
        )


def goes_back(rollback: Callable[..., Any], folder: str, version: int) -> None:
    """Check that a rollback makes ``version`` champion again."""
    found = returns(call(rollback, f"{folder}/mlflow"), int, "rollback")
    require(found == version, "rollback does not return the version that is champion again", seen=f"{found}")
    now = Registry.read(folder, "mlflow").aliases
    require(
        now.get("champion") == version,
        "after a rollback the champion is not the one before",
        seen=f"{now}",
        why="at three in the morning nobody wants to find out which version that was",
        where="`previous` says which; move `champion` there",
    )


def no_way_back(rollback: Callable[..., Any], folder: str) -> None:
    """Check that a rollback without a previous champion says so."""
    raises(
        rollback,
        (f"{folder}/mlflow",),
        "a rollback without a previous champion raises no error",
        why="whoever rolls back must know whether it happened",
        where="no alias `previous`: `raise ValueError(...)`",
    )


def _aliases(folder: str, expected: Mapping[str, int], what: str) -> None:
    found = Registry.read(folder, "mlflow").aliases
    require(
        found.get("champion") == expected.get("champion"),
        f"after {what}, `champion` is on the wrong version",
        seen=f"{found}, expected {dict(expected)}",
        why="services ask for the alias: whatever it names is what passengers get",
        where="the decision's `promote` alone moves the alias",
    )
    require(
        found.get("previous") == expected.get("previous"),
        f"after {what}, `previous` does not name the champion before",
        seen=f"{found}, expected {dict(expected)}",
        why="without it there is no way back; a retry that overwrites it with the champion itself has lost it",
        where="set `previous` only when the champion really changes",
    )
