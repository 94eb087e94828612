-- What the parts of a running job came to, until its holder has merged them. The fence says of which attempt: another
-- attempt reads another snapshot, so its parts are others.
create table slowlane.part (
    job_id uuid    not null references slowlane.job (id) on delete cascade,
    fence  bigint  not null,
    part   integer not null,          -- from 0, in the order of the ranges
    state  bytea   not null,
    primary key (job_id, fence, part)
);

-- The states are sketches, and hardly any smaller compressed.
alter table slowlane.part alter column state set storage external;
