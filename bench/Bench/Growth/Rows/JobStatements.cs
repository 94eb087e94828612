using System.Text;
using Slowlane.Bench.Hosts;
using Slowlane.Jobs;
using Slowlane.Storage;

namespace Slowlane.Bench.Growth.Rows;

/// <summary>What a job's life asks of the database, in the order of that life.</summary>
internal sealed class JobStatements(Sample sample)
{
    private const string Input = """{"id":7,"batch":"growth","job":12,"spin_ms":20}""";

    private const string Result = """{"id":7,"value":"0123456789abcdef0123456789abcdef","spun":20.04}""";

    private readonly Queue<Claim> _claims = new();
    private readonly Queue<JobId> _recorded = new();
    private readonly Queue<JobId> _waiting = new();
    private int _next;

    public IEnumerable<Statement> All() =>
    [
        new("claim a new job", 500, ClaimNewAsync),
        new("claim, held already", 500, stores => stores.ClaimAsync(Known(_claims.Peek().Id, Input))),
        new("heartbeat", 500, async stores => Require((await stores.Leases.RenewAsync([(_claims.Peek(), 0.5)], default)).Count == 0)),
        new("who should be cancelled", 20, stores => stores.Controls.CancelRequestedAsync([_claims.Peek().Id], default)),
        new("write and succeed", 500, stores => SucceedAsync(stores, _claims.Dequeue(), default)),
        new("record 100 unclaimed", 4_000, RecordAsync, Sparing: true),
        new("claim a recorded job", 500, async stores => _claims.Enqueue(Required(await stores.ClaimAsync(Known(_recorded.Dequeue(), Input))))),
        new("queue for a retry", 500, RetryAsync),
        new("wake for a retry", 500, async stores => _claims.Enqueue(Required(await stores.ClaimAsync(Known(_waiting.Dequeue(), null))))),
        new("fail", 500, async stores => Require(await stores.Outcomes.FailAsync(_claims.Dequeue(), new JobError("x", "x", "x"), default))),
        new("cancel before it started", 500, stores => stores.Controls.CancelAsync(_recorded.Dequeue(), Stores.Spin, mayWait: true, default)),
        new("status", 10, stores => stores.Jobs.FindAsync(Next(), default)),
        new("status of a job without a row", 20, UnknownAsync),
        new("result", 20, stores => stores.Jobs.ResultAsync(Next(), default)),
        new("usual times", 400, stores => stores.Times.MeasureAsync()),
    ];

    public static Task SucceedAsync(Stores stores, Claim claim, CancellationToken cancellationToken) => stores.Results.SucceedAsync(
        [(claim, new Computed(Result, Value: null, new JobContext(claim.Id, claim.Type.Name, claim.Attempt, cancellationToken), new object()))],
        (_, _, _) => Task.CompletedTask,
        cancellationToken);

    private static Envelope Known(JobId id, string? input) => new(id, "spin", input, null);

    private static JobId New() => JobId.New(TimeProvider.System, Stores.Spin.Tag);

    private static T Required<T>(T? value)
        where T : class => value ?? throw new InvalidOperationException("A call that should have taken a job has not.");

    private static void Require(bool done)
    {
        if (!done)
        {
            throw new InvalidOperationException("A call that should have changed a job has not.");
        }
    }

    private static async Task UnknownAsync(Stores stores)
    {
        var id = New();
        Require(await stores.Jobs.FindAsync(id, default) is null && !await stores.Jobs.IsPurgedAsync(id, default));
    }

    private JobId Next() => sample.Finished[_next++ % sample.Finished.Count];

    private async Task ClaimNewAsync(Stores stores) => _claims.Enqueue(Required(await stores.ClaimAsync(Known(New(), Input))));

    private async Task RecordAsync(Stores stores)
    {
        var input = Encoding.UTF8.GetBytes(Input);
        SubmittedJob[] jobs = [.. Enumerable.Range(0, 100).Select(_ => new SubmittedJob(New(), Stores.Spin, input, null, null, TimeProvider.System.GetTimestamp()))];
        Require(await stores.Unclaimed.RecordAsync(jobs, default) == jobs.Length);
        foreach (var job in jobs)
        {
            _recorded.Enqueue(job.Id);
        }
    }

    private async Task RetryAsync(Stores stores)
    {
        var claim = _claims.Dequeue();
        Require(await stores.Outcomes.RetryAsync(claim, TimeSpan.Zero, new JobError("x", "x", "x"), default));
        _waiting.Enqueue(claim.Id);
    }
}
