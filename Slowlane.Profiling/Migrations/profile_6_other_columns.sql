-- The table's columns that a profile of some columns leaves out. Null for rows, and for profiles that were written before this was kept.
alter table slowlane.profile add column other_columns text[];
