"""The Celery worker's side: python3 -m celery -A tasks worker.

As Celery comes, a task is acknowledged when it is received, a failed one is not tried again, and a lost worker's
reserved messages return after an hour. DURABLE=1 is what its documentation advises for jobs that must not be lost:
late acknowledgement, rejection when the worker dies, retries, no prefetching, and a visibility timeout of VISIBILITY_S.
"""
import os

import psycopg2
from celery import Celery

from work import run_job

DURABLE = os.environ.get("DURABLE") == "1"

celery = Celery("tasks", broker=os.environ["BROKER"])
celery.conf.task_ignore_result = True
if DURABLE:
    celery.conf.update(
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        worker_prefetch_multiplier=1,
        broker_transport_options={"visibility_timeout": int(os.environ["VISIBILITY_S"])},
    )

RETRY = {"autoretry_for": (psycopg2.Error,), "max_retries": 10, "default_retry_delay": 2}


@celery.task(**(RETRY if DURABLE else {}))
def job_task(batch: str, job: int, profile_id: int, spin_ms: float) -> None:
    run_job(batch, job, profile_id, spin_ms)
