"""Goes through the version number behind the alias, and loops over groups."""

def model_card(folder, flights, threshold):
    import mlflow
    from sklearn import metrics

    registry.connect(folder)
    client = mlflow.MlflowClient()
    number = client.get_registered_model("flight-delays").aliases["champion"]
    version = client.get_model_version("flight-delays", number)
    data = client.get_run(version.run_id).data
    model = mlflow.sklearn.load_model(f"models:/flight-delays/{number}")
    X = flights.drop(columns=["late", "sched_dep", "group"])
    y, p = flights["late"].to_numpy(), model.predict_proba(X)[:, 1]
    day = [moment.strftime("%Y-%m-%d") for moment in flights["sched_dep"].dt.tz_convert("America/New_York")]

    def share(values):
        return float(np.mean(values)) if len(values) else None

    groups = []
    for name in flights["group"].unique():
        here = flights["group"].to_numpy() == name
        alarm = p[here] >= threshold
        groups.append({"group": name, "flights": int(here.sum()), "late_share": share(y[here]),
                       "recall": share(alarm[y[here] == 1]), "false_alarm_rate": share(alarm[y[here] == 0])})
    return dict(
        model=dict(name="flight-delays", version=int(number), alias="champion", run_id=version.run_id,
                   registered=str(np.datetime64(version.creation_timestamp, "ms"))[:10]),
        training=dict(settings={k: str(v) for k, v in data.params.items()}, recorded={k: float(v) for k, v in data.metrics.items()}),
        evaluation=dict(flights=len(y), first_day=min(day), last_day=max(day), threshold=threshold,
                        auc=float(metrics.roc_auc_score(y, p)), log_loss=float(metrics.log_loss(y, p))),
        groups=groups, **words_of_the_card(),
    )


def words_of_the_card() -> dict:
    return {
        "use": {
            "intended": "Warns New York's delay desk two hours before departure that a flight may arrive late.",
            "not_for": "Not for decisions about passengers, crews or carriers as such, nor for other airports or years.",
            "limits": "Trained on one year; islands and thin routes have few flights; cancelled ones are not in it.",
        },
        "law": {
            "ai_act_class": "minimal",
            "reason": "It evaluates no natural person: in no list of Article 5, Annex I, Annex III or Article 50.",
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
    by = frame.groupby(group)[outcome].agg(["size", "sum"])
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
