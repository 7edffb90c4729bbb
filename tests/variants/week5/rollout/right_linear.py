"""Moves in five steps, with the alarms' arguments written out."""

def alarms(endpoint, variant):
    dimensions = [dict(Name="VariantName", Value=variant), dict(Name="EndpointName", Value=endpoint)]
    errors = dict(
        AlarmName=endpoint + "-errors",
        AlarmDescription="more than 3 % of a minute's requests ended in a 5xx",
        Namespace="AWS/SageMaker",
        MetricName="Invocation5XXErrors",
        Dimensions=dimensions,
        Statistic="Average",
        Period=60,
        EvaluationPeriods=1,
        DatapointsToAlarm=1,
        Threshold=0.03,
        ComparisonOperator="GreaterThanThreshold",
    )
    slow = dict(
        AlarmName=endpoint + "-slow",
        Namespace="AWS/SageMaker",
        MetricName="ModelLatency",
        Dimensions=dimensions,
        ExtendedStatistic="p90",
        Period=60,
        EvaluationPeriods=1,
        Threshold=800_000,
        ComparisonOperator="GreaterThanOrEqualToThreshold",
        TreatMissingData="ignore",
    )
    return [slow, errors]


def deployment_config(alarm_names):
    return dict(
        BlueGreenUpdatePolicy=dict(
            TrafficRoutingConfiguration=dict(
                Type="LINEAR", LinearStepSize=dict(Type="CAPACITY_PERCENT", Value=20), WaitIntervalInSeconds=300
            ),
            TerminationWaitInSeconds=600,
            MaximumExecutionTimeoutInSeconds=7200,
        ),
        AutoRollbackConfiguration=dict(Alarms=[dict(AlarmName=name) for name in alarm_names]),
    )
