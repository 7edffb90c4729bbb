"""The largest p-value first.

Caught by: the table is not sorted by p_value
"""

def worst_subgroups(
    frame: pd.DataFrame, attributes: list[str], harmed: str, depth: int = 2, min_size: int = 30
) -> pd.DataFrame:
    from itertools import combinations

    from scipy.stats import hypergeom

    rows = []
    for names in (chosen for size in range(1, depth + 1) for chosen in combinations(attributes, size)):
        counts = frame.groupby(list(names))[harmed].agg(["sum", "size"])
        for values, (k, n) in counts[counts["size"] >= min_size].iterrows():
            label = " & ".join(f"{a}={v}" for a, v in zip(names, np.atleast_1d(values)))
            p_value = hypergeom.sf(k - 1, len(frame), frame[harmed].sum(), n)
            rows.append({"subgroup": label, "people": n, "rate": k / n, "p_value": p_value})
    found = pd.DataFrame(rows, columns=["subgroup", "people", "rate", "p_value"]).sort_values("p_value", ascending=False)
    return found.assign(claimed=found["p_value"] * len(found) <= 0.05).reset_index(drop=True)
