"""What a student reads when a check fails, and what hidden tests keep to themselves."""

from __future__ import annotations

import functools
import gc
import pickle
import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from helpers import checks
from helpers.checks import CheckFailed, NotAttempted

SECRET = "4711-secret"


def failure(function, *args, **kwargs) -> CheckFailed:
    with pytest.raises(CheckFailed) as caught:
        function(*args, **kwargs)
    return caught.value


def student(source: str, name: str = "answer"):
    """A function as a cell of a notebook defines it: in the main namespace, in a file of its own."""
    namespace = {"__name__": "__main__", "pd": pd, "np": np}
    exec(compile(source, f"cell {name}", "exec"), namespace)
    return namespace[name]


# --- the message ---


def test_a_message_has_a_line_for_each_field():
    message = str(CheckFailed("rows are lost", seen="3 of 10", why="rates bend", where="the merge"))
    assert message.splitlines() == [
        "rows are lost",
        "Seen: 3 of 10",
        "Why it matters: rates bend",
        "Where to look: the merge",
    ]
    assert str(CheckFailed("rows are lost")) == "rows are lost"


def test_a_long_value_does_not_bury_the_message():
    assert len(str(CheckFailed("x", seen="9" * 100_000))) < 1_000


def test_a_failed_check_survives_pickling():
    error = pickle.loads(pickle.dumps(CheckFailed("broke", seen="seen", why="why", where="where")))
    assert str(error) == str(CheckFailed("broke", seen="seen", why="why", where="where"))
    assert str(pickle.loads(pickle.dumps(NotAttempted("f")))) == str(NotAttempted("f"))


@pytest.mark.parametrize("true", [True, np.True_, 1, "text"])
def test_require_passes_what_is_true(true):
    checks.require(true, "never shown")


def test_require_computes_what_was_seen_only_on_failure():
    checks.require(True, "never shown", seen=lambda: 1 / 0)
    assert "Seen: 7" in str(failure(checks.require, np.False_, "wrong", seen=lambda: "7"))


def test_passed_says_so(capsys):
    checks.passed("no row is lost")
    assert capsys.readouterr().out == "✓ no row is lost\n"


def test_a_notebook_shows_the_message_and_no_traceback(run_cells):
    _, (shown,), (stub,), (later,) = run_cells(
        "from helpers import checks\n\ndef task(x):\n    raise NotImplementedError\n\ndef odd(x):\n    return x['no']",
        "checks.call(odd, {})",
        "with checks.hidden():\n    checks.call(task, 1)",
        "print('still here')",
    )
    assert shown.output_type == stub.output_type == "error"
    assert (shown.ename, stub.ename) == ("CheckFailed", "NotAttempted")
    assert shown.traceback == [
        "`odd` raised KeyError",
        "Seen: KeyError: 'no'",
        "Where to look: line 7 of the cell that defines `odd`",
    ]
    assert shown.evalue == "\n".join(shown.traceback)
    assert stub.traceback == [stub.evalue] == ["not attempted yet: `task` still holds the stub"]
    assert later.text == "still here\n"


# --- calling a student's function ---


def test_call_hands_over_arguments_and_result():
    assert checks.call(lambda a, *, b: a + b, 1, b=2) == 3


def test_a_stub_is_not_attempted():
    stub = student("def answer(x):\n    raise NotImplementedError")
    assert str(failure(checks.call, stub, 1)) == "not attempted yet: `answer` still holds the stub"
    assert isinstance(failure(checks.call, stub, 1), NotAttempted)


def test_the_stub_that_an_answer_calls_is_the_one_named():
    source = "def inner():\n    raise NotImplementedError('todo')\ndef answer(x):\n    return inner()"
    assert "`inner`" in str(failure(checks.call, student(source), 1))


def test_a_librarys_not_implemented_is_an_error_of_the_answer():
    def library():
        raise NotImplementedError("axis=1 is not supported")

    error = failure(checks.call, student("def answer(f):\n    return f()"), library)
    assert not isinstance(error, NotAttempted)
    assert "`answer` raised NotImplementedError" in str(error)


def test_an_exception_is_named_with_the_students_line():
    answer = student("def answer(frame):\n    x = 1\n    return frame['dep']")
    message = str(failure(checks.call, answer, pd.DataFrame({"a": [1]})))
    assert message.startswith("`answer` raised KeyError")
    assert "Seen: KeyError: 'dep'" in message
    assert "line 3 of the cell that defines `answer`" in message


