"""pandas for the node's table, a generator of candidates and max() to choose."""

def candidates(node, features, lam, least):
    G, H = node["g"].sum(), node["h"].sum()
    for feature in features:
        sums = node.groupby(feature)[["g", "h"]].sum().cumsum().iloc[:-1]
        other_G, other_H = G - sums["g"], H - sums["h"]
        gain = 0.5 * (sums["g"] ** 2 / (sums["h"] + lam) + other_G**2 / (other_H + lam) - G**2 / (H + lam))
        gain = gain[(sums["h"] >= least) & (other_H >= least) & (gain > 1e-9)]
        if len(gain):
            yield gain.max(), feature, gain.idxmax()


def leaf_values(node, features, depth, lam, least):
    found = list(candidates(node, features, lam, least)) if depth else []
    if not found:
        return pd.Series(-node["g"].sum() / (node["h"].sum() + lam), index=node.index)
    _, feature, last_on_left = max(found)
    left = node[feature] <= last_on_left
    return pd.concat([leaf_values(node[side], features, depth - 1, lam, least) for side in (left, ~left)])


def boosting_step(X, y, raw, *, max_depth, learning_rate, lam, min_child_weight):
    node = pd.DataFrame(X)
    features = list(node.columns)
    p = 1 / (1 + np.exp(-raw))
    node["g"], node["h"] = p - y, p * (1 - p)
    return raw + learning_rate * leaf_values(node, features, max_depth, lam, min_child_weight).sort_index().to_numpy()
