"""The course's plots: one calm style, colours that colour-blind readers can tell apart, labels beside the data.

Every function draws on ``ax``, or on axes of its own, and returns the axes. Titles are the caller's: they say what
was found.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from helpers.features import NEW_YORK

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Okabe and Ito's colours, dark enough on white for text, the strongest first.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#B8860B", "#4B4B8F")
INK, GREY, PALE = "#2B2B2B", "#8C8C8C", "#E6E6E6"
_STYLE: dict[Any, Any] = {  # matplotlib's names
    "figure.figsize": (8.0, 3.6),
    "figure.dpi": 110,
    "figure.constrained_layout.use": True,
    "font.size": 10.5,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.titlelocation": "left",
    "axes.titlesize": 12.5,
    "axes.titleweight": "bold",
    "axes.titlepad": 12,
    "axes.edgecolor": GREY,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.grid": True,
    "grid.color": PALE,
    "grid.linewidth": 0.8,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.major.size": 0,
    "ytick.major.size": 0,
    "legend.frameon": False,
    "lines.linewidth": 2.0,
}


def style() -> None:
    """Set the house style for every plot that follows, the caller's own included."""
    import matplotlib as mpl
    from cycler import cycler

    mpl.rcParams.update({**_STYLE, "axes.prop_cycle": cycler(color=COLOURS)})


def timeline(
    parts: dict[str, pd.DataFrame], time: str = "sched_dep", *, title: str = "", ax: Axes | None = None
) -> Axes:
    """Draw how many rows of each part fall on each New York day: whether the parts follow each other or lie mixed.

    Parameters
    ----------
    parts
        tables by name, in the order in which to show them
    time
        the column of timestamps; those without a time zone are taken for New York's
    """
    import matplotlib.dates as mdates

    ax = axes(ax, title)
    for colour, (name, frame) in zip(_colours(len(parts)), parts.items(), strict=True):
        days = _per_day(frame[time])
        x = np.asarray(mdates.date2num(days.index), dtype=float)  # an empty index has no dates to tell it by
        ax.fill_between(x, days, step="mid", color=colour, alpha=0.45, linewidth=0, label=f"{name}: {len(frame):,}")
        ax.plot(x, days, color=colour, linewidth=0.9, drawstyle="steps-mid")
    ax.set(ylabel="flights a day", ylim=(0, 1.18 * max(1.0, ax.dataLim.ymax)))  # room for the legend
    ax.legend(loc="upper left", ncols=max(1, len(parts)), borderaxespad=0)
    ax.margins(x=0.01)
    ax.grid(axis="x", visible=False)
    ax.xaxis_date()
    ax.xaxis.set_major_locator(mdates.AutoDateLocator(minticks=4, maxticks=13))
    ax.xaxis.set_major_formatter(mdates.ConciseDateFormatter(ax.xaxis.get_major_locator()))
    return ax


def _per_day(times: pd.Series) -> pd.Series:
    """Rows of every day between the first and the last, days without rows included."""
    local = pd.to_datetime(times).dropna()
    if local.dt.tz is not None:
        local = local.dt.tz_convert(NEW_YORK).dt.tz_localize(None)
    days = local.dt.floor("D").value_counts().sort_index()
    return days.asfreq("D", fill_value=0) if len(days) else days


