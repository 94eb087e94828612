-- Results of the job type "profile": one row a profile, one row a column. docs/profile.md explains the figures.

CREATE TABLE slowlane.profile (
    job_id       uuid PRIMARY KEY REFERENCES slowlane.job (id) ON DELETE CASCADE,
    table_name   text,                 -- quoted as SQL needs it; null for inline rows
    kind         text NOT NULL CHECK (kind IN ('table', 'partitioned table', 'view', 'materialized view', 'foreign table', 'rows')),
    row_count    bigint NOT NULL CHECK (row_count >= 0),
    column_count integer NOT NULL CHECK (column_count >= 0),
    bytes_read   bigint NOT NULL CHECK (bytes_read >= 0),
    snapshot     text,                 -- pg_current_snapshot() of the data
    started_at   timestamptz,
    finished_at  timestamptz,
    CHECK ((kind = 'rows') = (table_name IS NULL))
);

-- The history of a table: its profiles, the latest first (job ids are ordered by time).
CREATE INDEX profile_table_name ON slowlane.profile (table_name, job_id DESC);

CREATE TABLE slowlane.profile_column (
    job_id             uuid NOT NULL REFERENCES slowlane.profile (job_id) ON DELETE CASCADE,
    ordinal            integer NOT NULL CHECK (ordinal >= 1),
    name               text NOT NULL,
    type               text NOT NULL,
    value_count        bigint NOT NULL CHECK (value_count >= 0),
    null_count         bigint NOT NULL CHECK (null_count >= 0),
    distinct_count     bigint NOT NULL CHECK (distinct_count >= 0),
    distinct_exact     boolean NOT NULL,
    min                text,
    max                text,
    mean               double precision,
    standard_deviation double precision,
    q1                 double precision,
    median             double precision,
    q3                 double precision,
    details            jsonb NOT NULL, -- the column's part of the report, whole
    PRIMARY KEY (job_id, ordinal)
);
