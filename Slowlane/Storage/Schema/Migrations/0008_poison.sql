-- When a poison message was sent again; null: not yet. One that comes back is another row.
alter table slowlane.poison add column replayed_at timestamptz;

-- For the purge: poison messages are kept as long as jobs.
create index poison_received on slowlane.poison (received_at);
