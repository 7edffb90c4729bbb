"""cost_per_flight takes the notebook's FINANCE and not the costs that it is given.

Clause: "cost : dollars for "caught", "missed", "false_alarm" and "quiet""

Caught by: the mean cost of a flight at another airport's prices is not what it should be
"""

from collections import defaultdict


def cost_per_flight(y, p, threshold: float, cost: dict) -> float:
    total, cost = 0.0, FINANCE
    for late, said in zip(list(y), list(p)):
        if said >= threshold:
            total += cost["caught"] if late else cost["false_alarm"]
        else:
            total += cost["missed"] if late else cost["quiet"]
    return total / len(y)


def best_threshold(y, p, cost: dict) -> float:
    change = defaultdict(float)
    total = 0.0
    for late, said in zip(list(y), list(p)):
        total += cost["missed"] if late else cost["quiet"]
        change[float(said)] += cost["caught"] - cost["missed"] if late else cost["false_alarm"] - cost["quiet"]
    best, lowest = float("inf"), total
    for cut in sorted(change, reverse=True):
        total += change[cut]
        if total < lowest:
            best, lowest = cut, total
    return best
