-- Attempts that an outage of the database or of storage cut off: free at first, charged when there are too many.
alter table slowlane.job add column outages integer not null default 0;
