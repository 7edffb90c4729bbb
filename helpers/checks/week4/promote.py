"""Task `promote`: no promotion without evidence, and a way back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from helpers import registry, work
from helpers.checks import call, close, hand_over, require, returns
from helpers.checks.registries import Registry
from helpers.checks.remote import new_folder
from helpers.checks.week4.folders import Files, raises
from helpers.checks.week4.processes import alone, succeeds

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


def gains(decide: Decide, case: Losses, gain: float) -> None:
    """Check the gain: a mean over flights, whatever their days."""
    found = decision(call(decide, *case, 0))
    close(
        found["gain"],
        gain,
        what=f"the gain, {UNEVEN},",
        why="passengers are many on the days with many flights",
        where="champion's loss minus challenger's; a mean over flights",
    )


def spans(decide: Decide, case: Losses, low: float, high: float) -> None:
    """Check an interval that does not depend on what is drawn."""
    found = decision(call(decide, *case, 0))
    require(
        found["high"] - found["low"] >= 0.99 * (high - low) - 1e-9,
        "the interval is far too narrow: flights were drawn, not days",
        seen=f"{found['low']:.3f} to {found['high']:.3f}, expected {low:.3f} to {high:.3f}",
        why="one storm is one event, however many flights it delays",
        where="group by day first; draw days with replacement",
    )
    close(
        [found["low"], found["high"]],
        [low, high],
        what="the interval",
        why="the interval then speaks of another number than the one that the decision is about",
        where="draw days, sum losses and flights, divide; percentiles 2.5 and 97.5",
    )


def weighs_flights(decide: Decide, case: Losses, gain: float, seed: int) -> None:
    """Check that each flight counts alike in the interval, on whatever day; ``gain`` is the mean over flights."""
    found = decision(call(decide, *case, seed))
    require(
        found["low"] <= gain <= found["high"],
        f"{UNEVEN} the gain lies outside its own interval",
        why="a mean of daily means is another number: a holiday with twenty flights would count like a Friday",
        where="draw days; for each draw the sum of their losses by the sum of their flights",
    )


def verdict(decide: Decide, case: Losses, expected: bool, what: str) -> None:
    """Check whether a challenger is promoted; ``what`` describes it."""
    found = decision(call(decide, *case, 0))
    require(
        found["promote"] == expected,
        f"{what} was {'not ' if expected else ''}promoted",
        seen=f"{found}",
        why="the desk would get another model without evidence, or keep January's until December",
        where="`promote` where the *whole* interval lies above zero: its lower end, and its sign",
    )


def agrees(decide: Decide, cases: Sequence[Losses], seed: int) -> None:
    """Check that the verdict is the one that the reported interval gives."""
    for number, case in enumerate(cases):
        found = decision(call(decide, *case, seed + number))
        require(
            found["promote"] == (found["low"] > 0),
            "`promote` does not say what the interval beside it says",
            seen=f"{found}",
            why="whoever reads the record later finds a promotion that its own numbers refuse",
            where="decide by the same `low` that is returned",
        )


def draws(decide: Decide, case: Losses, seed: int) -> None:
    """Check that `n_boot` is the number of draws: with one draw both ends of the interval are that draw."""
    for n_boot in (1, 2_000):
        found = decision(call(decide, *case, seed, n_boot))
        require(
            (found["low"] == found["high"]) == (n_boot == 1),
            "`n_boot` is not the number of draws",
            why="whoever asks for more draws wants finer percentiles, and gets the same ones",
            where="`n_boot` draws, each of as many days as there are",
        )


def repeats(decide: Decide, case: Losses, seed: int) -> None:
    """Check that a decision can be repeated, that it depends on the seed, and that whoever draws beside it does not."""
    first = decision(call(decide, *case, seed))
    other = decision(call(decide, *case, seed + 1))
    require(
        decision(call(decide, *case, seed)) == first,
        "called twice with the same losses and seed, decide decides differently",
        why="a retry would promote what was refused an hour ago, and nobody could say why",
        where="`np.random.default_rng(seed)`, made in the function",
    )
    require(
        (other["low"], other["high"]) != (first["low"], first["high"]),
        "with another seed decide draws the same days",
        why="whoever asks whether a decision was luck of the draw tries another seed",
        where="`np.random.default_rng(seed)`, with the seed that the function was given",
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


def seldom_by_luck(decide: Decide, cases: Sequence[Losses], seed: int) -> None:
    """Check that a challenger which is no better is promoted seldom.

    An honest answer promotes each of 30 with a chance of some 5 %: nine or more with a chance of 1 in 100,000.
    """
    judged = [decision(call(decide, *case, seed + number)) for number, case in enumerate(cases)]
    won = sum(one["promote"] for one in judged)
    require(
        won <= 8,
        "a challenger that is no better is promoted too often",
        seen=f"{won} of {len(cases)} tries",
        why="every promotion costs somebody's trust and a deployment; a coin is no evidence",
        where="promote when the whole interval lies above zero, not when the mean does",
    )


def as_wide(decide: Decide, cases: Sequence[Losses], seed: int, widths: Sequence[float]) -> None:
    """Check that intervals are as wide, on average over the cases, as ``widths``, those of 95 %.

    The percentiles of 1,000 draws have an error of some 3 % of the width: the mean of 60 ratios one of 0.4 %, so that
    the limits are more than ten standard errors away. An interval of 90 % has 0.84 of the width, one of 99 % 1.31.
    """
    found = [decision(call(decide, *case, seed + number)) for number, case in enumerate(cases)]
    ratio = float(np.mean(np.asarray([one["high"] - one["low"] for one in found]) / np.asarray(widths)))
    require(
        0.92 < ratio < 1.08,
        "the interval is not as wide as one of 95 %",
        seen=f"on average {ratio:.2f} times as wide",
        why="too narrow, and luck is promoted more often than you said; too wide, and better models wait for weeks",
        where="percentiles 2.5 and 97.5 of the draws' means",
    )
    middle = [(one["high"] + one["low"]) / 2 - one["gain"] for one in found]
    require(
        abs(float(np.mean(np.asarray(middle) / np.asarray(widths)))) < 0.1,
        "the interval does not lie around the gain",
        why="one end is another percentile than the other: what it promises holds on one side only",
        where="percentiles 2.5 and 97.5 of the draws' means",
    )


# --- evaluate ---


def lets_the_first_through(evaluate: Evaluate, files: Files, day: str, version: int, holdout: int) -> None:
    """Check that without a champion a model passes; ``files`` holds lake and registry."""
    first = returns(call(evaluate, *_asked(files, day, version, holdout)), dict, "evaluate")
    require(
        bool(first.get("promote")),
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
    evaluate: Evaluate,
    decide: Decide,
    files: Files,
    day: str,
    version: int,
    holdout: int,
    losses: Losses,
    aliases: Mapping[str, int],
) -> None:
    """Check on which flights, and by the losses of which two models, `evaluate` judges.

    ``losses`` are what `decide` must be given: what that makes of them is its own business, right or wrong.
    """
    asked = _asked(files, day, version, holdout)
    found, expected = decision(call(evaluate, *asked)), decision(call(decide, *losses))
    require(
        Registry.read(asked[2]).aliases == aliases,
        "`evaluate` moves an alias",
        why="it examines; whether a model is promoted is decided afterwards, by the next step",
        where="only `promote` and `rollback` write to the registry",
    )
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
    _verdict(found, expected)


def _verdict(found: Mapping[str, Any], expected: Mapping[str, Any]) -> None:
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


def registry_of(versions: int, aliases: Mapping[str, int] | None = None) -> dict[str, bytes]:
    """Return the files of a registry with so many versions, names without models, and with these aliases."""
    import mlflow

    folder = registry.connect(work.new_private())
    client = mlflow.MlflowClient()
    client.create_registered_model(registry.MODEL)
    for number in range(versions):
        client.create_model_version(registry.MODEL, f"file:///nowhere/{number}")
    for alias, version in (aliases or {}).items():
        client.set_registered_model_alias(registry.MODEL, alias, str(version))
    return {f"mlflow/{registry.DATABASE}": (folder / registry.DATABASE).read_bytes()}


def moves(promote: Callable[..., Any], folder: str, steps: Sequence[Step], *, previous: bool = False) -> None:
    """Check a history of promotions, one after another.

    Each step says what comes ("a challenger that won"), its version, the decision, and the aliases afterwards. With
    ``previous`` that alias is judged, otherwise the champion and what is returned.
    """
    for what, version, verdict, aliases in steps:
        found = returns(call(promote, f"{folder}/mlflow", version, verdict), int, "promote")
        now = Registry.read(folder, "mlflow").aliases
        if previous:
            _previous(now, aliases, what)
            continue
        _champion(now, aliases, what)
        require(
            found == aliases.get("champion", 0),
            f"after {what}, promote does not return the champion's version",
            seen=f"{found}",
        )


def survives(promote: Callable[..., Any], files: Files, version: int, expected: Mapping[str, int]) -> None:
    """Kill a promotion when it has moved one alias, and run it again, each time in a new process."""
    won = {"gain": 0.2, "low": 0.1, "high": 0.3, "promote": True}
    stopped = alone(promote, files, "./mlflow", version, won, fault="set_registered_model_alias")
    again = succeeds(promote, {**files, **stopped.files}, "./mlflow", version, won)
    root = new_folder({name: content for name, content in again.files.items() if name.startswith("mlflow/")})
    now = Registry.of(Path(root, "mlflow")).aliases
    require(
        now == dict(expected),
        "killed between its two aliases, and run again, promote has lost the way back",
        seen=f"{now}, expected {dict(expected)}",
        why="a crash may come between two calls: the next try finds the new champion, and takes the work for done",
        where="which alias can still be set when the other one is there already? That one comes last",
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
        "a rollback without a previous champion",
        "raises no error",
        why="whoever rolls back must know whether it happened",
        where="no alias `previous`: `raise ValueError(...)`",
    )


def _champion(found: Mapping[str, int], expected: Mapping[str, int], what: str) -> None:
    require(
        found.get("champion") == expected.get("champion"),
        f"after {what}, `champion` is on the wrong version",
        seen=f"{found}, expected {dict(expected)}",
        why="services ask for the alias: whatever it names is what passengers get",
        where="the decision's `promote` alone moves the alias",
    )


def _previous(found: Mapping[str, int], expected: Mapping[str, int], what: str) -> None:
    require(
        found.get("previous") == expected.get("previous"),
        f"after {what}, `previous` does not name the champion before",
        seen=f"{found}, expected {dict(expected)}",
        why="without it there is no way back; a retry that overwrites it with the champion itself has lost it",
        where="set `previous` only when the champion really changes",
    )
