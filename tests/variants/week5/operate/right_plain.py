"""Written out, with the default cooldowns."""

def endpoint_config(name, shares, bucket):
    variants = []
    for model in shares:
        variants.append(dict(VariantName=model, ModelName=model, InstanceType="ml.c5.xlarge", InitialInstanceCount=1))
        variants[-1]["InitialVariantWeight"] = shares[model]
    return dict(
        EndpointConfigName=name,
        ProductionVariants=variants,
        DataCaptureConfig=dict(
            EnableCapture=True,
            InitialSamplingPercentage=100,
            DestinationS3Uri="s3://" + bucket + "/captured",
            CaptureOptions=[dict(CaptureMode=mode) for mode in ("Output", "Input")],
            CaptureContentTypeHeader=dict(CsvContentTypes=["text/csv"], JsonContentTypes=["application/json"]),
        ),
        Tags=[dict(Key="week", Value="5")],
    )


def scaling(endpoint, variant, per_minute, least, most):
    target = dict(
        ServiceNamespace="sagemaker",
        ResourceId="endpoint/" + endpoint + "/variant/" + variant,
        ScalableDimension="sagemaker:variant:DesiredInstanceCount",
        MinCapacity=least,
        MaxCapacity=most,
    )
    policy = {key: value for key, value in target.items() if "Capacity" not in key}
    policy["PolicyName"] = "load"
    policy["PolicyType"] = "TargetTrackingScaling"
    policy["TargetTrackingScalingPolicyConfiguration"] = dict(
        PredefinedMetricSpecification=dict(PredefinedMetricType="SageMakerVariantInvocationsPerInstance"),
        TargetValue=float(per_minute),
    )
    return [target, policy]
