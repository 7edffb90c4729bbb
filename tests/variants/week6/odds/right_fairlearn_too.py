"""fairlearn's own difference on the rows that are left, and groupby."""

from fairlearn.metrics import equalized_odds_difference
from scipy import stats


def equalised_odds(y, decision, group: pd.Series) -> dict:
    people = pd.DataFrame({"y": np.asarray(y), "decision": np.asarray(decision), "group": np.asarray(group)})
    both = people.groupby("group")["y"].transform("nunique") == 2
    kept = people[both]
    difference = equalized_odds_difference(kept["y"], kept["decision"], sensitive_features=kept["group"])
    return {"difference": float(difference), "undefined": people.loc[~both, "group"].drop_duplicates().tolist()}


def calibration_by_group(y, p, group: pd.Series) -> pd.DataFrame:
    people = pd.DataFrame({"y": np.asarray(y, dtype=float), "p": np.asarray(p, dtype=float)})
    by = people.groupby(np.asarray(group))
    table = pd.DataFrame({"people": by.size(), "mean_p": by["p"].mean(), "share": by["y"].mean()})
    table["gap"] = table["share"] - table["mean_p"]
    k, n = by["y"].sum(), table["people"]
    known = stats.beta(k + 0.5, n - k + 0.5)
    table["low"], table["high"] = known.ppf(0.025) - table["mean_p"], known.ppf(0.975) - table["mean_p"]
    return table
