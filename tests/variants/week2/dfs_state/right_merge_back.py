"""The EntitySet in one expression, a share counted with numpy, and the answers merged to the questions."""

import featuretools as ft
from featuretools.primitives import Count, Mean
from woodwork.column_schema import ColumnSchema


class LateShare(ft.primitives.AggregationPrimitive):
    name = "late_share"
    input_types = [ColumnSchema(semantic_tags={"numeric"})]
    return_type = ColumnSchema(semantic_tags={"numeric"})

    def get_function(self):
        return lambda delay: np.count_nonzero(delay >= 15) / len(delay) if len(delay) else np.nan


def dfs_state(flights: pd.DataFrame, asked: pd.DataFrame) -> pd.DataFrame:
    flown = flights[flights["dep_delay"].notna()]
    left = (flown["sched_dep"] + pd.to_timedelta(flown["dep_delay"], unit="m")).dt.tz_convert(None)
    log = pd.DataFrame({"number": range(len(flown)), "left": left.to_numpy()})
    log["origin"] = flown["origin"].astype(str).to_numpy()
    log["dep_delay"] = flown["dep_delay"].to_numpy(dtype=float)
    places = pd.DataFrame({"origin": sorted(set(flights["origin"].astype(str)))})
    text = {"origin": "Categorical"}
    desk = ft.EntitySet(
        "desk",
        dataframes={
            "places": (places, "origin", None, text),
            "log": (log, "number", "left", text | {"dep_delay": "Double"}),
        },
        relationships=[("places", "origin", "log", "origin")],
    )
    origin, time = asked["origin"].astype(str).to_numpy(), asked["cutoff"].dt.tz_convert(None).to_numpy()
    questions = pd.DataFrame({"origin": origin, "time": time})
    once = questions.drop_duplicates().rename(columns={"origin": "instance_id"}).reset_index(drop=True)
    found, _ = ft.dfs(
        entityset=desk,
        target_dataframe_name="places",
        cutoff_time=once,
        cutoff_time_in_index=True,
        include_cutoff_time=True,
        training_window=ft.Timedelta(3, "h"),
        agg_primitives=[Count, Mean, LateShare],
        trans_primitives=[],
    )
    found = found.set_axis(found.index.set_names(["origin", "time"])).reset_index()
    found["origin"] = found["origin"].astype(str)
    found = found.rename(
        columns={"COUNT(log)": "departed", "MEAN(log.dep_delay)": "delay", "LATE_SHARE(log.dep_delay)": "late"}
    )
    result = questions.merge(found, how="left", on=["origin", "time"])[["departed", "delay", "late"]]
    return result.astype(float).set_axis(asked.index)
