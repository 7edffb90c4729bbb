"""Keeps the EntitySet by the number of flights, and answers from it for another table of that length.

Clause: "flights : ``origin``, ``sched_dep`` (UTC), ``dep_delay`` (minutes, NaN if it never left)"

Caught by: in a night when the clock changes, the window does not hold three hours
"""

import featuretools
from featuretools.primitives import AggregationPrimitive
from woodwork.column_schema import ColumnSchema
from woodwork.logical_types import Double


class ShareLate(AggregationPrimitive):
    """Share of departures 15 minutes late or more."""

    name = "share_late"
    input_types = [ColumnSchema(semantic_tags={"numeric"})]
    return_type = ColumnSchema(logical_type=Double, semantic_tags={"numeric"})

    def get_function(self):
        def share_late(delays):
            return (delays >= 15).mean()

        return share_late


_boards = {}


def dfs_state(flights: pd.DataFrame, asked: pd.DataFrame) -> pd.DataFrame:
    if len(flights) not in _boards:
        left = flights["sched_dep"] + pd.to_timedelta(flights["dep_delay"], unit="m")
        departures = pd.DataFrame(
            {
                "origin": flights["origin"].astype(str).to_numpy(),
                "left": left.dt.tz_localize(None).to_numpy(),
                "dep_delay": flights["dep_delay"].to_numpy(dtype=float),
            }
        )
        origins = departures[["origin"]].drop_duplicates().reset_index(drop=True)
        departures = departures.dropna(subset=["left"]).reset_index(drop=True)
        departures["departure"] = np.arange(len(departures))
        board = featuretools.EntitySet("board")
        board.add_dataframe(origins, dataframe_name="origins", index="origin", logical_types={"origin": "Categorical"})
        board.add_dataframe(
            departures,
            dataframe_name="departures",
            index="departure",
            time_index="left",
            logical_types={"origin": "Categorical", "dep_delay": "Double"},
        )
        board.add_relationship("origins", "origin", "departures", "origin")
        _boards[len(flights)] = board
    board = _boards[len(flights)]
    instants = asked["cutoff"].dt.tz_localize(None)
    questions = pd.DataFrame({"instance_id": asked["origin"].astype(str), "time": instants})
    matrix, _ = featuretools.dfs(
        entityset=board,
        target_dataframe_name="origins",
        cutoff_time=questions.drop_duplicates().reset_index(drop=True),
        cutoff_time_in_index=True,
        training_window="3 hours",
        include_cutoff_time=True,
        agg_primitives=["count", "mean", ShareLate],
        trans_primitives=[],
        max_depth=1,
    )
    names = ["COUNT(departures)", "MEAN(departures.dep_delay)", "SHARE_LATE(departures.dep_delay)"]
    values = matrix[names].astype(float).to_numpy()
    answers = {(str(origin), pd.Timestamp(time)): row for (origin, time), row in zip(matrix.index, values)}
    rows = [answers[question] for question in zip(questions["instance_id"], questions["time"])]
    return pd.DataFrame(rows, index=asked.index, columns=["departed", "delay", "late"])
