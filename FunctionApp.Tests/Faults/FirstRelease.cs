using System.Text.Json;
using Npgsql;
using Slowlane.Jobs;
using Slowlane.Storage.Schema;
using Slowlane.Tests.Fixtures;

namespace Slowlane.Tests.Faults;

/// <summary>The first release's statements as they stood, kept as test data: while a deployment rolls, its processes meet the newest schema.</summary>
internal sealed class FirstRelease(NpgsqlDataSource source)
{
    private const string Take = """
        status      = 'running',
        attempt     = j.attempt + case j.status when 'queued' then 1 else 0 end,
        lost_leases = j.lost_leases + case j.status when 'running' then 1 else 0 end,
        fence       = j.fence + 1,
        worker      = $2,
        lease_until = now() + $3,
        due_at      = null,
        sends       = 0,
        progress    = null,
        started_at  = now()
        where ((j.status = 'queued' and j.due_at <= now() + interval '1 second')
            or (j.status = 'running' and j.lease_until < now()))
        """;

    private const string TakeNew = $"""
        insert into slowlane.job as j
            (id, type, status, attempt, max_attempts, fence, worker, lease_until, input, input_blob, created_at, started_at)
        values ($1, $4, 'running', 1, $5, 1, $2, now() + $3, $6, $7, $8, now())
        on conflict (id) do update set {Take} returning fence
        """;

    private const string TakeKnown = $"update slowlane.job as j set {Take} and j.id = $1 returning fence";

    private const string Renew = "update slowlane.job set lease_until = now() + $3, progress = coalesce($4, progress) where id = $1 and fence = $2 and status = 'running'";

    private const string Held = "where id = $1 and fence = $2 and status = 'running'";

    private const string Succeed = $"""
        with job as (
            update slowlane.job set status = 'succeeded', worker = null, lease_until = null, progress = 1, finished_at = now(), error_type = null, error_title = null, error_detail = null
            {Held} returning id)
        insert into slowlane.result (job_id, body) select id, $3 from job
        """;

    private const string Retry =
        $"update slowlane.job set status = 'queued', worker = null, lease_until = null, due_at = now() + $3, error_type = $4, error_title = $5, error_detail = $6 {Held}";

    private const string HandBack =
        $"update slowlane.job set status = 'queued', worker = null, lease_until = null, due_at = now() + $3, attempt = attempt - 1, outages = outages + $4, progress = null {Held}";

    private const string Fail =
        $"update slowlane.job set status = 'failed', worker = null, lease_until = null, finished_at = now(), error_type = $3, error_title = $4, error_detail = $5 {Held}";

    private const string ReleaseLost = """
        update slowlane.job set status = 'queued', worker = null, lease_until = null, lost_leases = lost_leases + 1,
            attempt = attempt - 1, due_at = now(), sends = 1, progress = null
        where id in (select id from slowlane.job where status = 'running' and lease_until < now()
                     order by lease_until limit $1 for update skip locked)
        """;

    private const string Status = """
        select status || ' ' || attempt || ' ' || coalesce(error_type, '-')
        from (select type, status, attempt, max_attempts, progress, created_at, started_at, finished_at, error_type, error_title, error_detail
              from slowlane.job where id = $1) as job
        """;

    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    /// <summary>What the first release makes of a message.</summary>
    public static Envelope Read(string message)
    {
        using var document = JsonDocument.Parse(message);
        var root = document.RootElement;
        Xunit.Assert.Equal(1, root.GetProperty("v").GetInt32());
        return new Envelope(
            JobId.TryParse(root.GetProperty("id").GetString(), out var id) ? id : throw new FormatException(),
            root.GetProperty("type").GetString()!,
            root.TryGetProperty("input", out var input) ? input.GetRawText() : null,
            root.TryGetProperty("blob", out var blob) ? blob.GetString() : null);
    }

    /// <summary>The fencing token, or null when the job can't be taken.</summary>
    public async Task<long?> ClaimAsync(Envelope envelope) => (long?)(envelope.IsWakeUp
        ? await AskAsync(TakeKnown, envelope.Id.Value, "old:1", Lease)
        : await AskAsync(TakeNew, envelope.Id.Value, "old:1", Lease, "spin", 5, envelope.Input, null, envelope.Id.CreatedAt));

    public Task<int> RenewAsync(JobId id, long fence) => ChangeAsync(Renew, id.Value, fence, Lease, 0.5);

    public Task<int> SucceedAsync(JobId id, long fence) => ChangeAsync(Succeed, id.Value, fence, "{}");

    public Task<int> RetryAsync(JobId id, long fence) => ChangeAsync(Retry, id.Value, fence, TimeSpan.Zero, "x", "x", "x");

    public Task<int> HandBackAsync(JobId id, long fence) => ChangeAsync(HandBack, id.Value, fence, TimeSpan.Zero, 0);

    public Task<int> FailAsync(JobId id, long fence) => ChangeAsync(Fail, id.Value, fence, "x", "x", "x");

    public Task<int> SweepAsync() => ChangeAsync(ReleaseLost, 500);

    public async Task<string?> StatusAsync(JobId id) => (string?)await AskAsync(Status, id.Value);

    /// <summary>A process of the first release at its start: it knows two migrations, and the samples'.</summary>
    public async Task MigrateAsync()
    {
        await using var connection = await source.OpenConnectionAsync();
        await ExecuteAsync(connection, "select pg_advisory_lock(8317145170556579429)");
        await ExecuteAsync(connection, "create schema if not exists slowlane; create table if not exists slowlane.migration (name text primary key, applied_at timestamptz not null default now())");
        foreach (var (name, scripts) in ((string, MigrationScripts)[])[("0001_jobs", new MigrationScripts(typeof(Migrator).Assembly)), ("0002_profile", AppMigrations.Profile), ("sample_spin", AppMigrations.Samples)])
        {
            await using var find = new NpgsqlCommand("select 1 from slowlane.migration where name = $1", connection) { Parameters = { new() { Value = name } } };
            if (await find.ExecuteScalarAsync() is null)
            {
                await using var transaction = await connection.BeginTransactionAsync();
                await ExecuteAsync(connection, await scripts.ReadAsync(name, CancellationToken.None));
                await ExecuteAsync(connection, $"insert into slowlane.migration (name) values ('{name}')");
                await transaction.CommitAsync();
            }
        }

        await ExecuteAsync(connection, "select pg_advisory_unlock(8317145170556579429)");
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
#pragma warning disable CA2100 // Constants above and migrations.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }

    private async Task<object?> AskAsync(string sql, params object?[] parameters)
    {
        await using var command = Command(sql, parameters);
        return await command.ExecuteScalarAsync();
    }

    private async Task<int> ChangeAsync(string sql, params object?[] parameters)
    {
        await using var command = Command(sql, parameters);
        return await command.ExecuteNonQueryAsync();
    }

    private NpgsqlCommand Command(string sql, object?[] parameters)
    {
        var command = source.CreateCommand(sql);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = parameter ?? DBNull.Value });
        }

        return command;
    }
}
