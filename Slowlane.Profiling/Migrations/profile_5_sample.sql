-- The share of the table's blocks that a profile was drawn from. Null for all rows.
alter table slowlane.profile add column sample_fraction double precision;
