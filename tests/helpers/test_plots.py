"""What is drawn, read back from the axes."""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot as plt
from matplotlib.colors import to_hex

from helpers import plots


@pytest.fixture(autouse=True)
def house_style():
    mpl.use("Agg")
    with mpl.rc_context():
        plots.style()
        yield
    plt.close("all")


def texts(ax) -> list[str]:
    return [text.get_text() for text in ax.texts if text.get_text()]


def flights(first: str, last: str, a_day: int = 3) -> pd.DataFrame:
    days = pd.date_range(first, last, tz="UTC").repeat(a_day)
    return pd.DataFrame({"sched_dep": days + pd.Timedelta("9h")})


SPLIT = {"train": flights("2013-01-01", "2013-08-31"), "test": flights("2013-09-01", "2013-12-31", 5)}


def test_timeline_draws_the_flights_of_each_day():
    ax = plots.timeline(SPLIT, title="Test comes after train")
    assert ax.get_title(loc="left") == "Test comes after train"
    train, test = ax.lines
    assert len(train.get_xdata()) == 243 and set(train.get_ydata()) == {3}
    assert len(test.get_xdata()) == 122 and set(test.get_ydata()) == {5}


def test_timeline_draws_a_day_without_flights_as_zero():
    ax = plots.timeline({"train": SPLIT["train"].drop(index=range(30, 33))})
    assert list(ax.lines[0].get_ydata()).count(0) == 1


def test_timeline_draws_new_york_days_whole():
    """An evening in New York is the next day in UTC: drawn so, each part would end in a day with few flights."""
    departs = pd.date_range("2013-06-28", "2013-07-01", freq="1h", tz="America/New_York", inclusive="left")
    ax = plots.timeline({"train": pd.DataFrame({"sched_dep": departs.tz_convert("UTC")})})
    assert list(ax.lines[0].get_ydata()) == [24, 24, 24]


def test_timeline_names_parts_with_their_rows_even_an_empty_one():
    ax = plots.timeline({"train": SPLIT["train"], "test": SPLIT["test"].iloc[:0]})
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["train: 729", "test: 0"]


VERDICT = pd.DataFrame(
    {"pair": ["b − a", "c − a"], "d": [0.002, 0.03], "low": [-0.003, 0.02], "high": [0.006, 0.04]}, index=[7, 3]
)


def test_intervals_that_hold_zero_are_grey_and_say_so():
    ax = plots.intervals(VERDICT, "pair", "d", "low", "high", xlabel="difference")
    lines = next(c for c in ax.collections if hasattr(c, "get_segments"))
    assert [segment[:, 0].tolist() for segment in lines.get_segments()] == [[-0.003, 0.006], [0.02, 0.04]]
    assert [to_hex(c) for c in lines.get_colors()] == [plots.GREY.lower(), plots.COLOURS[0].lower()]
    assert texts(ax) == ["holds 0"]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["b − a", "c − a"]
    bottom, top = ax.get_ylim()
    assert bottom > top  # the first row stands on top


def test_intervals_are_measured_against_the_zero_given():
    assert texts(plots.intervals(VERDICT, "pair", "d", "low", "high", zero=0.03)) == ["holds 0.03"]


def test_bars_have_their_numbers_and_one_highlight():
    ax = plots.bars(pd.Series({"XGBoost": 0.671, "CatBoost": 0.68}), highlight="CatBoost")
    assert [bar.get_width() for bar in ax.patches] == [0.671, 0.68]
    assert [to_hex(bar.get_facecolor()) for bar in ax.patches] == [plots.GREY.lower(), plots.COLOURS[0].lower()]
    assert texts(ax) == ["0.671", "0.680"]


def test_curves_are_sorted_named_at_their_ends_and_isolated():
    rng = np.random.default_rng(0)
    parts = [
        pd.DataFrame({"round": rng.permutation(50), "library": name}).assign(auc=lambda t, b=b: b + t["round"] / 100)
        for name, b in (("xgboost", 0.5), ("lightgbm", 0.501), ("catboost", 0.1))
    ]
    ax = plots.curves(pd.concat(parts), "round", "auc", "library", ylabel="AUC")
    assert all(np.all(np.diff(line.get_xdata()) > 0) for line in ax.lines)
    assert sorted(texts(ax)) == ["catboost", "lightgbm", "xgboost"]
    bottom, top = ax.get_ylim()
    heights = sorted(text.get_position()[1] for text in ax.texts)
    assert min(np.diff(heights)) >= 0.07 * (top - bottom)  # no name covers another
    assert heights[-1] <= top
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("round", "AUC")


def test_a_single_curve_needs_no_name():
    assert texts(plots.curves(pd.DataFrame({"x": [1, 2], "y": [3, 4]}), "x", "y")) == []


HISTORY = pd.DataFrame({"public": [0.70, 0.74, 0.72]}, index=pd.RangeIndex(1, 4, name="try"))


def dots(ax) -> list[list]:
    return [c.get_offsets()[:, 1].tolist() for c in ax.collections]


def test_leaderboard_hides_what_is_not_revealed():
    ax = plots.leaderboard(HISTORY)
    assert dots(ax)[0] == [0.70, 0.74, 0.72]
    assert [list(line.get_ydata()) for line in ax.lines] == [[0.70, 0.74, 0.74]]
    assert set(texts(ax)) == {"try 2", "best public so far"}


def test_leaderboard_follows_the_leader_and_shows_its_gap():
    ax = plots.leaderboard(HISTORY.assign(private=[0.71, 0.70, 0.69]))
    assert dots(ax)[:2] == [[0.70, 0.74, 0.72], [0.71, 0.70, 0.69]]
    assert [list(line.get_ydata()) for line in ax.lines] == [[0.70, 0.74, 0.74], [0.71, 0.70, 0.70]]
    assert "try 2: 0.0400 above its private score" in texts(ax)
    assert ax.collections[-1].get_offsets().tolist() == [[2, 0.74]]  # the ring


def test_an_empty_leaderboard_can_be_drawn():
    assert plots.leaderboard(HISTORY.iloc[:0]).lines[:] == []


@pytest.mark.parametrize("draw", [plots.timeline, plots.bars, plots.leaderboard])
def test_plots_draw_where_they_are_told(draw):
    _, ax = plt.subplots()
    value = {plots.timeline: SPLIT, plots.bars: pd.Series([1.0]), plots.leaderboard: HISTORY}[draw]
    assert draw(value, ax=ax) is ax


def test_colours_are_isolated_for_colour_blind_readers_and_dark_enough_for_text():
    def lightness(colour: str) -> float:
        channels = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
        linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
        return float(linear @ [0.2126, 0.7152, 0.0722])

    assert len(set(plots.COLOURS)) == 6
    assert all(1.05 / (lightness(colour) + 0.05) >= 3 for colour in plots.COLOURS)  # WCAG: large text
