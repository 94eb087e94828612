-- The record of every job that a worker has claimed. A job that is only a message has no row yet.
create table slowlane.job (
    id            uuid        primary key,
    type          text        not null,
    status        text        not null,
    attempt       integer     not null,          -- attempts charged so far, the running one included
    max_attempts  integer     not null,
    lost_leases   integer     not null default 0, -- times a worker vanished while it held the job
    outages       integer     not null default 0, -- attempts that an outage cut off: free at first, charged when there are too many
    fence         bigint      not null,          -- fencing token: grows with every claim, checked by every write
    worker        text,                          -- who holds the lease
    lease_until   timestamptz,
    due_at        timestamptz,                   -- queued: when its message should be visible
    sends         integer     not null default 0, -- queued: messages the sweeper has sent since
    input         text,                          -- JSON as posted; null when it lies in a blob
    input_blob    text,
    progress      double precision,
    created_at    timestamptz not null,
    started_at    timestamptz,
    finished_at   timestamptz,
    error_type    text,
    error_title   text,
    error_detail  text,

    constraint job_status_known  check (status in ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
    constraint job_attempt_bound check (attempt between 0 and max_attempts),
    constraint job_lease_running check ((status = 'running') = (lease_until is not null)),
    constraint job_due_queued    check ((status = 'queued') = (due_at is not null)),
    constraint job_end_finished  check ((status in ('succeeded', 'failed', 'cancelled')) = (finished_at is not null)),
    constraint job_failed_says   check (status <> 'failed' or error_type is not null)
);

-- The sweeper's three questions: whose lease is over, whose message is missing, what is old.
create index job_lease    on slowlane.job (lease_until) where status = 'running';
create index job_due      on slowlane.job (due_at)      where status = 'queued';
create index job_finished on slowlane.job (finished_at) where finished_at is not null;

-- Results apart from the jobs, so that the hot rows stay narrow.
create table slowlane.result (
    job_id uuid primary key references slowlane.job (id) on delete cascade,
    body   text not null
);

-- Messages that no attempt could handle, kept as they came.
create table slowlane.poison (
    id          bigint generated always as identity primary key,
    job_id      uuid,
    body        text        not null,
    reason      text        not null,
    received_at timestamptz not null default now()
);
