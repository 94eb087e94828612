"""POST /jobs answers 202 at once and runs the job behind the answer. VARIANT says how; each stands for what people write:

inline       a background task whose computation runs on the event loop: the usual mistake
threadpool   the computation in run_in_threadpool: the usual advice
processpool  the computation in a ProcessPoolExecutor: the advice for CPU work
celery       the job is sent to a Celery worker (tasks.py) through Redis: the usual way to grow up
"""
import asyncio
import os
import time
from concurrent.futures import ProcessPoolExecutor

import asyncpg
from fastapi import BackgroundTasks, FastAPI
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel

from work import DSN, FETCH, WRITE, compute

VARIANT = os.environ["VARIANT"]
PROCESSES = int(os.environ["PROCESSES"])

app = FastAPI()
database: asyncpg.Pool
processes: ProcessPoolExecutor

if VARIANT == "celery":
    from tasks import job_task


class Job(BaseModel):
    id: int
    batch: str
    job: int
    spin_ms: float


@app.on_event("startup")
async def start() -> None:
    global database, processes
    if VARIANT == "processpool":  # Before the connections, which its processes shall not inherit.
        processes = ProcessPoolExecutor(PROCESSES)
        list(processes.map(time.sleep, [0.1] * PROCESSES))
    if VARIANT != "celery":
        database = await asyncpg.create_pool(DSN, min_size=2, max_size=10)


async def run(job: Job) -> None:
    data = await database.fetchval(FETCH + "$1", job.id)
    if VARIANT == "inline":
        value = compute(data, job.spin_ms)
    elif VARIANT == "threadpool":
        value = await run_in_threadpool(compute, data, job.spin_ms)
    else:
        value = await asyncio.get_running_loop().run_in_executor(processes, compute, data, job.spin_ms)
    await database.execute(WRITE + "($1, $2, $3, $4)", job.batch, job.job, job.id, value)


if VARIANT == "celery":

    @app.post("/jobs", status_code=202)
    def submit(job: Job):  # Not async: .delay() blocks.
        job_task.delay(job.batch, job.job, job.id, job.spin_ms)
        return {"accepted": job.job}

else:

    @app.post("/jobs", status_code=202)
    async def submit(job: Job, background: BackgroundTasks):
        background.add_task(run, job)
        return {"accepted": job.job}


@app.get("/health")
async def health():
    return {"ok": True}