def test_wrong_parameters_point_to_the_stub():
    message = str(failure(checks.call, student("def answer():\n    return 1"), 1))
    assert "raised TypeError" in message and "the stub of the release shows" in message


def test_leaving_the_program_is_a_failed_check_and_an_interrupt_is_not():
    assert "left the program" in str(failure(checks.call, student("def answer():\n    raise SystemExit(0)")))
    with pytest.raises(KeyboardInterrupt):
        checks.call(student("def answer():\n    raise KeyboardInterrupt"))


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("return 0.0", "the mean of nothing is given as a number"),
        ("return xs[0]", "the mean of nothing must raise ValueError, not IndexError"),
        ("raise NotImplementedError()", "not attempted yet: `answer`"),
    ],
)
def test_where_nothing_can_be_returned_a_value_error_is_asked_for(body, words):
    said = {"instead": "is given as a number", "why": "it hides", "where": "the docstring"}
    function = student(f"def answer(xs):\n    {body}\n")
    assert str(failure(checks.refuses, function, ([],), "the mean of nothing", **said)).startswith(words)
    refusing = student("def answer(xs):\n    raise ValueError('nothing')\n")
    checks.refuses(refusing, ([],), "the mean of nothing", **said)


def test_a_callable_without_a_name_can_be_called():
    class Proxy:
        def __call__(self, x):
            if x:
                raise NotImplementedError
            return "done"

    assert checks.call(Proxy(), 0) == "done"
    assert str(failure(checks.call, Proxy(), 1)) == "not attempted yet: `your function` still holds the stub"
    partial = functools.partial(student("def answer(x):\n    return 1 / x"), 0)
    assert "`answer` raised ZeroDivisionError" in str(failure(checks.call, partial))


def test_what_is_not_a_function_is_said_to_be_none():
    assert "not a function" in str(failure(checks.call, None, 1))


def test_an_exception_that_cannot_be_printed_is_still_reported():
    source = "class Odd(Exception):\n    def __str__(self):\n        raise RuntimeError\ndef answer():\n    raise Odd"
    assert "`answer` raised Odd" in str(failure(checks.call, student(source)))


def test_warnings_and_stderr_do_not_matter(capfd):
    def noisy():
        warnings.warn("careful", stacklevel=1)
        return 1

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert checks.call(noisy) == 1


FRAME = {"a": [1.0, np.nan, 3.0], "b": ["x", None, "z"]}


@pytest.mark.parametrize(
    ("change", "seen"),
    [
        ("x['new'] = 1", "new column 'new'"),
        ("x.loc[0, 'a'] = 9", "column 'a' changed"),
        ("x.drop(columns='b', inplace=True)", "column 'b' gone"),
        ("x.dropna(inplace=True)", "3 rows before, 2 after"),
        ("x.index = [5, 6, 7]", "the index changed"),
        ("x['b'] = x['b'].astype('category')", "column 'b' changed"),
    ],
)
def test_a_changed_input_table_is_noticed(change, seen):
    message = str(failure(checks.call, student(f"def answer(x):\n    {change}"), pd.DataFrame(FRAME)))
    assert "changed its input in place (argument 1)" in message
    assert seen in message
    assert "copy" in message


@pytest.mark.parametrize("wrap", [lambda x: [x], lambda x: {"part": (x,)}])
def test_inputs_inside_containers_and_keywords_are_watched(wrap):
    first = "x = next(iter(x.values()))[0] if isinstance(x, dict) else x[0]"
    answer = student(f"def answer(*, x):\n    {first}\n    x[0] = 99")
    assert "(argument `x`)" in str(failure(checks.call, answer, x=wrap(np.arange(3))))


def test_a_changed_series_or_array_says_how_much_changed():
    answer = student("def answer(x):\n    x[1:] = 0")
    for values in (np.arange(5.0), pd.Series(np.arange(5.0))):
        assert "4 of 5 values changed" in str(failure(checks.call, answer, values))


def test_an_input_that_was_only_read_passes():
    frame = pd.DataFrame(FRAME)
    assert checks.call(lambda x, y: x.assign(c=y), frame, np.array([np.nan, 1, 2])) is not None
    assert checks.call(lambda x: len(x), np.array(["a", None, np.nan], dtype=object)) == 3


# --- hidden tests ---


def leaks(error: BaseException) -> bool:
    """Whether the secret can be reached from the exception by any path that a notebook may print."""
    seen, waiting = set(), [error]
    while waiting:
        item = waiting.pop()
        if item is None or id(item) in seen:
            continue
        seen.add(id(item))
        if SECRET in repr(getattr(item, "__dict__", "")) + repr(item.args) + str(item):
            return True
        frame = item.__traceback__
        while frame is not None:
            if frame.tb_frame.f_code.co_name in {"_explain", "call", "answer"}:
                return True
            frame = frame.tb_next
        waiting += [item.__cause__, item.__context__]
    return False


