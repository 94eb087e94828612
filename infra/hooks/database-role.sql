-- The app's role, and what it may do: make its own schema and run job types' SQL as slowlane_job. Run in the database
-- postgres, which has Azure's function, by an administrator.
select set_config('hook.role', :'role', false), set_config('hook.oid', :'oid', false), set_config('hook.database', :'database', false);

do $$
declare
    app text := current_setting('hook.role');
begin
    if not exists (select from pg_roles where rolname = app) then
        perform pgaadauth_create_principal_with_oid(app, current_setting('hook.oid'), 'service', false, false);
    end if;

    -- Made here, so that the app needs no right to make roles.
    if not exists (select from pg_roles where rolname = 'slowlane_job') then
        create role slowlane_job nologin noinherit;
    end if;

    execute format('grant slowlane_job to %I with inherit false, set true', app);
    execute format('grant connect, create, temporary on database %I to %I', current_setting('hook.database'), app);
end
$$;
