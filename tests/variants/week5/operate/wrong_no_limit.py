"""Lets the number of instances grow to a hundred.

Caught by: there are more instances than `most`
"""

def endpoint_config(name: str, shares: dict[str, float], bucket: str) -> dict:
    """Give the arguments of ``create_endpoint_config``.

    Parameters
    ----------
    name : of the configuration
    shares : of the traffic, by the name of a model; each model's variant has the model's name
    bucket : requests and answers, all of them and readable (JSON and CSV), go to captured/ in it
    """
    variants = [
        {
            "VariantName": model,
            "ModelName": model,
            "InstanceType": "ml.m5.large",
            "InitialInstanceCount": 1,
            "InitialVariantWeight": share,
        }
        for model, share in shares.items()
    ]
    capture = {
        "EnableCapture": True,
        "InitialSamplingPercentage": 100,
        "DestinationS3Uri": f"s3://{bucket}/captured/",
        "CaptureOptions": [{"CaptureMode": "Input"}, {"CaptureMode": "Output"}],
        "CaptureContentTypeHeader": {"JsonContentTypes": ["application/json"], "CsvContentTypes": ["text/csv"]},
    }
    return {"EndpointConfigName": name, "ProductionVariants": variants, "DataCaptureConfig": capture}


def scaling(endpoint: str, variant: str, per_minute: float, least: int, most: int) -> list[dict]:
    """Give the arguments of ``register_scalable_target`` and of ``put_scaling_policy``, in this order.

    Parameters
    ----------
    per_minute : requests that one instance shall get in a minute
    least, most : instances
    """
    which = {
        "ServiceNamespace": "sagemaker",
        "ResourceId": f"endpoint/{endpoint}/variant/{variant}",
        "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
    }
    follow = {
        "TargetValue": per_minute,
        "PredefinedMetricSpecification": {"PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"},
        "ScaleOutCooldown": 60,
        "ScaleInCooldown": 300,
    }
    policy = {"PolicyName": f"{endpoint}-load", "PolicyType": "TargetTrackingScaling"}
    return [
        {**which, "MinCapacity": least, "MaxCapacity": 100},
        {**which, **policy, "TargetTrackingScalingPolicyConfiguration": follow},
    ]
