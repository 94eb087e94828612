using System.Text.RegularExpressions;
using Azure.Storage.Queues;
using Microsoft.Extensions.DependencyInjection;
using Slowlane.Execution;
using Slowlane.Jobs;
using Slowlane.LocalHost.Services;
using Slowlane.Maintenance;
using Slowlane.Samples.Spin;
using Slowlane.Storage;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Storage;

/// <summary>Holds the statements of the app to the picture in Storage/Transitions/README.md.</summary>
public sealed partial class TransitionTests : IAsyncLifetime
{
    private const string Input = """{"id":1}""";
    private static readonly TimeSpan NoWait = TimeSpan.Zero;
    private static readonly JobDefinition Paused = new BufferedJobHandler<SpinJob, SpinInput, string, SpinResult>("paused");
    private static readonly string ReadMe = File.ReadAllText(Path.Combine(ProjectFolder.Root, "Slowlane", "Storage", "Transitions", "README.md"));

    // The states, each by how its row is written; null: there is none.
    private static readonly Dictionary<string, string?> States = new(StringComparer.Ordinal)
    {
        ["[*]"] = null,
        ["queued"] = Row("queued", "due_at", "now()"),
        ["queued, cancel requested"] = Row("queued", "due_at", "now()") + RequestCancel,
        ["queued, its input missing for a day"] = Row("queued", "due_at, input", "now() - interval '2 days', null"),
        ["running"] = Row("running", "lease_until", "now() + interval '1 hour'"),
        ["running, cancel requested"] = Row("running", "lease_until", "now() + interval '1 hour'") + RequestCancel,
        ["running, lost"] = Row("running", "lease_until", "now() - interval '1 second'"),
        ["running, lost once too often"] = Row("running", "lease_until, lost_leases", "now() - interval '1 second', 4"),
        ["running, lost, cancel requested"] = Row("running", "lease_until", "now() - interval '1 second'") + RequestCancel,
        ["succeeded"] = Row("succeeded", "finished_at", "now()"),
        ["failed"] = Row("failed", "finished_at, error_type, error_title, error_detail", "now(), 'x', 'x', 'x'"),
        ["failed, poisoned"] = Row("failed", "finished_at, error_type, error_title, error_detail", "now(), 'poisoned', 'x', 'x'"),
        ["cancelled"] = Row("cancelled", "finished_at", "now()"),
    };

    private SlowlaneApp _app = null!;

    private const string RequestCancel = "; insert into slowlane.cancellation (job_id) values ('{0}')";

    private static JobDefinition Spin => TestStores.Spin;

    public async ValueTask InitializeAsync()
    {
        _app = await SlowlaneApp.StartFrontAsync();
        await new QueueClient(_app.Storage, JobQueue.Name).CreateIfNotExistsAsync(cancellationToken: Cancellation);
        await Get<PauseStore>().PauseAsync(Paused.Name, Cancellation);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task EveryTransition_OnEveryState_ChangesWhatThePictureSaysAndNothingElse()
    {
        var seen = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (name, transition) in Transitions())
        {
            foreach (var (state, row) in States)
            {
                var id = JobId.New(TimeProvider.System, Spin.Tag);
                var (from, fence) = await WriteAsync(id, row);
                await transition(id);
                var (to, next) = await ReadAsync(id);
                Assert.Equal(state.Split(',')[0], from);
                if (!string.Equals(from, to, StringComparison.Ordinal) || (next != fence && from is "running"))
                {
                    seen.Add($"{from} --> {to} : {name}");
                }

                await _app.Database.ExecuteAsync("delete from slowlane.job");
            }
        }

        var arrows = Arrow().Matches(ReadMe).SelectMany(arrow => arrow.Groups["by"].Value.Split(", ").Select(by => $"{arrow.Groups["arrow"]} : {by}"));
        Assert.Equal([.. arrows.Order(StringComparer.Ordinal)], seen.ToArray());
    }

    [Fact]
    public void Status_InSql_IsNamedInOnePlace()
    {
        var engine = Path.Combine(ProjectFolder.Root, "Slowlane");
        var naming = Directory.EnumerateFiles(engine, "*.cs", SearchOption.AllDirectories).Where(file => Status().IsMatch(File.ReadAllText(file)));

        Assert.Equal(Path.Combine(engine, "Storage", "Transitions", "JobState.cs"), Assert.Single(naming));
    }