def hidden_failure(test) -> CheckFailed:
    with pytest.raises(CheckFailed) as caught, checks.hidden():
        test()
    return caught.value


@pytest.mark.parametrize(
    "test",
    [
        lambda: checks.require(False, "broke", seen=SECRET, why="why", where="where"),
        lambda: checks.call(student("def answer(x):\n    raise ValueError(x)"), SECRET),
        lambda: checks.call(student("def answer(x):\n    return {}[x]"), SECRET),
        lambda: checks.call(student("def answer(x):\n    x[:] = 'no'"), np.array([SECRET])),
        lambda: checks.close([SECRET], [1.0], what="x"),
        lambda: checks.returns(SECRET, pd.Series, "x"),
        lambda: checks.same_rows(pd.Series(1, index=[SECRET]), pd.Series(1, index=["b"])),
        lambda: checks.call(
            student("from helpers import checks\ndef answer(x):\n    checks.require(False, x)"), SECRET
        ),
    ],
)
def test_a_hidden_test_shows_no_value(test):
    error = hidden_failure(test)
    assert "Seen" not in str(error)
    assert "data that you have not seen" in str(error)
    assert not leaks(error)


def test_a_hidden_test_still_says_why_and_where():
    error = hidden_failure(lambda: checks.require(False, "broke", seen=SECRET, why="because", where="there"))
    assert "Why it matters: because\nWhere to look: there" in str(error)
    answer = student("def answer(x):\n    y = 1\n    raise ValueError(x)")
    assert "line 3 of the cell" in str(hidden_failure(lambda: checks.call(answer, SECRET)))


def test_a_stub_in_a_hidden_test_is_not_attempted():
    error = hidden_failure(lambda: checks.call(student("def answer(x):\n    raise NotImplementedError"), SECRET))
    assert str(error) == "not attempted yet: `answer` still holds the stub"


def test_a_fault_of_the_hidden_test_itself_is_left_alone():
    with pytest.raises(ZeroDivisionError, match="division"), checks.hidden():
        _ = 1 / 0


def test_line_numbers_of_the_cell_that_runs_the_check_are_not_shown():
    # the hidden test hands in a function of its own, which fails below the student's
    source = "def run(call, answer):\n    def of_the_test():\n        raise ValueError\n    call(answer, of_the_test)"
    namespace = {"__name__": "__main__"}
    exec(compile(source, "hidden cell", "exec"), namespace)
    answer = student("def answer(f):\n    # one\n    # two\n    # three\n    return f()")
    message = str(failure(namespace["run"], checks.call, answer))
    assert "line 5 of the cell that defines `answer`" in message


def test_after_a_failure_nothing_of_the_students_exception_is_alive():
    class Canary:
        pass

    def answer():
        error = ValueError(SECRET)
        error.canary = Canary()
        raise error

    error = hidden_failure(lambda: checks.call(answer))
    gc.collect()
    assert error is not None
    assert not [item for item in gc.get_objects() if isinstance(item, Canary)]


# --- properties ---


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ([1, 2], np.ndarray),
        (pd.Series([1]), np.ndarray),
        (np.float32(0.5), float),
        (1, float),
        (np.array([0.5]), float),
        (np.int64(3), int),
        ([1, 2], tuple),
        (pd.DataFrame(), pd.DataFrame),
        ("text", str),
        ({"a": 1}, dict),
    ],
)
def test_returns_takes_what_can_be_used(value, kind):
    assert isinstance(checks.returns(value, kind, "x"), kind)


@pytest.mark.parametrize(
    ("value", "kind", "words"),
    [
        (None, float, "is there a `return`?"),
        ("0.5", float, "should be a number"),
        (True, int, "should be a whole number"),
        (1.5, int, "Seen: a float"),
        (pd.DataFrame(), pd.Series, "should be a Series"),
        ({"a": 1}, np.ndarray, "should be an array"),
        (3, np.ndarray, "Seen: an int"),
    ],
)
def test_returns_says_what_it_got_instead(value, kind, words):
    assert words in str(failure(checks.returns, value, kind, "the score"))


