"""Alarm from 4 % on, so that 3.5 % is none.

Clause: "*errors*: more than 3 % of a minute's requests with a 5xx is an alarm; 1 % is not;"

Caught by: the alarm `errors` stays silent though the promise is broken
"""

def alarms(endpoint: str, variant: str) -> list[dict]:
    common = {
        "Namespace": "AWS/SageMaker",
        "Dimensions": [{"Name": "EndpointName", "Value": endpoint}, {"Name": "VariantName", "Value": variant}],
        "Period": 60,
        "EvaluationPeriods": 1,
        "ComparisonOperator": "GreaterThanThreshold",
        "TreatMissingData": "notBreaching",
    }
    errors = {"MetricName": "Invocation5XXErrors", "Statistic": "Average", "Threshold": 0.04, "ComparisonOperator": "GreaterThanOrEqualToThreshold"}
    slow = {"MetricName": "ModelLatency", "ExtendedStatistic": "p95", "Threshold": 800_000.0}
    return [
        {"AlarmName": f"{endpoint}-errors", **common, **errors},
        {"AlarmName": f"{endpoint}-slow", **common, **slow},
    ]


def deployment_config(alarm_names: list[str]) -> dict:
    return {
        "BlueGreenUpdatePolicy": {
            "TrafficRoutingConfiguration": {
                "Type": "CANARY",
                "CanarySize": {"Type": "CAPACITY_PERCENT", "Value": 10},
                "WaitIntervalInSeconds": 300,
            },
            "TerminationWaitInSeconds": 300,
        },
        "AutoRollbackConfiguration": {"Alarms": [{"AlarmName": name} for name in alarm_names]},
    }
