"""A class, one bad minute of the last two, a canary of 20 % and longer waits."""

class Alarm:
    def __init__(self, endpoint, variant):
        self.place = {"EndpointName": endpoint, "VariantName": variant}

    def arguments(self, kind, metric, limit, **statistic):
        made = dict(statistic, AlarmName=f"{self.place['EndpointName']}-{kind}", Namespace="AWS/SageMaker")
        made.update(MetricName=metric, Threshold=limit, Period=60, EvaluationPeriods=2, DatapointsToAlarm=1)
        made.update(ComparisonOperator="GreaterThanThreshold", TreatMissingData="notBreaching")
        made["Dimensions"] = [dict(Name=name, Value=value) for name, value in self.place.items()]
        return made


def alarms(endpoint: str, variant: str) -> list[dict]:
    alarm = Alarm(endpoint, variant)
    return [
        alarm.arguments("errors", "Invocation5XXErrors", 0.03, Statistic="Average"),
        alarm.arguments("slow", "ModelLatency", 8e5, ExtendedStatistic="p94"),
    ]


def deployment_config(alarm_names: list[str]) -> dict:
    routing = dict(Type="CANARY", CanarySize=dict(Type="CAPACITY_PERCENT", Value=20), WaitIntervalInSeconds=10 * 60)
    policy = dict(
        TrafficRoutingConfiguration=routing, TerminationWaitInSeconds=10 * 60, MaximumExecutionTimeoutInSeconds=3600
    )
    return dict(
        BlueGreenUpdatePolicy=policy,
        AutoRollbackConfiguration=dict(Alarms=[dict(AlarmName=name) for name in alarm_names]),
    )
