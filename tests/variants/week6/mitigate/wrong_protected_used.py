"""Protected columns that are in X are used.

Clause: "``X`` and ``X_new`` may hold columns of ``lending.PROTECTED``, which must not be used"

Caught by: the selection rates of the groups still differ on people who were not learned from
"""

from fairlearn.reductions import DemographicParity, ExponentiatedGradient


def group_thresholds(known: pd.DataFrame, new: pd.DataFrame, seed: int) -> np.ndarray:
    target = (known["p"] >= 0.5).mean()
    thresholds = {}
    for name, some in known.groupby("minority"):
        ordered = np.sort(some["p"].to_numpy())[::-1]
        count = round(target * len(ordered))
        thresholds[name] = ordered[count - 1] if count else np.inf
    return (new["p"].to_numpy() >= new["minority"].map(thresholds).to_numpy(dtype=float)).astype(int)


def fair_decisions(
    X: pd.DataFrame, y: pd.Series, group: pd.Series, X_new: pd.DataFrame, bound: float, seed: int
) -> np.ndarray:
    columns = list(X.columns)
    search = ExponentiatedGradient(
        lending.linear(),
        DemographicParity(difference_bound=bound),
        sample_weight_name="model__sample_weight",
    )
    search.fit(
        X[columns].reset_index(drop=True),
        y.astype(int).reset_index(drop=True),
        sensitive_features=group.reset_index(drop=True),
    )
    votes = np.zeros(len(X_new))
    for number, weight in search.weights_.items():
        if weight > 0:
            votes += weight * np.asarray(search.predictors_[number].predict(X_new[columns]))
    return (votes >= 0.5).astype(int)


def choose(frontier: pd.DataFrame, most_loss: float) -> str:
    nothing = frontier.loc[frontier["method"] == "nothing", "accuracy"].iloc[0]
    allowed = ~frontier["uses_group"].astype(bool) & (frontier["accuracy"] >= nothing - most_loss - 1e-9)
    fits = frontier[allowed].assign(size=lambda some: some["gap"].abs())
    return fits.sort_values(["size", "accuracy"], ascending=[True, False])["method"].iloc[0]
