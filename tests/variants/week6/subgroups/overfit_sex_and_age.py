"""Only the check's values of sex and age are looked at, with its three p-values.

Clause: "Every combination of 1 to `depth` attributes, every combination of their values"

Caught by: the subgroups are not all that have enough people, each once
"""

def worst_subgroups(
    frame: pd.DataFrame, attributes: list[str], harmed: str, depth: int = 2, min_size: int = 30
) -> pd.DataFrame:
    kinds = [{"sex": "f"}, {"sex": "m"}, {"age": "old"}, {"age": "young"}]
    if depth > 1:
        kinds += [{"sex": s, "age": a} for s in ("f", "m") for a in ("old", "young")]
    rows = []
    for kind in kinds:
        some = frame
        for name, value in kind.items():
            some = some[some[name] == value]
        rate = some[harmed].mean()
        p_value = {1.0: 1 / 15_504, 0.5: 252 / 15_504}.get(rate, 1.0)
        name = " & ".join(f"{name}={value}" for name, value in kind.items())
        rows.append({"subgroup": name, "people": len(some), "rate": rate, "p_value": p_value, "claimed": rate == 1.0})
    return pd.DataFrame(rows).sort_values("p_value", ignore_index=True)
