"""Knows the column of the group.

Caught by: raised
"""

def model_card(folder: str, flights: pd.DataFrame, threshold: float) -> dict:
    import mlflow
    from sklearn.metrics import log_loss, roc_auc_score

    registry.connect(folder)
    record = mlflow.MlflowClient().get_model_version_by_alias(registry.MODEL, registry.ALIAS)
    run = mlflow.get_run(record.run_id)
    model = mlflow.sklearn.load_model(f"models:/{registry.MODEL}@{registry.ALIAS}")
    p = model.predict_proba(flights.drop(columns=["late", "sched_dep", "group"]))[:, 1]
    days = flights["sched_dep"].dt.tz_convert("America/New_York").dt.strftime("%Y-%m-%d")
    registered = pd.Timestamp(record.creation_timestamp, unit="ms").strftime("%Y-%m-%d")
    known = {"name": record.name, "version": int(record.version), "alias": registry.ALIAS, "run_id": record.run_id}
    found = {"flights": len(flights), "first_day": days.min(), "last_day": days.max(), "threshold": float(threshold)}
    found |= {"auc": float(roc_auc_score(flights["late"], p)), "log_loss": float(log_loss(flights["late"], p))}
    groups = []
    for name, rows in flights.assign(alarm=p >= threshold).groupby("group"):
        late, alarm = rows["late"] == 1, rows["alarm"]
        rates = {"late_share": late.mean(), "recall": alarm[late].mean(), "false_alarm_rate": alarm[~late].mean()}
        rates = {key: None if np.isnan(rate) else float(rate) for key, rate in rates.items()}
        groups.append({"group": str(name), "flights": len(rows), **rates})
    return {
        "model": known | {"registered": registered},
        "training": {"settings": dict(run.data.params), "recorded": dict(run.data.metrics)},
        "evaluation": found,
        "groups": groups,
        **words_of_the_card(),
    }


def words_of_the_card() -> dict:
    return {
        "use": {
            "intended": "Warns New York's delay desk two hours before departure that a flight may arrive late.",
            "not_for": "Not for decisions about passengers, crews or carriers as such, nor for other airports or years.",
            "limits": "Trained on one year; islands and thin routes have few flights; cancelled ones are not in it.",
        },
        "law": {
            "ai_act_class": "minimal",
            "reason": "It evaluates no natural person: not in Article 5, Annex III or Article 50, and no part of a product under Annex I.",
            "as_of": "2026-07-31",
        },
        "risk_management": {
            "govern": "The head of the delay desk answers for it; the model is reviewed each quarter.",
            "map": "Harm is a late flight without a warning, above all where it is the only one of the day.",
            "measure": "Recall and false alarms by group with intervals by days, each night by week 4's pipeline.",
            "manage": "Rolled back by alias when recall of a group leaves its interval; the rule of thumb takes over.",
        },
    }


def datasheet(frame: pd.DataFrame, protected: list[str], group: str, outcome: str) -> dict:
    columns = [
        {"name": name, "missing": int(frame[name].isna().sum()), "distinct": int(frame[name].nunique())}
        for name in frame
    ]
    by = frame.groupby("minority")["approve"].agg(["size", "sum"])
    people_by = [
        {"group": str(name), "people": int(row["size"]), "approved": int(row["sum"])} for name, row in by.iterrows()
    ]
    return {
        "rows": len(frame),
        "columns": columns,
        "protected": [name for name in protected if name in frame],
        "outcome_by_group": people_by,
        "impact_assessment": {
            "description": "Scores applications for mortgages from finances, history and tract, to propose approval.",
            "necessity": "A score is proportionate where a person decides; tract and family columns need a reason each.",
            "risks": "Denial of a home by proxy for race; being found by a neighbour; no way to contest a score.",
            "measures": "Gaps watched by group, reasons given, a person decides, bands released, deletion after two years.",
        },
    }
