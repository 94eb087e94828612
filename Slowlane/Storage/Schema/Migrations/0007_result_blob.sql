-- A large result lies in a blob and its row names it. The previous version goes on writing bodies; it can't read a row with a blob.
alter table slowlane.result alter column body drop not null;
alter table slowlane.result add column blob text;

-- Not valid: rows from before have a body, and needn't be read again to know it.
alter table slowlane.result add constraint result_body_or_blob check (num_nonnulls(body, blob) = 1) not valid;