def test_has_columns_names_those_that_are_missing():
    frame = pd.DataFrame({"late": [1], "Origin": ["JFK"]})
    checks.has_columns(frame, ["late"])
    message = str(failure(checks.has_columns, frame, ["late", "origin"]))
    assert "no column 'origin'" in message and "'Origin'" in message


def test_same_rows_takes_any_order():
    before = pd.DataFrame({"x": range(5)}, index=[3, 1, 1, 9, 4])
    checks.same_rows(before, before.sample(frac=1, random_state=0)["x"])


@pytest.mark.parametrize(
    ("after", "words"),
    [
        (lambda f: f.iloc[1:], "some were lost"),
        (lambda f: pd.concat([f, f.iloc[:1]]), "some were doubled"),
        (lambda f: pd.concat([f, f.rename(lambda i: i + 100)]), "some were gained"),
        (lambda f: f.reset_index(drop=True), "numbers the rows anew"),
        (lambda f: f.to_numpy(), "has no index"),
    ],
)
def test_same_rows_says_what_happened_to_them(after, words):
    before = pd.DataFrame({"x": [1, 2, 3]}, index=[10, 20, 30])
    assert words in str(failure(checks.same_rows, before, after(before)))


def test_same_rows_notices_one_of_two_equal_labels_lost():
    before = pd.Series([1, 2, 3], index=["a", "a", "b"])
    assert "partly lost" in str(failure(checks.same_rows, before, before.iloc[1:]))


@given(st.permutations(range(12)), st.sets(st.integers(0, 11)))
def test_same_rows_passes_exactly_when_the_labels_are_the_same(order, dropped):
    before = pd.Series(range(12))
    after = before.loc[[i for i in order if i not in dropped]]
    if dropped:
        failure(checks.same_rows, before, after)
    else:
        checks.same_rows(before, after)


@pytest.mark.parametrize("form", [list, np.asarray, pd.Series, lambda x: np.asarray(x)[:, None], pd.DataFrame])
def test_probabilities_come_in_any_form(form):
    np.testing.assert_array_equal(checks.is_probability(form([0.0, 0.5, 1.0]), 3), [0.0, 0.5, 1.0])


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ([0.1, 0.2], "Seen: shape (2,) for 3 rows"),
        (np.full((3, 2), 0.5), "`[:, 1]`"),
        ([0.1, np.nan, 0.3], "missing or infinite"),
        ([0.1, 1.5, 0.3], "1 of 3, the first at row 1: 1.5"),
        (["Y", "N", "Y"], "there should be numbers"),
        ([0.2, 0.2, 0.2], "all probabilities are the same"),
    ],
)
def test_what_is_no_probability_is_refused(values, words):
    assert words in str(failure(checks.is_probability, values, 3, varied=True))


numbers = arrays.arrays(float, st.integers(1, 20), elements=st.floats(-1e6, 1e6) | st.just(np.nan))


@given(numbers)
def test_close_takes_equal_numbers_in_any_container(values):
    for actual in (values.copy(), values.tolist(), pd.Series(values), values[:, None]):
        checks.close(actual, values, what="x")


@given(numbers, st.data())
def test_close_finds_one_wrong_number_and_its_place(values, data):
    place = data.draw(st.integers(0, len(values) - 1))
    wrong = np.nan_to_num(values)
    wrong[place] += 1 + abs(wrong[place])
    message = str(failure(checks.close, wrong, np.nan_to_num(values), what="the gain"))
    assert message.startswith("the gain is not what it should be")
    assert len(values) == 1 or f"at position {place}; 1 of" in message


def test_close_reports_the_worst_difference():
    message = str(failure(checks.close, [1.0, 2.5, 9.0], [1.0, 2.0, 3.0], what="x"))
    assert "9, expected 3 at position 2; 2 of 3 differ" in message


def test_close_reports_shape_then_missing_values():
    assert "(2,), expected (3,)" in str(failure(checks.close, [1, 2], [1, 2, 3], what="x"))
    assert "1 of 2, the first at position 1" in str(failure(checks.close, [9, np.nan], [1, 2], what="x"))


def test_close_matches_series_by_label():
    expected = pd.Series([1.0, 2.0], index=["a", "b"])
    checks.close(expected.iloc[::-1], expected, what="x")
    checks.close(pd.Series([1.0, 2.0]), expected, what="x")


def test_close_knows_infinity_and_relative_size():
    checks.close([np.inf, 1e12], [np.inf, 1e12 + 1], what="x")
    failure(checks.close, [np.inf], [-np.inf], what="x")
    failure(checks.close, [np.inf], [1.0], what="x")
    checks.close(1.0, 1.05, what="x", tolerance=0.1)
