"""A class, AUC by ranks and log loss by hand."""

import mlflow

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


class Reviewed:
    """The champion of a registry, and what it says about some flights."""

    def __init__(self, folder, flights, threshold):
        registry.connect(folder)
        client = mlflow.tracking.MlflowClient()
        self.version = client.get_model_version_by_alias(registry.MODEL, "champion")
        self.data = client.get_run(self.version.run_id).data
        model = mlflow.sklearn.load_model(f"models:/{registry.MODEL}/{self.version.version}")
        given = flights.drop(columns=["late", "sched_dep", "group"])
        if hasattr(model, "feature_names_in_"):
            given = given[list(model.feature_names_in_)]
        p = np.asarray(model.predict_proba(given))[:, 1]
        moment = pd.to_datetime(flights["sched_dep"], utc=True).dt.tz_convert("America/New_York")
        self.rows = pd.DataFrame({"late": flights["late"].to_numpy().astype(int), "p": p})
        self.rows["group"] = flights["group"].astype(str).to_numpy()
        self.rows["day"] = moment.dt.strftime("%Y-%m-%d").to_numpy()
        self.rows["alarm"] = (self.rows["p"] >= threshold).astype(int)

    def auc(self):
        late = self.rows["late"] == 1
        n, m = late.sum(), (~late).sum()
        if n == 0 or m == 0:
            return None
        return float((self.rows["p"].rank()[late].sum() - n * (n + 1) / 2) / (n * m))

    def loss(self):
        tiny = np.finfo(float).eps
        right = np.where(self.rows["late"] == 1, self.rows["p"], 1 - self.rows["p"])
        return float(-np.log(np.clip(right, tiny, 1 - tiny)).mean())

    def groups(self):
        table = {}
        for name, some in self.rows.groupby("group"):
            means = some.groupby("late")["alarm"].mean().to_dict()
            table[name] = dict(flights=len(some), late_share=float(some["late"].mean()),
                               recall=means.get(1), false_alarm_rate=means.get(0))
        return table


def model_card(folder: str, flights: pd.DataFrame, threshold: float) -> dict:
    seen = Reviewed(folder, flights, threshold)
    registered = pd.Timestamp(seen.version.creation_timestamp, unit="ms", tz="UTC").strftime("%Y-%m-%d")
    card = dict(words_of_the_card())
    card["model"] = dict(name=seen.version.name, version=int(seen.version.version), alias="champion",
                         run_id=seen.version.run_id, registered=registered)
    card["training"] = dict(settings={**seen.data.params}, recorded={**seen.data.metrics})
    card["evaluation"] = dict(flights=len(seen.rows), first_day=min(seen.rows["day"]), last_day=max(seen.rows["day"]),
                              threshold=float(threshold), auc=seen.auc(), log_loss=seen.loss())
    card["groups"] = [{"group": name, **row} for name, row in seen.groups().items()]
    return card


def datasheet(frame: pd.DataFrame, protected: list[str], group: str, outcome: str) -> dict:
    schema = cards.schema("datasheet")
    sheet = {name: in_words(part, schema, name, name) for name, part in schema["properties"].items()}
    sheet["rows"], sheet["columns"], sheet["outcome_by_group"] = int(frame.shape[0]), {}, {}
    for name in frame.columns:
        known = frame[name].dropna()
        sheet["columns"][str(name)] = {"missing": len(frame) - len(known), "distinct": len(set(known.tolist()))}
    for value in frame[group].dropna().unique().tolist():
        outcomes = frame.loc[frame[group] == value, outcome]
        sheet["outcome_by_group"][str(value)] = {"people": len(outcomes), "approved": int((outcomes == 1).sum())}
    sheet["protected"] = [name for name in protected if name in set(frame.columns)]
    for key, name in (("columns", "name"), ("outcome_by_group", "group")):
        sheet[key] = [{name: one, **row} for one, row in sheet[key].items()]
    return sheet
