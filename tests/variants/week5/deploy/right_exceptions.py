"""Tries to create and catches what exists; polls by itself; names by digest and count."""

def trust_policy():
    return {
        "Version": "2012-10-17",
        "Statement": {"Effect": "Allow", "Principal": {"Service": ["sagemaker.amazonaws.com"]}, "Action": ["sts:AssumeRole"]},
    }


def role_policy(bucket):
    def arn(key):
        return "arn:aws:s3:::" + bucket + "/" + key

    return {
        "Version": "2012-10-17",
        "Statement": [
            {"Sid": "read", "Effect": "Allow", "Action": ["s3:GetObject"], "Resource": [arn("*")]},
            {"Sid": "write", "Effect": "Allow", "Action": ["s3:PutObject"], "Resource": [arn("captured/*")]},
        ],
    }


def move(endpoint, config):
    sagemaker = boto3.client("sagemaker")
    try:
        sagemaker.describe_endpoint(EndpointName=endpoint)
        sagemaker.update_endpoint(EndpointName=endpoint, EndpointConfigName=config)
    except sagemaker.exceptions.ClientError as error:
        if "Could not find" not in str(error):
            raise
        sagemaker.create_endpoint(EndpointName=endpoint, EndpointConfigName=config)
    while True:
        found = sagemaker.describe_endpoint(EndpointName=endpoint)
        if found["EndpointStatus"] not in ("Creating", "Updating", "RollingBack"):
            break
        aws.sleep(30)
    if (found["EndpointStatus"], found["EndpointConfigName"]) == ("InService", config):
        return ""
    return found.get("FailureReason", "no reason given")


def deploy(endpoint, archive, bucket, role):
    import hashlib
    import time

    s3, iam, sagemaker = boto3.resource("s3"), boto3.resource("iam"), boto3.client("sagemaker")
    s3.create_bucket(Bucket=bucket)
    try:
        server = iam.create_role(RoleName=role, AssumeRolePolicyDocument=json.dumps(trust_policy()))
        server.Policy("own").put(PolicyDocument=json.dumps(role_policy(bucket)))
    except iam.meta.client.exceptions.EntityAlreadyExistsException:
        server = iam.Role(role)
    name = endpoint + "-" + hashlib.sha1(archive).hexdigest()[:8] + "-" + str(time.time_ns())[-9:]
    s3.Object(bucket, name + ".tar.gz").put(Body=archive)
    container = {"Image": IMAGE, "ModelDataUrl": "s3://" + bucket + "/" + name + ".tar.gz"}
    sagemaker.create_model(ModelName=name, ExecutionRoleArn=server.arn, Containers=[container])
    sagemaker.create_endpoint_config(
        EndpointConfigName=name,
        ProductionVariants=[
            dict(VariantName="main", ModelName=name, InstanceType="ml.c5.large", InitialInstanceCount=2, InitialVariantWeight=1)
        ],
    )
    return dict(config=name, reason=move(endpoint, name))


def ask(endpoint, body, content_type="application/json"):
    client = boto3.client("sagemaker-runtime")
    try:
        response = client.invoke_endpoint(EndpointName=endpoint, ContentType=content_type, Accept="application/json", Body=body)
        return 200, response["Body"].read()
    except client.exceptions.ModelError as error:
        return error.response["OriginalStatusCode"], error.response["OriginalMessage"].encode()
