"""Rollouts as users notice them: a simulation of pods that are replaced one by one, and pictures.

The simulation is small on purpose. It knows replicas, surge, how long a pod loads, and whether traffic waits for a
readiness probe. It does not know nodes, draining, retries or queues; requests are spread evenly over pods in traffic.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from helpers import plots

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PERIOD = 5  # seconds between two readiness probes
BEFORE, AFTER = 10, 20  # seconds that are shown around a rollout


@dataclass
class Pod:
    """One pod: of the new version or the old one, and the second in which its container started."""

    new: bool
    started: int

    def loaded(self, now: int, loading: int) -> bool:
        """Tell whether it can answer."""
        return not self.new or now >= self.started + loading

    def ready(self, now: int, loading: int, probe: bool) -> bool:
        """Tell whether requests are sent to it. Without a probe, a container that runs counts as ready."""
        if not probe or not self.new:
            return True
        asked = self.started + (now - self.started) // PERIOD * PERIOD  # when the last probe was
        return self.loaded(asked, loading)


def simulate(
    *,
    replicas: int = 3,
    max_unavailable: int = 0,
    max_surge: int = 1,
    loading: int = 20,
    probe: bool = True,
    requests: int = 30,
    seed: int = 0,
) -> pd.DataFrame:
    """Replace all pods of a Deployment, and see what becomes of the requests.

    Parameters
    ----------
    replicas, max_unavailable, max_surge
        as in the Deployment, in pods
    loading
        seconds from a container's start until it can answer
    probe
        whether there is a readiness probe
    requests
        mean number of requests a second, Poisson

    Returns
    -------
    one row a second: ``second`` (0 is when the rollout starts), ``answered``, ``failed``

    Raises
    ------
    ValueError
        when neither a pod may be missing nor one be added: no rollout could ever begin
    """
    if max_unavailable < 1 and max_surge < 1:
        raise ValueError(
            "maxUnavailable and maxSurge are both 0: Kubernetes refuses that, for nothing could ever begin"
        )
    rng = np.random.default_rng(seed)
    pods, rows, second, end = [Pod(False, -BEFORE) for _ in range(replicas)], [], -BEFORE, None
    while end is None or second < end:
        if second >= 0:
            _step(pods, second, replicas, max_unavailable, max_surge, loading, probe)
        serving = [pod for pod in pods if pod.ready(second, loading, probe)]
        well = sum(pod.loaded(second, loading) for pod in serving)
        number = int(rng.poisson(requests))
        answered = int(rng.binomial(number, well / len(serving))) if serving else 0
        rows.append({"second": second, "answered": answered, "failed": number - answered})
        if end is None and all(pod.new and pod.loaded(second, loading) for pod in pods):
            end = second + AFTER
        second += 1
    return pd.DataFrame(rows)


def _step(pods: list[Pod], now: int, replicas: int, unavailable: int, surge: int, loading: int, probe: bool) -> None:
    """Do what the Deployment's controller does in a second: start what it may start, stop what it may stop."""
    for pod in [pod for pod in pods if not pod.new]:
        ready = sum(one.ready(now, loading, probe) for one in pods)
        if ready - 1 >= replicas - unavailable:
            pods.remove(pod)
    while len(pods) < replicas + surge and sum(pod.new for pod in pods) < replicas:
        pods.append(Pod(True, now))


def draw(simulated: pd.DataFrame, *, title: str = "", ax: Axes | None = None) -> Axes:
    """Draw what `simulate` gives: answered and failed requests of each second."""
    share = simulated["failed"].sum() / (simulated["failed"] + simulated["answered"]).sum()
    found = plots.axes(ax, title)
    seconds = simulated["second"]
    found.stackplot(
        seconds, simulated["answered"], simulated["failed"], colors=[plots.COLOURS[0], plots.COLOURS[1]], linewidth=0
    )
    found.axvline(0, color=plots.INK, linewidth=0.8)
    found.set(xlabel="seconds since the rollout began", ylabel="requests a second")
    _legend(found, f"failed ({share:.1%})")
    return found


def draw_answers(replies: Sequence[Mapping[str, Any]], *, title: str = "", ax: Axes | None = None) -> Axes:
    """Draw the answers of `aws.try_rollout` by the simulated minute in which they came."""
    frame = pd.DataFrame({"minute": [r["seconds"] / 60 for r in replies], "ok": [r["status"] == 200 for r in replies]})
    counts = frame.groupby("minute")["ok"].agg(["sum", "size"])
    found = plots.axes(ax, title)
    found.bar(counts.index, counts["sum"], color=plots.COLOURS[0], width=0.8)
    found.bar(counts.index, counts["size"] - counts["sum"], bottom=counts["sum"], color=plots.COLOURS[1], width=0.8)
    found.set(xlabel="minutes since the update", ylabel="requests a minute")
    _legend(found, f"failed ({1 - frame['ok'].mean():.1%})")
    return found


def _legend(axes: Axes, failed: str) -> None:
    from matplotlib.patches import Patch

    handles = [Patch(color=plots.COLOURS[0], label="answered"), Patch(color=plots.COLOURS[1], label=failed)]
    axes.legend(handles=handles, loc="lower right", frameon=True)
