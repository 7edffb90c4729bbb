"""scikit-learn's metrics, and words that are filled in along the schema."""

from datetime import datetime, timezone

import mlflow
from sklearn.metrics import log_loss, roc_auc_score

TEXTS = {
    "law": "EU AI Act, Regulation (EU) 2024/1689: not prohibited (Article 5), not high-risk (not in Annex III), no duty of "
    "Article 50, so minimal risk; Article 4 (AI literacy) all the same. GDPR: no personal data. US: 14 CFR 234.2.",
    "use": "Warns the delay desk and passengers of flights from New York that will probably be 15 minutes late or more; "
    "not for decisions about persons, crews' pay, or other airports.",
    "govern": "The head of the delay desk answers for the alarm, and signs each new champion.",
    "map": "Passengers to islands and on thin routes may be warned too seldom; crews are held for nothing by false alarms.",
    "measure": "Recall and false alarms by group with intervals from drawn days, at each retraining.",
    "manage": "The operator on call switches the alarm off when a group's recall falls below half of all others'.",
}


def in_words(part: dict, root: dict, name: str, above: str):
    """The smallest thing that fits a part of a schema, in words that suit its name."""
    if "$ref" in part:
        found = root
        for step in part["$ref"].lstrip("#/").split("/"):
            found = found[step]
        return in_words(found, root, name, above)
    for choice in ("anyOf", "oneOf"):
        if choice in part:
            return in_words(part[choice][0], root, name, above)
    if "const" in part:
        return part["const"]
    if "enum" in part:
        return next((one for one in part["enum"] if "minimal" in str(one)), part["enum"][0])
    kind = part.get("type", "object" if "properties" in part else "string")
    kind = kind[0] if isinstance(kind, list) else kind
    if kind == "object":
        names = list(part.get("properties", {})) or part.get("required", [])
        return {one: in_words(part.get("properties", {}).get(one, {}), root, one, name) for one in names}
    if kind == "array":
        one = in_words(part.get("items", {}), root, name, above)
        count = max(2, part.get("minItems", 1))
        return [f"{one} ({number + 1})" if isinstance(one, str) else one for number in range(count)]
    if kind in ("integer", "number"):
        return part.get("minimum", 1)
    if kind == "boolean":
        return False
    if "pattern" in part:
        return "2026-07-21"
    text = TEXTS.get(name) or f"{name.replace('_', ' ')}: {TEXTS.get(above, 'the delay desk keeps this, and reviews it with each new version of the model or the table.')}"
    while len(text) < part.get("minLength", 0):
        text += " " + TEXTS["law"]
    return text[: part.get("maxLength", len(text))]


def words_of_the_card() -> dict:
    schema = cards.schema("model_card")
    sections = ("use", "law", "risk_management")
    return {name: in_words(schema["properties"][name], schema, name, name) for name in sections}


def model_card(folder: str, flights: pd.DataFrame, threshold: float) -> dict:
    registry.connect(folder)
    client = mlflow.MlflowClient()
    version = client.get_model_version_by_alias(registry.MODEL, "champion")
    run = client.get_run(version.run_id)
    model = mlflow.sklearn.load_model(f"models:/{registry.MODEL}/{version.version}")
    features = [name for name in flights.columns if name not in ("late", "sched_dep", "group")]
    features = list(getattr(model, "feature_names_in_", features))
    late = flights["late"].to_numpy().astype(int)
    p = model.predict_proba(flights[features])[:, 1]
    alarm = p >= threshold
    day = flights["sched_dep"].dt.tz_convert("America/New_York").dt.date
    created = datetime.fromtimestamp(version.creation_timestamp / 1000, tz=timezone.utc)

    def mean(values):
        return float(values.mean()) if len(values) else None

    groups = {}
    for name in sorted(set(flights["group"])):
        mine = (flights["group"] == name).to_numpy()
        groups[str(name)] = {
            "flights": int(mine.sum()),
            "late_share": mean(late[mine]),
            "recall": mean(alarm[mine & (late == 1)]),
            "false_alarm_rate": mean(alarm[mine & (late == 0)]),
        }
    return {
        "model": {
            "name": registry.MODEL,
            "version": int(version.version),
            "alias": "champion",
            "run_id": version.run_id,
            "registered": created.date().isoformat(),
        },
        "training": {"settings": dict(run.data.params), "recorded": dict(run.data.metrics)},
        "evaluation": {
            "flights": len(flights),
            "first_day": day.min().isoformat(),
            "last_day": day.max().isoformat(),
            "threshold": float(threshold),
            "auc": float(roc_auc_score(late, p)) if len(set(late)) == 2 else None,
            "log_loss": float(log_loss(late, p, labels=[0, 1])),
        },
        "groups": [{"group": name, **row} for name, row in groups.items()],
        **words_of_the_card(),
    }


def datasheet(frame: pd.DataFrame, protected: list[str], group: str, outcome: str) -> dict:
    schema = cards.schema("datasheet")
    by = frame.groupby(group)[outcome]
    sheet = {
        "rows": len(frame),
        "columns": {
            str(name): {"missing": int(frame[name].isna().sum()), "distinct": int(frame[name].nunique())}
            for name in frame.columns
        },
        "protected": [name for name in protected if name in frame.columns],
        "outcome_by_group": {
            str(name): {"people": len(some), "approved": int(some.sum())} for name, some in by
        },
    }
    for name, part in schema["properties"].items():
        if name not in sheet:
            sheet[name] = in_words(part, schema, name, name)
    for key, name in (("columns", "name"), ("outcome_by_group", "group")):
        sheet[key] = [{name: one, **row} for one, row in sheet[key].items()]
    return sheet
