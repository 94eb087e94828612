create schema invoicing;
create table invoicing.line (customer int not null, amount numeric not null);
create table invoicing.invoice (job uuid primary key, customer int not null, net numeric not null, tax numeric not null);
insert into invoicing.line values (1, 100), (1, 50), (2, 10);
grant usage on schema invoicing to slowlane_job;
grant select on invoicing.line to slowlane_job;
grant insert on invoicing.invoice to slowlane_job;