    [Fact]
    public async Task Constraints_OfTheTable_AreThoseThatTheDocumentLists()
    {
        var constraints = await _app.Database.QueryAsync<string[]>("select array_agg(conname::text order by conname) from pg_constraint where conrelid = 'slowlane.job'::regclass and contype = 'c'");

        Assert.Equal([.. Constraint().Matches(ReadMe).Select(constraint => constraint.Groups["name"].Value).Order(StringComparer.Ordinal)], constraints);
    }

    private IEnumerable<(string Name, Func<JobId, Task> Make)> Transitions()
    {
        var (claims, results, outcomes, controls, sweeps) = (Get<ClaimStore>(), Get<ResultStore>(), Get<OutcomeStore>(), Get<ControlStore>(), Get<SweepStore>());
        return
        [
            ("record", id => Get<SubmittedJobStore>().RecordAsync([new SubmittedJob(id, Spin, System.Text.Encoding.UTF8.GetBytes(Input), null, null, TimeProvider.System.GetTimestamp())], Cancellation)),
            ("claim", id => claims.ClaimAsync(new Envelope(id, Spin.Name, Input, null), Spin, Cancellation)),
            ("claim", id => claims.ClaimAsync(new Envelope(id, Spin.Name, null, null), Spin, Cancellation)),
            ("claim", id => claims.ClaimAsync(new Envelope(id, Paused.Name, Input, null), Paused, Cancellation)),
            ("succeed", async id => await Record.ExceptionAsync(() => results.SucceedAsync(Leased(id), Cancellation))),
            ("retry", id => outcomes.RetryAsync(Leased(id), NoWait, new JobError("x", "x", "x"), Cancellation)),
            ("release", id => outcomes.ReleaseAsync([Leased(id)], NoWait, outages: 1, Cancellation)),
            ("fail", id => outcomes.FailAsync(Leased(id), new JobError("x", "x", "x"), Cancellation)),
            ("stop", id => outcomes.CancelAsync(Leased(id), Cancellation)),
            ("cancel", id => controls.CancelAsync(id, Spin, mayWait: true, Cancellation)),
            ("requeue", id => controls.RetryAsync(id, Cancellation)),
            ("replay", ReplayAsync),
            ("poison", id => Get<PoisonRecorder>().RecordAsync(Envelope.WithInput(id, Spin.Name, System.Text.Encoding.UTF8.GetBytes(Input)).ToString(), Cancellation)),
            ("sweep", async _ =>
            {
                await sweeps.CancelLostAsync(Cancellation);
                await sweeps.FailLostAsync(Cancellation);
                await sweeps.ReleaseLostAsync(Cancellation);
            }),
        ];
    }

    private async Task ReplayAsync(JobId id)
    {
        var kept = await _app.Database.QueryAsync<long>($"insert into slowlane.poison (job_id, body, reason) values ('{id.Value}', 'x', 'x') returning id");
        await Get<PoisonStore>().ReplayAsync(kept, Cancellation);
    }

    private T Get<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    private static Claim Leased(JobId id) => new(id, Spin, Attempt: 1, Fence: 1, Outages: 0, Input, Blob: null);

    private static string Row(string status, string columns, string values)
    {
        var input = columns.Contains("input", StringComparison.Ordinal) ? ("", "") : (", input", $", '{Input.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal)}'");
        return $"insert into slowlane.job (id, type, status, attempt, max_attempts, fence, created_at, {columns}{input.Item1}) values ('{{0}}', 'spin', '{status}', 1, 5, 1, now(), {values}{input.Item2})";
    }

    private async Task<(string Status, long Fence)> WriteAsync(JobId id, string? row)
    {
        if (row is not null)
        {
            await _app.Database.ExecuteAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, row, id.Value));
        }

        return await ReadAsync(id);
    }

    private async Task<(string Status, long Fence)> ReadAsync(JobId id)
    {
        var row = await _app.Database.QueryAsync<string>($"select coalesce((select status || ' ' || fence from slowlane.job where id = '{id.Value}'), '[*] 0')");
        return (row.Split(' ')[0], long.Parse(row.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture));
    }

    [GeneratedRegex(@"^ +(?<arrow>\S+ --> \S+) : (?<by>.+)$", RegexOptions.ExplicitCapture | RegexOptions.Multiline | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Arrow();

    [GeneratedRegex("'(queued|running|succeeded|failed|cancelled)'", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Status();

    [GeneratedRegex(@"^\| `(?<name>\w+)`", RegexOptions.ExplicitCapture | RegexOptions.Multiline | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Constraint();
}
