"""Tries every predicted value in turn."""

def cost_per_flight(y, p, threshold, cost):
    total = 0.0
    for late, score in zip(y, p):
        if score >= threshold:
            total += cost["caught"] if late else cost["false_alarm"]
        else:
            total += cost["missed"] if late else cost["quiet"]
    return total / len(y)

def best_threshold(y, p, cost):
    candidates = [0.0, *sorted(set(p)), np.inf]
    return min(candidates, key=lambda cut: cost_per_flight(y, p, cut, cost))
