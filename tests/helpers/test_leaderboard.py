"""A leaderboard is fair, forgets nothing, and refuses a bad file in words without taking a try."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from helpers import data
from helpers.leaderboard import ID, TARGET, BadSubmission, Leaderboard, SubmittingEnded, validate
from helpers.notebook import PlainError

RNG = np.random.default_rng(5)
IDS = pd.Index(RNG.permutation(10_000)[:600], name=ID)
ANSWERS = pd.Series(RNG.integers(0, 2, 600), index=IDS)
SAMPLE = pd.DataFrame({ID: IDS, TARGET: 0.5})


def scores(seed: int = 0) -> pd.DataFrame:
    return SAMPLE.assign(**{TARGET: np.random.default_rng(seed).random(len(SAMPLE))})


def board(tries: int = 3, **options) -> Leaderboard:
    return Leaderboard("small", tries=tries, answers=ANSWERS, **options)


# --- scoring ---


def test_public_and_private_are_the_area_under_the_curve_of_two_halves():
    submission = scores()
    public = board().submit(submission, note="first")
    row = board().reveal().loc[1]
    assert (row["note"], row["public"]) == ("first", public)
    assert row["gap"] == pytest.approx(public - row["private"])
    whole = roc_auc_score(ANSWERS, submission[TARGET])
    assert min(public, row["private"]) < whole < max(public, row["private"])


def test_a_perfect_submission_scores_one_in_any_order_from_a_file_and_for_y_and_n(tmp_path, capsys):
    perfect = pd.DataFrame({TARGET: ANSWERS.to_numpy() * 0.8, ID: IDS}).sample(frac=1, random_state=0)
    perfect.to_csv(tmp_path / "mine.csv", index=False)
    answers = ANSWERS.map({1: "Y", 0: "N"})
    assert Leaderboard("words", answers=answers).submit(str(tmp_path / "mine.csv")) == 1.0
    assert board().submit(tmp_path / "mine.csv") == 1.0
    assert "Public score 1.0000 (best so far 1.0000). 2 of 3 tries left." in capsys.readouterr().out


def test_only_the_order_of_the_scores_counts():
    submission = scores()
    log_odds = submission.assign(**{TARGET: np.log(submission[TARGET] / (1 - submission[TARGET]))})
    assert board().submit(log_odds) == board(seed=0).submit(submission)


def test_quiet_prints_nothing(capsys):
    board().submit(scores(), quiet=True)
    assert capsys.readouterr().out == ""


def test_halves_depend_on_the_seed_and_not_on_the_order():
    first = board().submit(scores())
    shuffled = ANSWERS.sample(frac=1, random_state=1)
    again = Leaderboard("other name", answers=shuffled).submit(scores())
    assert again == first
    assert board(seed=1).submit(scores()) != first


@given(st.integers(0, 2**40))
def test_halves_are_halves(seed):
    half = board(seed=seed)._public
    assert 0.35 < half.mean() < 0.65


# --- tries ---


def test_tries_run_out_and_a_restart_does_not_give_them_back():
    for seed in range(3):
        board().submit(scores(seed))
    assert board().tries_left == 0
    with pytest.raises(SubmittingEnded, match="All 3 tries are used"):
        board().submit(scores(9))
    assert list(board().history.index) == [1, 2, 3]


def test_the_same_submission_again_costs_no_try():
    first = board().submit(scores(1))
    board().submit(scores(2))
    assert board().submit(scores(1)) == first
    assert board().tries_left == 1


def test_private_scores_show_only_after_reveal_which_ends_submitting():
    first = board().submit(scores(1))
    assert list(board().history) == ["note", "public"]
    assert list(board().reveal()) == ["note", "public", "private", "gap"]
    assert list(board().history) == ["note", "public", "private"]
    with pytest.raises(SubmittingEnded, match="revealed"):
        board().submit(scores(2))
    assert board().submit(scores(1)) == first  # running the notebook again


def test_reset_starts_again_and_leaves_other_boards_alone():
    board().submit(scores())
    board(seed=1).submit(scores())
    board().reveal()
    board().reset()
    assert board().tries_left == 3 and len(board(seed=1).history) == 1
    board().submit(scores())


def test_a_new_board_has_an_empty_history():
    assert board().history.empty and board().reveal().empty


def test_a_write_that_fails_half_way_keeps_the_tries(monkeypatch, tmp_path):
    board().submit(scores(1))
    stored = (tmp_path / "state" / "leaderboard.json").read_text()

    def full_disk(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.replace", full_disk)
    board().submit(scores(2))
    assert (tmp_path / "state" / "leaderboard.json").read_text() == stored
    assert board().tries_left == 1  # this kernel remembers
    assert sorted(p.name for p in (tmp_path / "state").iterdir()) == ["leaderboard.json", "leaderboard.lock"]


# --- refused submissions ---

BAD = {
    "a row is missing": (lambda t: t.iloc[1:], rf"1 of 600 ids are missing, the first is {IDS[0]}"),
    "a row too many": (
        lambda t: pd.concat([t, t.iloc[:1].assign(id=99_999)]),
        "not in the test set: 1, .*99999.* row 601",
    ),
    "an id twice": (lambda t: pd.concat([t, t.iloc[:1]]), "ids that came before: 1, .* row 601"),
    "no id": (lambda t: t.assign(id=t[ID].where(t.index > 0)), "without a valid id: 1"),
    "ids as words": (lambda t: t.assign(id="flight " + t[ID].astype(str)), "without a valid id: 600, .*row 1"),
    "another name": (
        lambda t: t.rename(columns={TARGET: "prob"}),
        r"\['id', 'prob'\]; it should have \['id', 'dep_del",
    ),
    "a column too many": (lambda t: t.assign(more=1), "'more'"),
    "ids in the index": (lambda t: t.set_index(ID), r"`reset_index\(\)`"),
    "a value missing": (lambda t: t.assign(**{TARGET: t[TARGET].where(t.index != 4)}), "without a value: 1, .* row 5"),
    "classes": (lambda t: t.assign(**{TARGET: "Y"}), "text where there should be numbers.*'Y' in row 1"),
    "infinity": (lambda t: t.assign(**{TARGET: np.inf}), "infinite values: 600, the first is .*inf.* in row 1"),
    "nothing": (lambda t: t.iloc[:0], "600 of 600 ids are missing"),
}


@pytest.mark.parametrize("fault", BAD)
def test_a_bad_table_is_refused_in_words_and_costs_no_try(fault):
    spoil, words = BAD[fault]
    with pytest.raises(BadSubmission, match=words):
        board().submit(spoil(scores()))
    assert board().tries_left == 3


FILES = {
    "empty.csv": (b"", "is empty"),
    "index.csv": (scores().to_csv().encode(), "write the file with `index=False`"),
    "semicolon.csv": (scores().to_csv(index=False, sep=";").encode(), "separator must be a comma"),
    "picture.csv": (b"\x89PNG\r\n\xff\xfe\x00\x01", "is not a CSV file"),
    "ragged.csv": (b"id,dep_delayed_15min\n1,0.5\n1,2,3,4\n", "is not a CSV file"),
    "words.csv": (SAMPLE.to_csv(index=False).replace("0.5", "high", 1).encode(), "'high' in row 1"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_bad_file_is_named_and_refused(name, tmp_path):
    content, words = FILES[name]
    (tmp_path / name).write_bytes(content)
    with pytest.raises(BadSubmission, match=words) as caught:
        validate(tmp_path / name, SAMPLE)
    assert name in str(caught.value)


def test_a_missing_file_and_a_thing_that_is_no_submission_are_refused(tmp_path):
    with pytest.raises(BadSubmission, match=r"There is no file .*none\.csv"):
        validate(tmp_path / "none.csv", SAMPLE)
    with pytest.raises(BadSubmission, match="not a ndarray"):
        validate(np.zeros(3), SAMPLE)


def test_validate_gives_the_probabilities_in_the_order_of_the_sample(tmp_path):
    SAMPLE.to_csv(tmp_path / "sample.csv", index=False)
    found = validate(scores().sample(frac=1, random_state=3), tmp_path / "sample.csv")
    assert list(found.index) == list(IDS)
    np.testing.assert_array_equal(found, scores()[TARGET])


def test_ids_may_be_words():
    sample = pd.DataFrame({"id": ["a", "b"], TARGET: 0.5})
    assert list(validate(sample.iloc[::-1].assign(**{TARGET: [0.1, 0.9]}), sample)) == [0.9, 0.1]


@given(st.permutations(range(8)), st.lists(st.floats(0, 1), min_size=8, max_size=8))
def test_any_complete_set_of_probabilities_is_taken(order, values):
    sample = pd.DataFrame({ID: range(8), TARGET: 0.5})
    found = validate(pd.DataFrame({ID: order, TARGET: values}), sample)
    assert found.to_dict() == dict(zip(order, values, strict=True))


def test_real_competition_files_have_no_answers_here(monkeypatch):
    def no_answers(name):
        raise data.DataError("The answers are not here: only Kaggle has them.", "Submit there.")

    monkeypatch.setattr(data, "competition_answers", no_answers)
    with pytest.raises(PlainError, match=r"(?s)only Kaggle has them.*validate\(submission, sample\)"):
        Leaderboard("flight-delays")
