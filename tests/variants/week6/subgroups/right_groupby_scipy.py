"""groupby and SciPy's hypergeometric distribution."""

from itertools import combinations

from scipy.stats import hypergeom


def worst_subgroups(
    frame: pd.DataFrame, attributes: list[str], harmed: str, depth: int = 2, min_size: int = 30
) -> pd.DataFrame:
    everybody, all_harmed = len(frame), int(frame[harmed].sum())
    rows = []
    for size in range(1, depth + 1):
        for chosen in combinations(attributes, size):
            counts = frame.groupby(list(chosen), observed=True)[harmed].agg(["size", "sum"])
            for values, n, k in zip(counts.index, counts["size"], counts["sum"]):
                values = values if isinstance(values, tuple) else (values,)
                if n >= min_size:
                    name = " & ".join(f"{attribute}={value}" for attribute, value in zip(chosen, values))
                    p_value = hypergeom.sf(k - 1, everybody, all_harmed, n)
                    rows.append({"subgroup": name, "people": n, "rate": k / n, "p_value": p_value})
    table = pd.DataFrame(rows, columns=["subgroup", "people", "rate", "p_value"])
    table["claimed"] = table["p_value"] * len(table) <= 0.05
    return table.sort_values("p_value", kind="stable", ignore_index=True)
