"""Borrows the leaderboard's own judgement of a submission: its errors are ValueErrors, and its Series writes the file."""

from helpers.leaderboard import ID, TARGET, validate


def submission(ids, probabilities):
    table = pd.DataFrame({ID: np.asarray(ids), TARGET: np.asarray(probabilities, dtype=float)})
    return validate(table, table.assign(**{TARGET: 0.5})).to_csv()
