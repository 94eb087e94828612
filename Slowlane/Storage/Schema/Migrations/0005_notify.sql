-- Wakes callers who wait for a job's end, whatever ended it.
--
-- Commits that notify take turns, all over the server, each for as long as its flush takes: jobs that nobody waits for
-- should not pay that. A process that listens holds the lock in shared mode, so that trying it tells whether one does.
-- Given back at once: two ends at the same moment may take each other for a listener, which costs a needless signal.
create function slowlane.signal_finished() returns trigger language plpgsql as $$
begin
    if pg_try_advisory_lock(8317145170741127540) then
        perform pg_advisory_unlock(8317145170741127540);
    else
        perform pg_notify('slowlane_finished', new.id::text);
    end if;
    return null;
end
$$;

-- Deferred to the commit: a process that begins to listen while a job writes its result still hears of its end.
create constraint trigger job_finished_by_insert after insert on slowlane.job
    deferrable initially deferred for each row
    when (new.finished_at is not null)
    execute function slowlane.signal_finished();

create constraint trigger job_finished_by_update after update of status on slowlane.job
    deferrable initially deferred for each row
    when (old.finished_at is null and new.finished_at is not null)
    execute function slowlane.signal_finished();

-- The latest jobs of a type that succeeded: how long they usually take.
create index job_usual_time on slowlane.job (type, finished_at desc) include (started_at) where status = 'succeeded';
