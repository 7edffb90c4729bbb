"""Weights in percent, and cooldowns of its own."""

def endpoint_config(name: str, shares: dict[str, float], bucket: str) -> dict:
    total = sum(shares.values())
    fixed = dict(InstanceType="ml.m5.xlarge", InitialInstanceCount=1)
    return dict(
        EndpointConfigName=name,
        ProductionVariants=[
            dict(fixed, VariantName=model, ModelName=model, InitialVariantWeight=100.0 * float(share) / total)
            for model, share in shares.items()
        ],
        DataCaptureConfig=dict(
            EnableCapture=True,
            InitialSamplingPercentage=100,
            DestinationS3Uri="s3://" + bucket + "/captured",
            CaptureOptions=[dict(CaptureMode=mode) for mode in ("Input", "Output")],
            CaptureContentTypeHeader=dict(JsonContentTypes=["application/json"], CsvContentTypes=["text/csv"]),
        ),
    )


def scaling(endpoint: str, variant: str, per_minute: float, least: int, most: int) -> list[dict]:
    target = dict(
        ServiceNamespace="sagemaker",
        ResourceId="/".join(["endpoint", endpoint, "variant", variant]),
        ScalableDimension="sagemaker:variant:DesiredInstanceCount",
    )
    tracking = dict(
        PredefinedMetricSpecification=dict(PredefinedMetricType="SageMakerVariantInvocationsPerInstance"),
        TargetValue=float(per_minute),
        ScaleInCooldown=600,
        ScaleOutCooldown=60,
    )
    policy = dict(
        target,
        PolicyName="requests-per-instance",
        PolicyType="TargetTrackingScaling",
        TargetTrackingScalingPolicyConfiguration=tracking,
    )
    return [dict(target, MinCapacity=int(least), MaxCapacity=int(most)), policy]
