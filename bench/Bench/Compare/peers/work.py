"""The job that every peer runs: one indexed SELECT, a computation, one INSERT."""
import os
import threading
import time

DSN = os.environ["DSN"]

FETCH = "SELECT data FROM profile WHERE id = "
WRITE = "INSERT INTO result (batch, job, profile_id, value) VALUES "


def compute(data: str, spin_ms: float) -> str:
    """Burns spin_ms of this thread's CPU clock, so that it costs the same in every language."""
    end = time.thread_time() + spin_ms / 1000
    while time.thread_time() < end:
        pass
    return data


_local = threading.local()


def run_job(batch: str, job: int, profile_id: int, spin_ms: float) -> None:
    """The whole job, blocking, on one connection a thread."""
    import psycopg2

    connection = getattr(_local, "connection", None)
    if connection is None or connection.closed:
        connection = _local.connection = psycopg2.connect(DSN)
        connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(FETCH + "%s", (profile_id,))
            value = compute(cursor.fetchone()[0], spin_ms)
            cursor.execute(WRITE + "(%s, %s, %s, %s)", (batch, job, profile_id, value))
    except psycopg2.Error:
        connection.close()
        raise
