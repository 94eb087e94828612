-- Results of the job type "profile": one row a profile, one row a column. docs/profile.md explains the figures.

create table slowlane.profile (
    job_id       uuid primary key references slowlane.job (id) on delete cascade,
    table_name   text,                 -- quoted as SQL needs it; null for inline rows
    kind         text not null check (kind in ('table', 'partitioned table', 'view', 'materialized view', 'foreign table', 'rows')),
    row_count    bigint not null check (row_count >= 0),
    column_count integer not null check (column_count >= 0),
    bytes_read   bigint not null check (bytes_read >= 0),
    snapshot     text,                 -- pg_current_snapshot() of the data
    started_at   timestamptz,
    finished_at  timestamptz,
    check ((kind = 'rows') = (table_name is null))
);

-- The history of a table: its profiles, the latest first (job ids are ordered by time).
create index profile_table_name on slowlane.profile (table_name, job_id desc);

create table slowlane.profile_column (
    job_id             uuid not null references slowlane.profile (job_id) on delete cascade,
    ordinal            integer not null check (ordinal >= 1),
    name               text not null,
    type               text not null,
    value_count        bigint not null check (value_count >= 0),
    null_count         bigint not null check (null_count >= 0),
    distinct_count     bigint not null check (distinct_count >= 0),
    distinct_exact     boolean not null,
    min                text,
    max                text,
    mean               double precision,
    standard_deviation double precision,
    q1                 double precision,
    median             double precision,
    q3                 double precision,
    details            jsonb not null, -- the column's part of the report, whole
    primary key (job_id, ordinal)
);
