-- What profiles of some rows were asked for: the values of "where" by column, as they were sent. Null for all rows. A number may be beyond jsonb.
alter table slowlane.profile add column where_values json;
