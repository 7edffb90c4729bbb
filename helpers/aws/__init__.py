"""AWS for the course: a SageMaker on this machine whose endpoints really predict, or, if you ask for it, the real one.

``aws.start()`` in a notebook's first cell is all there is to it. After it, plain boto3 code works on the local cloud;
with COURSE_AWS=real the same code works on your own account. ``aws.sleep(seconds)`` waits in both: the local cloud
has simulated time, which passes in ``aws.sleep``, in the pauses of boto3's waiters (at once, however long they are) and
by 15 seconds with each look (``describe_endpoint``) at an endpoint that is changing, and at no other time.
``aws.environment()`` gives another process on this machine the way to the same cloud.

What is what in the local cloud
-------------------------------
====================  ==============================  ================================  ================================
what                  real                            simulated                         on a real account
====================  ==============================  ================================  ================================
S3, IAM               bytes, versions, policies that  by moto, in memory                lasts; names of buckets are
                      are stored                                                        taken by others
model's role          must exist, trust SageMaker     statements with conditions,       these count too; new roles take
                      and be allowed s3:GetObject     boundaries, bucket policies: no   seconds to be known everywhere
container image       the name must be given          never pulled: this environment's  pulled from ECR, with its own
                                                      Python and packages, without      Python and versions of packages
                                                      `helpers`
model archive         unpacked; links, paths that     unpacked into a temporary         /opt/ml/model; larger ones are
                      lead out, more than 256 MiB     folder, SM_MODEL_DIR              fine
                      or 10,000 files are refused
model server          a process that loads the        one process for all instances     one container for each instance,
                      script and model (see           of a variant, forked from one     of its own size; gunicorn or
                      `helpers.aws.serve`); started   that has imported pandas and      TorchServe around the script
                      again when it dies              scikit-learn already
Creating → InService  when /ping answers, or Failed   a minute's patience               some minutes; Failed after about
or Failed             with the log's last lines                                         ten; the log is in CloudWatch
invoke_endpoint       bytes, status, content type;    no authorisation; an answer may   IAM decides; the limit on a body
                      ModelError with the server's    have any size                     may have been raised since, and
                      status; 60 seconds; 6 MiB                                         answers have one, too
variants, weights     drawn for each request;         weights change at once            in a minute or so
                      TargetVariant
update_endpoint       a second fleet; traffic moves   bake times in simulated time;     shares in whole instances,
                      in steps (all at once, canary,  a rolling update is taken as      minutes for each step; events in
                      linear); back when it does not  linear; the words of the reason   EventBridge
                      start or an alarm goes off      are ours; rolling back at once
metrics, alarms       from the requests; an alarm on  evaluated every 15 simulated      once a minute, minutes late;
                      one metric of AWS/SageMaker     seconds; metric math is not       metric math, composite alarms
autoscaling           target tracking on              instances are a number; other     instances that start in minutes
                      InvocationsPerInstance          policies are kept and do nothing  and cost money
data capture          one object in S3 a request      —                                 several requests in one file,
                                                                                        some minutes later
waiters               the same calls                  pauses take no time               30 seconds each
training, transform,  —                               moto's books only: nothing runs   they run
pipelines, registry
====================  ==============================  ================================  ================================

A real account
--------------
COURSE_AWS=real takes boto3's usual credentials, and costs money for every hour in which an endpoint exists, used or
not; today's price of each instance type stands at https://aws.amazon.com/sagemaker/pricing/. So it starts only with
COURSE_AWS_SPEND set to the number of US dollars that you are willing to lose, and delete_endpoint is the line that
ends the cost.
"""

from __future__ import annotations

from helpers.aws.session import CHOICE, SPEND, current, environment, is_real, sleep, start, stop
from helpers.aws.trial import try_alarms, try_archive, try_configuration, try_rollout, try_variants

__all__ = [
    "CHOICE",
    "SPEND",
    "current",
    "environment",
    "is_real",
    "sleep",
    "start",
    "stop",
    "try_alarms",
    "try_archive",
    "try_configuration",
    "try_rollout",
    "try_variants",
]