def intervals(
    table: pd.DataFrame,
    label: str,
    estimate: str,
    low: str,
    high: str,
    *,
    zero: float = 0.0,
    title: str = "",
    xlabel: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw estimates with their intervals, one line a row, the first row on top.

    An interval that holds ``zero`` is grey and says so: the data do not tell the two sides apart. A row without an
    estimate keeps its place and says that too. The four arguments after the table name its columns.
    """
    ax = axes(ax, title, rows=len(table))
    unclear = (table[low] <= zero) & (table[high] >= zero)
    colours = np.where(unclear, GREY, COLOURS[0])
    rows = np.arange(len(table))
    ax.axvline(zero, color=INK, linewidth=1)
    ax.hlines(rows, table[low], table[high], colors=list(colours), linewidth=3)
    ax.scatter(table[estimate], rows, c=list(colours), s=60, zorder=3)
    ax.set_yticks(rows, table[label].astype(str))
    ax.set(ylim=(len(table) - 0.4, -0.6), xlabel=xlabel)
    ax.grid(axis="y", visible=False)
    for row, edge in zip(rows[unclear], table.loc[unclear, high], strict=True):
        ax.annotate(f"holds {zero:g}", (edge, row), xytext=(8, 0), textcoords="offset points", va="center", color=GREY)
    for row in rows[table[estimate].isna()]:
        ax.annotate("no estimate", (zero, row), xytext=(8, 0), textcoords="offset points", va="center", color=GREY)
    ax.margins(x=0.12)  # room for those words
    return ax


def bars(
    values: pd.Series,
    *,
    title: str = "",
    xlabel: str = "",
    highlight: str | None = None,
    number: str = "{:,.3f}",
    ax: Axes | None = None,
) -> Axes:
    """Draw one horizontal bar a value, in the order given, with the number at its end.

    With ``highlight``, the bar of that label has the colour and the others are grey.
    """
    ax = axes(ax, title, rows=len(values))
    labels = values.index.astype(str)
    colours = [COLOURS[0] if highlight in (None, label) else GREY for label in labels]
    drawn = ax.barh(np.arange(len(values)), values, height=0.65, color=colours)
    ax.bar_label(drawn, [number.format(value) for value in values], padding=4)
    ax.set_yticks(np.arange(len(values)), labels)
    ax.set(ylim=(len(values) - 0.4, -0.6), xlabel=xlabel)
    ax.margins(x=0.12)  # room for the numbers
    ax.grid(axis="y", visible=False)
    return ax


def curves(
    table: pd.DataFrame,
    x: str,
    y: str,
    by: str | None = None,
    *,
    title: str = "",
    xlabel: str = "",
    ylabel: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw ``y`` against ``x``, one line for each value of ``by``, its name at the line's end."""
    ax = axes(ax, title)
    groups = (
        {"": table}
        if by is None
        else {str(name): group for name, group in table.groupby(by, sort=False, observed=True)}
    )
    ends = []
    for colour, (name, group) in zip(_colours(len(groups)), groups.items(), strict=True):
        group = group.dropna(subset=[y]).sort_values(x, kind="stable")
        ax.plot(group[x], group[y], color=colour, label=name)
        ends += [(float(group[y].iloc[-1]), name, colour)] if len(group) else []
    ax.set(xlabel=xlabel or x, ylabel=ylabel or y)
    _name_ends(ax, ends)
    return ax


def leaderboard(history: pd.DataFrame, *, title: str = "", ax: Axes | None = None) -> Axes:
    """Draw each try as a dot and, as a line, the best public score so far with, once revealed, its private score.

    The distance of the two lines is what the public half promised and the private half did not keep.

    Parameters
    ----------
    history
        what `Leaderboard.history` or `Leaderboard.reveal` gives
    """
    from matplotlib.ticker import MaxNLocator

    ax = axes(ax, title)
    ends = []
    leading = history["public"].expanding().apply(np.argmax).astype(int)  # which try leads after each one
    names = {"public": "best public so far", "private": "its private score"}
    for colour, half in zip(COLOURS, [half for half in names if half in history and len(history)], strict=False):
        ax.scatter(history.index, history[half], s=14, color=colour, alpha=0.35, linewidths=0)
        line = history[half].to_numpy()[leading]
        ax.plot(history.index, line, color=colour, drawstyle="steps-post", label=names[half])
        ends.append((float(line[-1]), names[half], colour))
    ax.set(xlabel="try", ylabel="area under the ROC curve", xlim=(0.5, max(len(history), 2) + 0.5))
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    if len(history):
        _mark_best(ax, history)
    _name_ends(ax, ends)
    return ax


def champions(table: pd.DataFrame, *, title: str = "", ax: Axes | None = None) -> Axes:
    """Draw the daily AUC of each morning's champion and of the first one, as means over a week with the days behind.

    Parameters
    ----------
    table
        what `checkpoints.year` gives
    """
    import matplotlib.pyplot as plt

    ax = axes(plt.subplots(figsize=(11, 3.6))[1] if ax is None else ax, title)
    for colour, (column, name) in zip(
        COLOURS, {"champion": "champion", "first": "never retrained"}.items(), strict=False
    ):
        ax.plot(table.index, table[column], color=colour, linewidth=0.4, alpha=0.6)
        ax.plot(table[column].rolling(7, center=True, min_periods=3).mean(), color=colour, linewidth=2, label=name)
    ax.set_ylabel("area under the ROC curve")
    ax.legend()
    return ax


def _mark_best(ax: Axes, history: pd.DataFrame) -> None:
    position = int(np.argmax(history["public"]))
    best, public = float(history.index[position]), float(history["public"].iloc[position])
    words = f"try {best:.0f}"
    if "private" in history:
        gap = public - float(history["private"].iloc[position])
        words += f": {abs(gap):.4f} {'above' if gap > 0 else 'below'} its private score"
    ax.scatter(best, public, s=110, facecolors="none", edgecolors=INK, linewidths=1.5, zorder=4)
    side = "left" if position < len(history) / 2 else "right"
    ax.annotate(words, (best, public), xytext=(0, 10), textcoords="offset points", ha=side, color=INK)
    ax.margins(y=0.2)  # room for the words


def axes(ax: Axes | None, title: str, rows: int | None = None) -> Axes:
    """Axes with a title; new ones where none are given, as tall as their rows need."""
    import matplotlib.pyplot as plt

    if ax is None:
        size = None if rows is None else (8.0, 1.3 + 0.42 * max(rows, 1))
        _, ax = plt.subplots(figsize=size)
    ax.set_title(title)
    return ax


def _colours(count: int) -> list[str]:
    return [COLOURS[i % len(COLOURS)] for i in range(count)]


def _name_ends(ax: Axes, ends: list[tuple[float, str, str]]) -> None:
    """Write names beside the ends of lines, moved where they would cover each other."""
    bottom, top = ax.get_ylim()
    step = (top - bottom) * 0.075
    ends = sorted(ends)
    heights = [y for y, _, _ in ends]
    for i in range(1, len(heights)):
        heights[i] = max(heights[i], heights[i - 1] + step)
    ceiling = top
    for i in reversed(range(len(heights))):
        heights[i] = min(heights[i], ceiling)
        ceiling = heights[i] - step
    for height, (_, name, colour) in zip(heights, ends, strict=True):
        ax.text(1.01, height, name, transform=ax.get_yaxis_transform(), va="center", color=colour, weight="bold")
