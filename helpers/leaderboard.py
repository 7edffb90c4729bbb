"""A competition's leaderboard on this machine: a public half to climb, a private half that decides, few tries."""

from __future__ import annotations

import hashlib
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from helpers.internal import state
from helpers.notebook import PlainError

ID, TARGET = "id", "dep_delayed_15min"
Submission = str | PathLike[str] | pd.DataFrame


class BadSubmission(PlainError, ValueError):
    """A submission that the competition would refuse."""


class SubmittingEnded(PlainError, RuntimeError):
    """No more submissions are taken: the tries are used up, or the private scores are revealed."""


class Leaderboard:
    """Scorer of submissions by the area under the ROC curve, on a public and a private half of the ids.

    The halves depend on ``seed`` and on each id alone. Tries are remembered in ``.course/leaderboard.json``.

    Parameters
    ----------
    competition
        name for `helpers.data.competition_answers`
    tries
        submissions that are scored; a refused one, or one that was scored before, does not count
    seed
        chooses the halves
    answers
        the truth by id, ``'Y'``/``'N'`` or 1/0, for a competition of your own
    """

    def __init__(
        self, competition: str = "flight-delays", tries: int = 10, seed: int = 0, answers: pd.Series | None = None
    ) -> None:
        self.competition, self.tries, self.seed = competition, tries, seed
        self._late = _as_late(_answers(competition) if answers is None else answers)
        self._public = _in_public_half(self._late.index, seed)
        self._key = f"{competition}, seed {seed}"

    @property
    def tries_left(self) -> int:
        """Number of submissions that are still scored."""
        return max(0, self.tries - len(self.history))

    @property
    def history(self) -> pd.DataFrame:
        """One row for each try, in order: note, public score, and the private score once revealed."""
        with state.changing("leaderboard") as boards:
            board = boards.get(self._key, _new_board())
        columns = ["note", "public"] + ["private"] * board["revealed"]
        index = pd.RangeIndex(1, len(board["tries"]) + 1, name="try")
        return pd.DataFrame(board["tries"], index=index, columns=["note", "public", "private"])[columns]

    def submit(self, submission: Submission, note: str = "", *, quiet: bool = False) -> float:
        """Score a file or table of ids and probabilities; return its area under the curve on the public half.

        ``quiet`` prints nothing, for a loop of many tries.

        Raises
        ------
        BadSubmission
            when the competition would refuse it; this costs no try
        SubmittingEnded
            when no try is left, or after `reveal`
        """
        sample = pd.DataFrame({ID: self._late.index, TARGET: 0.5})
        scores = validate(submission, sample)
        with state.changing("leaderboard") as boards:
            board = boards.setdefault(self._key, _new_board())
            entry = self._seen_before(board, scores) or self._score(board, scores, note)
        if not quiet:
            self._tell(board, entry)
        return float(entry["public"])

    def reveal(self) -> pd.DataFrame:
        """Return every try with its private score and the gap, public less private. This ends submitting."""
        with state.changing("leaderboard") as boards:
            boards.setdefault(self._key, _new_board())["revealed"] = True
        return self.history.assign(gap=lambda table: table["public"] - table["private"])

    def reset(self) -> None:
        """Forget every try of this competition and seed, and start again."""
        with state.changing("leaderboard") as boards:
            boards.pop(self._key, None)

    def _seen_before(self, board: dict[str, Any], scores: pd.Series) -> dict[str, Any] | None:
        # So that running a finished notebook again gives what it gave before.
        return next((entry for entry in board["tries"] if entry["digest"] == _digest(scores)), None)

    def _score(self, board: dict[str, Any], scores: pd.Series, note: str) -> dict[str, Any]:
        if board["revealed"]:
            raise SubmittingEnded("The private scores are revealed, so submitting is over. `reset()` starts again.")
        if len(board["tries"]) >= self.tries:
            raise SubmittingEnded(
                f"All {self.tries} tries are used. `reveal()` shows the private scores; `reset()` starts again."
            )
        public, private = _auc(self._late, scores, self._public), _auc(self._late, scores, ~self._public)
        board["tries"].append({"note": note, "public": public, "private": private, "digest": _digest(scores)})
        return dict(board["tries"][-1])

    def _tell(self, board: dict[str, Any], entry: dict[str, Any]) -> None:
        best = max(entry["public"] for entry in board["tries"])
        left = max(0, self.tries - len(board["tries"]))
        print(f"Public score {entry['public']:.4f} (best so far {best:.4f}). {left} of {self.tries} tries left.")


def validate(submission: Submission, sample: Submission) -> pd.Series:
    """Return a submission's scores by id, in the order of the sample.

    Any numbers will do: an area under the curve is a matter of their order, so a competition takes log odds as well.

    Parameters
    ----------
    submission, sample
        a CSV file or a table; the sample has the ids wanted in its first column and names the second

    Raises
    ------
    BadSubmission
        naming the file and the column or rows: no CSV, wrong columns, an index column, ids missing, extra or
        twice, and scores that are missing, text or infinite
    """
    wanted, (table, name) = _read(sample)[0], _read(submission)
    id_column, target = wanted.columns[:2]
    _require_columns(table, name, [id_column, target])
    ids = _matched_ids(table[id_column], wanted[id_column], name)
    values = pd.Series(_numbers(table[target], name), index=pd.Index(ids, name=id_column), name=target)
    return values.reindex(wanted[id_column])


