-- What the sample type 'spin' does as slowlane_job: in a file of its own, so that it reaches tables made before there was the role.
grant select on profile to slowlane_job;
grant insert on result to slowlane_job;

do $$
begin
    if pg_get_serial_sequence('result', 'id') is not null then
        execute format('grant usage on sequence %s to slowlane_job', pg_get_serial_sequence('result', 'id'));
    end if;
end
$$;
