-- The trace that a job belongs to, as its submit began it: what wakes the job again doesn't know it, and its next attempt should
-- be found under the same trace id. Null: submitted outside any trace, or to the previous version.
alter table slowlane.job add column trace text;
