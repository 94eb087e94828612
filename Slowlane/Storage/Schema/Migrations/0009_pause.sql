-- Job types that an administrator has paused: the claim starts no attempt of them. Nearly always empty. A row stays for
-- a while after the resume, until the sweep has woken what the pause held back.
create table slowlane.paused (
    type       text        primary key,
    since      timestamptz not null default now(),
    resumed_at timestamptz                         -- null: paused
);
