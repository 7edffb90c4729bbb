"""Two models of the check's shares, its target and its limits.

Clause: "shares : of the traffic, by the name of a model; each model's variant has the model's name"

Caught by: a model does not get its share of the traffic
"""

def endpoint_config(name: str, shares: dict[str, float], bucket: str) -> dict:
    variants = []
    for model, share in zip(list(shares)[:2], (0.9, 0.1)):
        variants.append(
            {
                "VariantName": model,
                "ModelName": model,
                "InstanceType": "ml.m5.xlarge",
                "InitialInstanceCount": 1,
                "InitialVariantWeight": share,
            }
        )
    capture = {
        "EnableCapture": True,
        "InitialSamplingPercentage": 100,
        "DestinationS3Uri": f"s3://{bucket}/captured/",
        "CaptureOptions": [{"CaptureMode": "Input"}, {"CaptureMode": "Output"}],
        "CaptureContentTypeHeader": {"CsvContentTypes": ["text/csv"], "JsonContentTypes": ["application/json"]},
    }
    return {"EndpointConfigName": name, "ProductionVariants": variants, "DataCaptureConfig": capture}


def scaling(endpoint: str, variant: str, per_minute: float, least: int, most: int) -> list[dict]:
    what = {
        "ServiceNamespace": "sagemaker",
        "ResourceId": f"endpoint/{endpoint}/variant/{variant}",
        "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
    }
    target = {**what, "MinCapacity": 1, "MaxCapacity": 4}
    policy = {
        **what,
        "PolicyName": f"{endpoint}-{variant}-load",
        "PolicyType": "TargetTrackingScaling",
        "TargetTrackingScalingPolicyConfiguration": {
            "TargetValue": 20.0,
            "PredefinedMetricSpecification": {"PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"},
        },
    }
    return [target, policy]
