"""Takes the sums of the own fold away from the sums of all, without a loop."""

def encode(category, late, fold, m=20.0):
    labels = pd.Series(np.asarray(category, dtype=object)).astype(str).where(~pd.isna(np.asarray(category, dtype=object)), "")
    table = pd.DataFrame({"c": labels, "y": np.asarray(late, dtype=float), "f": np.asarray(fold)})
    by = table.groupby("c")["y"], table.groupby(["c", "f"])["y"], table.groupby("f")["y"]
    rate = (table["y"].sum() - by[2].transform("sum")) / (len(table) - by[2].transform("size"))
    late_others = by[0].transform("sum") - by[1].transform("sum")
    others = by[0].transform("size") - by[1].transform("size")
    code = (late_others + m * rate) / (others + m)
    return code.where(table["c"] != "", rate).to_numpy()
