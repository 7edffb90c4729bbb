"""Slow is what takes more than 0.89 seconds.

Clause: "one in ten requests of a minute over 0.8 seconds is an alarm"

Caught by: a bad version is not taken back: slow
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
    errors = {"MetricName": "Invocation5XXErrors", "Statistic": "Average", "Threshold": 0.03}
    slow = {"MetricName": "ModelLatency", "ExtendedStatistic": "p95", "Threshold": 890_000.0}
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
