"""Counts of category by fold in one table, each fold's own subtracted from the total."""

def encode(category: pd.Series, late: pd.Series, fold: np.ndarray, m: float = 20.0) -> np.ndarray:
    code, names = pd.factorize(category)
    part, parts = pd.factorize(np.asarray(fold))
    late = np.asarray(late, dtype=float)
    there = code >= 0
    count, ones = np.zeros((len(names) + 1, len(parts))), np.zeros((len(names) + 1, len(parts)))
    np.add.at(count, (code[there], part[there]), 1)
    np.add.at(ones, (code[there], part[there]), late[there])
    size, sums = np.bincount(part), np.bincount(part, weights=late)
    rate = (sums.sum() - sums) / (size.sum() - size)
    other_count = (count.sum(axis=1, keepdims=True) - count)[code, part]
    other_ones = (ones.sum(axis=1, keepdims=True) - ones)[code, part]
    known = there & (other_count > 0)
    shrunk = (other_ones + m * rate[part]) / np.where(known, other_count + m, 1)
    return np.where(known, shrunk, rate[part])
