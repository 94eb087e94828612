-- The tables that the sample type 'spin' reads and writes, where they are not there already.
create table if not exists profile (
    id   integer primary key,
    data text    not null
);

insert into profile
select g, md5(g::text)
from generate_series(1, 1000) as g
where not exists (select from profile);

create table if not exists result (
    id         bigserial   primary key,
    batch      text        not null,
    job        integer     not null,
    profile_id integer     not null,
    value      text        not null,
    written_at timestamptz not null default clock_timestamp()
);

create index if not exists result_batch_idx on result (batch);
