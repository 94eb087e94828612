-- What keeps every statement's cost the same with a hundred thousand queued jobs and ten million finished ones.
-- bench/results/growth.md has the figures. While the indexes are built, claims and heartbeats wait; submitting and reading don't. Where the table has
-- millions of rows, build them before, by the same names: create index concurrently if not exists ...
-- The previous version's statements work on; until its last process is gone, its lists of a rare type or status are slow.

-- The list by type, by status and by both, and the latest of a type that succeeded: one index in the place of three.
create index if not exists job_list on slowlane.job (type, status, id);

-- Which jobs run is few rows. Without the lease's end in any index, a heartbeat stays within its page and touches none.
create index if not exists job_running on slowlane.job (id) where status = 'running';

-- By type first: a sweep passes over what a pause holds back without reading it.
create index if not exists job_queued on slowlane.job (type, due_at) where status = 'queued';

-- Cancelled before their message came, then retried: nearly always empty, so it costs nothing to keep.
create index if not exists job_without_input on slowlane.job (due_at) where status = 'queued' and input is null and input_blob is null;

-- From here on readers wait, too, for as long as it takes to drop what the new ones replace.
drop index slowlane.job_of_type;
drop index slowlane.job_of_status;
drop index slowlane.job_usual_time;
drop index slowlane.job_lease;
drop index slowlane.job_due;

-- The defaults let a fifth of the table die before they look: two million rows of ten, with their entries in front of
-- what the sweep and the list look for. And new figures after a million changes come after the burst of jobs is over.
alter table slowlane.job set (fillfactor = 90); -- Room for a heartbeat beside the row, in pages from now on.
alter table slowlane.job set (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 5000, autovacuum_analyze_scale_factor = 0.01, autovacuum_analyze_threshold = 5000);
alter table slowlane.result set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 5000);
