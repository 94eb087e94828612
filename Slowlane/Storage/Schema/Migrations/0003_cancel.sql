-- Running jobs that somebody wants ended. A table beside the jobs: while a result is written its job's row is locked,
-- and who asks for an end must not wait for the very write that should stop. Nearly always empty.
create table slowlane.cancellation (
    job_id   uuid primary key references slowlane.job (id) on delete cascade,
    asked_at timestamptz not null default now()
);

-- Jobs that were here and went by their retention: a message that comes back must not start them anew.
create table slowlane.purged (
    id        uuid primary key,
    purged_at timestamptz not null default now()
);

create index purged_at on slowlane.purged (purged_at);