def _read(submission: Submission) -> tuple[pd.DataFrame, str]:
    """Return the table and words for it."""
    if isinstance(submission, pd.DataFrame):
        return submission, "The submission"
    if not isinstance(submission, str | PathLike):
        raise BadSubmission(f"A submission is a CSV file or a DataFrame, not a {type(submission).__name__}.")
    path = Path(submission)
    if not path.is_file():
        raise BadSubmission(f"There is no file {path}. Write it first, with `to_csv(path, index=False)`.")
    try:
        return pd.read_csv(path), str(path)
    except pd.errors.EmptyDataError:
        raise BadSubmission(f"{path} is empty.") from None
    except (pd.errors.ParserError, UnicodeError) as error:
        raise BadSubmission(f"{path} is not a CSV file ({error}). Write it with `to_csv`.") from None


def _require_columns(table: pd.DataFrame, name: str, wanted: list[str]) -> None:
    found = list(table.columns)
    if sorted(map(str, found)) == sorted(wanted):
        return
    extra = [column for column in found if column not in wanted]
    remedy = ""
    if table.index.name in wanted:
        remedy = f" `{table.index.name}` is the index here: `reset_index()` makes it a column."
    elif len(extra) == len(found) - len(wanted) and str(extra[0]).startswith("Unnamed"):
        remedy = " The first is the index of the table: write the file with `index=False`."
    elif len(found) == 1 and any(mark in str(found[0]) for mark in ";\t"):
        remedy = " The separator must be a comma."
    raise BadSubmission(f"{name} has the columns {found}; it should have {wanted}.{remedy}")


def _matched_ids(ids: pd.Series, wanted: pd.Series, name: str) -> pd.Series:
    """The submission's ids in the type of the sample's, each once and none other."""
    if pd.api.types.is_numeric_dtype(wanted) and not pd.api.types.is_numeric_dtype(ids):
        ids = pd.to_numeric(ids, errors="coerce")
    elif not pd.api.types.is_numeric_dtype(wanted):
        ids, wanted = ids.astype("string"), wanted.astype("string")
    _refuse(ids.isna(), ids, f"{name}: column `{ids.name}` has rows without a valid id")
    _refuse(ids.duplicated(), ids, f"{name}: column `{ids.name}` has ids that came before")
    _refuse(~ids.isin(wanted), ids, f"{name}: column `{ids.name}` has ids that are not in the test set")
    missing = wanted[~wanted.isin(ids)]
    if len(missing):
        raise BadSubmission(
            f"{name}: {len(missing):,} of {len(wanted):,} ids are missing, the first is {missing.iloc[0]}."
        )
    return ids


def _numbers(values: pd.Series, name: str) -> np.ndarray:
    label = f"{name}: column `{values.name}`"
    _refuse(values.isna(), values, f"{label} has rows without a value")
    numbers = pd.to_numeric(values, errors="coerce")
    _refuse(numbers.isna(), values, f"{label} has text where there should be numbers, the larger the later")
    _refuse(~np.isfinite(numbers), values, f"{label} has infinite values")
    return numbers.to_numpy(dtype=float)


def _refuse(wrong: pd.Series, values: pd.Series, problem: str) -> None:
    if wrong.any():
        row = int(wrong.to_numpy().argmax())
        raise BadSubmission(f"{problem}: {wrong.sum():,}, the first is {values.iloc[row]!r} in row {row + 1}.")


def _answers(competition: str) -> pd.Series:
    from helpers import data

    try:
        return data.competition_answers(competition)
    except data.DataError as error:
        more = "  A submission's format can still be checked: `helpers.leaderboard.validate(submission, sample)`."
        raise PlainError(f"{error}\n{more}") from None


def _as_late(answers: pd.Series) -> pd.Series:
    late = answers.map({"Y": 1, "N": 0}) if not pd.api.types.is_numeric_dtype(answers) else answers
    return late.astype(int)


def _in_public_half(ids: pd.Index, seed: int) -> np.ndarray:
    hashed = pd.util.hash_array(ids.astype(str).to_numpy(dtype=object), hash_key=f"{seed:016d}"[-16:])
    return hashed % 2 == 0


def _auc(late: pd.Series, scores: pd.Series, half: np.ndarray) -> float:
    from sklearn.metrics import roc_auc_score

    return float(roc_auc_score(late[half], scores.to_numpy()[half]))


def _digest(scores: pd.Series) -> str:
    return hashlib.sha256(scores.to_numpy().round(9).tobytes()).hexdigest()[:16]


def _new_board() -> dict[str, Any]:
    return {"tries": [], "revealed": False}
