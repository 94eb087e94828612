-- The list of jobs, newest first: ids are ordered by time, so the primary key serves the whole list and, as most jobs
-- succeed, that of the succeeded ones.
create index job_of_type   on slowlane.job (type, id desc);
create index job_of_status   on slowlane.job (status, id desc) where status <> 'succeeded';
