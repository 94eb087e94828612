-- The history of orchestrations, and the work that is to do for them. A row of instance is also the lease of its next step.
create table slowlane_durable.instance (
    key bigint generated always as identity primary key,
    hub text not null,
    id text not null,
    name text not null,
    status text not null default 'Pending' check (status in ('Pending', 'Running', 'Completed', 'Failed', 'Terminated')),
    input text,
    output text,
    custom_status text,
    failure text,
    start_at timestamptz not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    lease uuid,
    leased_until timestamptz,
    unique (hub, id)
);
create index instance_live on slowlane_durable.instance (hub, updated_at) where status in ('Pending', 'Running');
create index instance_ended on slowlane_durable.instance (updated_at) where status in ('Completed', 'Failed', 'Terminated');

create table slowlane_durable.history (
    instance bigint not null references slowlane_durable.instance on delete cascade,
    seq integer not null,
    kind text not null,
    at timestamptz not null,
    task_id integer,
    name text,
    data text,
    failure text,
    fire_at timestamptz,
    primary key (instance, seq)
);

-- What happened to an instance and its next step is to see; a timer is one that is not visible yet.
create table slowlane_durable.message (
    id bigint generated always as identity primary key,
    instance bigint not null references slowlane_durable.instance on delete cascade,
    visible_at timestamptz not null default now(),
    kind text not null,
    task_id integer,
    name text,
    data text,
    failure text
);
create index message_instance on slowlane_durable.message (instance, visible_at);

create table slowlane_durable.activity (
    id bigint generated always as identity primary key,
    instance bigint not null references slowlane_durable.instance on delete cascade,
    hub text not null,
    task_id integer not null,
    name text not null,
    input text,
    lease uuid,
    leased_until timestamptz,
    unique (instance, task_id)
);
create index activity_hub on slowlane_durable.activity (hub, id);
