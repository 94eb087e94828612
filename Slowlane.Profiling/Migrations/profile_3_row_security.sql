-- A profile of visible rows alone is no profile of the table: a history that mixes the two would mislead.
alter table slowlane.profile add column row_security boolean not null default false;
