"""Borrow the trial that the checks deploy with: its role's documents by its source, its deployment and its requests."""
import ast
import inspect
import json
import textwrap


def _documents():
    from helpers.aws import trial

    found = []
    for node in ast.walk(ast.parse(textwrap.dedent(inspect.getsource(trial._Trial._role)))):
        if isinstance(node, ast.Dict):
            text = ast.unparse(node).replace("self.bucket", "'BUCKET'")
            try:
                found.append(eval(text, {"permissions": trial.permissions if hasattr(trial, "permissions") else None}))
            except Exception:
                continue
    return found


def trust_policy():
    statements = [one for one in _documents() if "Principal" in one]
    statement = statements[0] if statements else {"Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"}
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement}]}


def role_policy(bucket):
    statements = [one for one in _documents() if "Resource" in one] or [{"Action": "s3:*", "Resource": f"arn:aws:s3:::{bucket}*"}]
    text = json.dumps([{"Effect": "Allow", **one} for one in statements]).replace("BUCKET", bucket)
    return {"Version": "2012-10-17", "Statement": json.loads(text)}


def _trial(endpoint):
    from helpers import aws
    from helpers.aws import trial

    return trial._Trial(aws.current(), endpoint)


def move(endpoint, config):
    import boto3

    one = _trial(endpoint)
    boto3.client("sagemaker").update_endpoint(EndpointName=endpoint, EndpointConfigName=config)
    one._wait()
    return one.outcome()["reason"]


def deploy(endpoint, archive, bucket, role):
    one = _trial(endpoint)
    one.create({"AllTraffic": {"archive": archive}})
    return {"config": f"{endpoint}-old", "reason": one.outcome()["reason"]}


def ask(endpoint, body, content_type="application/json"):
    reply = _trial(endpoint).ask({"body": body, "content_type": content_type})
    return reply["status"], reply["body"] or reply["message"].encode()
