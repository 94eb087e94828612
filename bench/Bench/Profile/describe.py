# Describes the table with pandas: COPY as CSV into a file, read_csv with every type given, describe and nunique.
# Arguments: the database's address, the table, the most memory it may have in bytes. Prints one line of JSON.
import json
import os
import resource
import sys
import tempfile
import time

import pandas as pd
import psycopg2

TYPES = {
    "id": "int64", "customer": "int32", "quantity": "int16", "total": "float64", "tax_rate": "float64", "weight": "float64",
    "score": "float32", "discount": "float64", "paid": "Int8", "gift": "Int8", "status": "str", "country": "str", "city": "str",
    "email": "str", "sku": "str", "comment": "str", "reference": "str",
}
TIMES = ["placed_at", "changed_at", "due"]
# As read_csv takes them fastest: booleans as 0 and 1, times without an offset.
SELECT = {"paid": "paid::int", "gift": "gift::int", "placed_at": "placed_at at time zone 'UTC' as placed_at"}
ORDER = ["id", "customer", "quantity", "total", "tax_rate", "weight", "score", "discount", "paid", "gift", "status", "country", "city",
         "email", "sku", "comment", "placed_at", "changed_at", "due", "reference"]


def describe(uri, table):
    with tempfile.TemporaryFile() as file:
        start = time.monotonic()
        with psycopg2.connect(uri) as connection, connection.cursor() as cursor:
            cursor.copy_expert(f"copy (select {', '.join(SELECT.get(name, name) for name in ORDER)} from {table}) to stdout (format csv, header)", file)
        copied = time.monotonic()
        file.seek(0)
        frame = pd.read_csv(file, dtype=TYPES, parse_dates=TIMES, engine="c")
        read = time.monotonic()
        described = frame.describe(include="all", datetime_is_numeric=True)
        distinct = frame.nunique()
        end = time.monotonic()
    return {
        "rows": len(frame), "seconds": end - start, "copy": copied - start, "readCsv": read - copied, "describe": end - read,
        "processor": sum(resource.getrusage(resource.RUSAGE_SELF)[:2]),
        "peakMiB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "counts": {name: int(described.loc["count", name]) for name in ORDER},
        "distinct": {name: int(distinct[name]) for name in ORDER},
    }


def main():
    uri, table, limit = sys.argv[1], sys.argv[2], int(sys.argv[3])
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    try:
        answer = describe(uri, table)
    except MemoryError:
        answer = {"failed": f"would need more than {limit >> 30} GiB"}
    print(json.dumps(answer))
    sys.stdout.flush()
    os._exit(0)  # Freeing millions of strings one by one is no part of the figures.


main()
