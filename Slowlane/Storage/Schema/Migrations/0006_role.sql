-- The role under which a job type's own SQL runs: it reads and writes what was granted to it, and nothing of Slowlane's own.
-- Roles belong to the whole server. So the role may be there already, or be made by another database's migration just now.
do $$
declare
    reason text := '';
begin
    begin
        if not exists (select from pg_roles where rolname = 'slowlane_job') then
            create role slowlane_job nologin noinherit;
        end if;
    exception
        when duplicate_object or unique_violation then null; -- Another one was faster.
        when insufficient_privilege then reason := sqlerrm;
    end;

    -- Who makes a role may not yet become it: since PostgreSQL 16 that is granted apart.
    begin
        if not pg_has_role(current_user, 'slowlane_job', case when current_setting('server_version_num')::int >= 160000 then 'SET' else 'MEMBER' end) then
            execute format('grant slowlane_job to %I', current_user);
        end if;
    exception
        when unique_violation or internal_error then null; -- The same grant, made by another one ("tuple concurrently updated").
        when insufficient_privilege or undefined_object then reason := coalesce(nullif(reason, ''), sqlerrm);
    end;

    -- Class 28, like a login that is refused: jobs wait until an administrator has seen to it, and are not charged.
    if reason <> '' then
        raise exception using errcode = 'invalid_authorization_specification', message = format(
            'The database user %1$I may not set up the role slowlane_job (%2$s). Run as an administrator: %3$sgrant slowlane_job to %1$I;',
            current_user, reason,
            case when exists (select from pg_roles where rolname = 'slowlane_job') then '' else 'create role slowlane_job nologin noinherit; ' end);
    end if;
end
$$;

-- The tables of job types need grants of their own, in migrations of their own: docs/security.md. Databases of the first releases
-- have those of the type "profile" before this one.
grant usage on schema slowlane to slowlane_job;

do $$
begin
    if to_regclass('slowlane.profile') is not null then
        grant insert on slowlane.profile, slowlane.profile_column to slowlane_job;
    end if;
end
$$;
