"""Pairs and thresholds in plain loops, as the definitions read."""

def auc(y, score, weight=None):
    y, score = list(y), list(score)
    weight = [1.0] * len(y) if weight is None else list(weight)
    if len(y) == 0 or len(y) != len(score) or len(set(y)) < 2:
        raise ValueError("no AUC")
    won = total = 0.0
    for a, s, w in zip(y, score, weight):
        if a != 1:
            continue
        for b, t, v in zip(y, score, weight):
            if b == 0:
                total += w * v
                won += w * v * (1.0 if s > t else 0.5 if s == t else 0.0)
    return won / total

def average_precision(y, score, weight=None):
    y, score = np.asarray(y), np.asarray(score)
    if len(y) != len(score) or np.sum(y) == 0:
        raise ValueError("no average precision")
    weight = np.ones(len(y)) if weight is None else np.asarray(weight)
    total, before = 0.0, 0.0
    for cut in sorted(set(score), reverse=True):
        alarm = score >= cut
        recall = weight[alarm & (y == 1)].sum() / weight[y == 1].sum()
        total += (recall - before) * weight[alarm & (y == 1)].sum() / weight[alarm].sum()
        before = recall
    return total

def precision_recall_f1(y, alarm, weight=None):
    if len(y) != len(alarm):
        raise ValueError("lengths differ")
    weight = [1.0] * len(y) if weight is None else weight
    tp = sum(w for a, b, w in zip(y, alarm, weight) if a and b)
    alarms = sum(w for b, w in zip(alarm, weight) if b)
    late = sum(w for a, w in zip(y, weight) if a)
    if alarms == 0 or late == 0:
        raise ValueError("not defined")
    precision, recall = tp / alarms, tp / late
    f1 = 0.0 if tp == 0 else 2 * precision * recall / (precision + recall)
    return {"precision": precision, "recall": recall, "f1": f1}

def mean_log_loss(y, p, weight=None):
    if len(y) == 0 or len(y) != len(p):
        raise ValueError("no rows")
    y, p = np.asarray(y), np.clip(p, 1e-15, 1 - 1e-15)
    loss = -(y * np.log(p) + (1 - y) * np.log(1 - p))
    return loss.mean() if weight is None else (loss * weight).sum() / np.sum(weight)
