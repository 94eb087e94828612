-- The earlier profile that a new one is compared with. The SQL of jobs may read no profile: with a right to select from the tables, whoever names
-- slowlane.profile_column as the table to profile would see every caller's, of sent rows too. This function shows one profile, and only of the table
-- that is being profiled. Of an id that is none, it says what the id is.
create or replace function slowlane.profile_baseline(of_table text, of_job uuid, of_where json, of_sample double precision, of_row_security boolean)
    returns json language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    with chosen as (
        select * from slowlane.profile where job_id = of_job and table_name = of_table
        union all
        (select * from slowlane.profile
            where of_job is null and table_name = of_table and row_security = of_row_security and sample_fraction is not distinct from of_sample
                and array(select to_json(key)::text || value::text from json_each(where_values) order by 1)
                    = array(select to_json(key)::text || value::text from json_each(of_where) order by 1)
            order by finished_at desc nulls last, job_id desc
            limit 1))
    select json_build_object(
        'profile', (
            select json_build_object('job', p.job_id, 'finishedAt', p.finished_at, 'rowCount', p.row_count, 'otherColumns', p.other_columns, 'columns', coalesce((
                select json_agg(json_build_object(
                        'name', c.name, 'type', c.type, 'count', c.value_count, 'nulls', c.null_count,
                        'distinct', c.distinct_count, 'distinctExact', c.distinct_exact,
                        'figures', json_build_object(
                            'histogram', coalesce(c.details->'numbers'->'histogram', c.details->'times'->'histogram'),
                            'quantiles', coalesce(c.details->'numbers'->'quantiles', c.details->'times'->'quantiles'),
                            'booleans', c.details->'booleans', 'top', c.details->'top'))
                    order by c.ordinal)
                from slowlane.profile_column c where c.job_id = p.job_id), '[]'))
            from chosen p),
        'other', (
            select json_build_object('type', j.type, 'status', j.status, 'kind', p.kind, 'table', p.table_name)
            from slowlane.job j left join slowlane.profile p on p.job_id = j.id
            where j.id = of_job))
$$;

revoke all on function slowlane.profile_baseline(text, uuid, json, double precision, boolean) from public;
grant execute on function slowlane.profile_baseline(text, uuid, json, double precision, boolean) to slowlane_job;
