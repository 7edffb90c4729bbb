"""Plain loops: a dictionary of labels for each fold left out."""

def encode(category: pd.Series, late: pd.Series, fold: np.ndarray, m: float = 20.0) -> np.ndarray:
    names = [None if pd.isna(value) else value for value in category.tolist()]
    labels, folds = [int(value) for value in late], np.asarray(fold).tolist()
    result = np.empty(len(names))
    for out in set(folds):
        rest = [i for i, number in enumerate(folds) if number != out]
        rate = sum(labels[i] for i in rest) / len(rest)
        seen = {}
        for i in rest:
            if names[i] is not None:
                seen.setdefault(names[i], []).append(labels[i])
        for i, number in enumerate(folds):
            if number == out:
                mates = seen.get(names[i])
                result[i] = (sum(mates) + m * rate) / (len(mates) + m) if mates else rate
    return result
