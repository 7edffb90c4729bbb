"""Calls scikit-learn behind the tests of the input."""

def _test(y, other):
    if len(y) == 0 or len(y) != len(other):
        raise ValueError("rows")

def auc(y, score, weight=None):
    _test(y, score)
    if len(np.unique(y)) != 2:
        raise ValueError("one class")
    return sk.roc_auc_score(y, score, sample_weight=weight)

def average_precision(y, score, weight=None):
    _test(y, score)
    if not np.any(y):
        raise ValueError("none late")
    return sk.average_precision_score(y, score, sample_weight=weight)

def precision_recall_f1(y, alarm, weight=None):
    _test(y, alarm)
    if not np.any(y) or not np.any(alarm):
        raise ValueError("not defined")
    found = [f(y, alarm, sample_weight=weight) for f in (sk.precision_score, sk.recall_score, sk.f1_score)]
    return dict(zip(("precision", "recall", "f1"), found))

def mean_log_loss(y, p, weight=None):
    _test(y, p)
    return sk.log_loss(y, np.clip(p, 1e-15, 1 - 1e-15), sample_weight=weight, labels=[0, 1])
