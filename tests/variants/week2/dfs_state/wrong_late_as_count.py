"""Counts late departures in place of their share.

Caught by: `late` of Featuretools' answers
"""

def dfs_state(flights: pd.DataFrame, asked: pd.DataFrame) -> pd.DataFrame:
    import featuretools
    from featuretools.primitives import AggregationPrimitive
    from woodwork.column_schema import ColumnSchema

    class ShareLate(AggregationPrimitive):
        name = "share_late"
        input_types = [ColumnSchema(semantic_tags={"numeric"})]  # noqa: RUF012
        return_type = ColumnSchema(semantic_tags={"numeric"})

        def get_function(self):
            return lambda delays: (delays >= 15).sum() if len(delays) else np.nan

    gone = flights.dropna(subset=["dep_delay"])
    left = (gone["sched_dep"] + pd.to_timedelta(gone["dep_delay"], unit="min")).dt.tz_localize(None)
    departures = pd.DataFrame({"origin": gone["origin"].astype(str), "left": left, "delay": gone["dep_delay"]})
    world = featuretools.EntitySet("airports")
    world.add_dataframe(
        departures.reset_index(drop=True).rename_axis("id").reset_index(), "departures", "id", time_index="left"
    )
    world.add_dataframe(pd.DataFrame({"origin": flights["origin"].astype(str).unique()}), "origins", "origin")
    world.add_relationship("origins", "origin", "departures", "origin")
    questions = pd.DataFrame(
        {
            "origin": asked["origin"].astype(str),
            "time": asked["cutoff"].dt.tz_localize(None),
            "row": np.arange(len(asked)),
        }
    )
    answers, _ = featuretools.dfs(
        entityset=world, target_dataframe_name="origins", cutoff_time=questions, training_window="3 hours",
        agg_primitives=["count", "mean", ShareLate], trans_primitives=[], max_depth=1,
    )  # fmt: skip
    answers = answers.set_index("row").sort_index().set_axis(asked.index)
    names = {"COUNT(departures)": "departed", "MEAN(departures.delay)": "delay", "SHARE_LATE(departures.delay)": "late"}
    return answers.rename(columns=names)[list(names.values())].astype(float)
