"""Parts of a task: what each records, what they add up to, and what a card shows."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers import checks
from helpers.checks import CheckFailed, Mark, NotAttempted
from helpers.checks.parts import MIME

SECRET = "4711-secret"


def judged(*failures: Exception | None, points: float = 9, hidden: bool = True, after: tuple[str, ...] = ()) -> Mark:
    """A mark with a part of three points for each failure (None: it holds); the last may need others."""
    mark = Mark(points)
    for place, failure in enumerate(failures):
        needs = after if place == len(failures) - 1 else ()
        with mark.part(f"p{place}", 3, "a `clause` <b>", after=needs):
            if hidden:
                with mark.hidden():
                    pass
            if failure:
                raise failure
    return mark


def outcomes(mark: Mark) -> list[str]:
    return [part.outcome for part in mark.parts]


def test_a_part_that_fails_does_not_stop_the_next():
    mark = judged(None, CheckFailed("rows are lost"), None)
    assert outcomes(mark) == ["passed", "failed", "passed"]
    assert repr(mark) == "6"
    with pytest.raises(CheckFailed, match="rows are lost"):
        mark.require_all()


def test_all_parts_give_all_points():
    mark = judged(None, None, None)
    assert repr(mark) == "9"
    mark.require_all()


def test_a_part_without_what_it_needs_is_worth_nothing():
    mark = judged(CheckFailed("wrong"), None, None, after=("p0",))
    assert outcomes(mark) == ["failed", "passed", "skipped"]
    assert mark.earned == 3
    assert "`p0`" in mark.parts[2].message


def spoils(values):
    values[0] = -1.0


@pytest.mark.parametrize("kind", [list, np.array, pd.Series, lambda values: pd.DataFrame({0: values}).T])
def test_an_argument_changed_in_place_costs_the_least_part_and_is_put_right(kind):
    given, mark = kind([1.0, 2.0]), Mark(9)
    with mark.part("core", 6, "It is computed."):
        checks.call(spoils, given)
    with mark.part("least", 1, "It is rounded.", after=("core",)):
        checks.call(spoils, given)
    with mark.part("other", 2, "It is printed.", after=("core",)):
        pass
    if kind is list:  # no table: nobody watches it
        assert outcomes(mark) == ["passed"] * 3
        return
    assert outcomes(mark) == ["passed", "failed", "passed"]
    assert "changed its input in place" in mark.parts[1].message
    assert np.array_equal(np.ravel(given), [1.0, 2.0])


def test_a_stub_says_one_line_and_earns_nothing():
    mark = judged(*[NotAttempted("f")] * 3)
    assert mark.earned == 0
    assert "<table" not in mark._repr_mimebundle_()["text/html"]
    with pytest.raises(NotAttempted, match="`f` still holds the stub"):
        mark.require_all()


def test_one_stub_of_two_functions_costs_its_own_part():
    mark = judged(None, NotAttempted("g"), NotImplementedError())
    assert outcomes(mark) == ["passed", "not attempted", "not attempted"]
    assert (mark.earned, mark.stub) == (3, None)


def test_a_cell_without_its_hidden_tests_is_worth_all_points_or_what_is_sure():
    assert judged(None, None, hidden=False).earned == 9
    assert judged(None, CheckFailed("wrong"), hidden=False).earned == 3
    assert Mark(9).earned == 0  # nothing was tried


def test_an_error_that_no_check_raised_fails_the_part_and_is_raised_for_authors():
    mark = judged(None, KeyError("departs"), SystemExit(3))
    assert outcomes(mark) == ["passed", "failed", "failed"]
    assert "stopped with KeyError" in mark.parts[1].message and "departs" in mark.parts[1].message
    with pytest.raises(KeyError):
        mark.require_all()


@pytest.mark.parametrize("stop", [KeyboardInterrupt, GeneratorExit])
def test_an_interrupt_stops_the_cell(stop):
    with pytest.raises(stop):
        judged(stop())


@pytest.mark.parametrize("error", [CheckFailed("broke", seen=SECRET), ValueError(SECRET)])
def test_hidden_tests_show_no_value(error):
    mark = Mark(2)
    with mark.part("one", 2, "a clause"), mark.hidden():
        raise error
    shown = str(mark._repr_mimebundle_())
    assert SECRET not in shown
    assert "data that you have not seen" in shown


def test_visible_tests_after_hidden_ones_show_values_again():
    mark = Mark(2)
    with mark.part("one", 1, "a clause"):
        with mark.hidden():
            pass
        raise CheckFailed("broke", seen="seven")
    assert "seven" in mark.parts[0].message


def test_the_card_shows_what_failed_and_escapes_it():
    mark = judged(None, CheckFailed("<script>", seen="1 < 2", why="why", where="`here`"), hidden=False)
    shown = mark._repr_mimebundle_()
    assert shown["text/plain"] == "3"
    assert [part["outcome"] for part in shown[MIME]["parts"]] == ["passed", "failed"]
    card = shown["text/html"]
    assert "3 of 6 points" in card and "3 of the 9 points" in card
    assert "&lt;script&gt;" in card and "<script>" not in card
    assert "<code>here</code>" in card and "<code>clause</code> &lt;b&gt;" in card


def test_a_kernel_gives_number_card_and_parts(run_cells):
    _, (value,) = run_cells(
        "from helpers import checks",
        "mark = checks.Mark(2)\nwith mark.part('a', 1, 'clause'):\n    checks.require(1, '')\n"
        "with mark.part('b', 1, 'clause'), mark.hidden():\n    checks.require(0, 'no')\nmark",
    )
    assert value.output_type == "execute_result"
    assert value.data["text/plain"] == "1"
    assert "1 of 2 points" in value.data["text/html"] and MIME in value.data


def test_checks_offer_the_mark():
    assert checks.Mark is Mark
