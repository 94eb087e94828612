namespace Slowlane.Jobs;

/// <summary>The context of a running job: its id, type and attempt, its cancellation and its progress.</summary>
public sealed class JobContext
{
    private double _progress = double.NaN;

    /// <summary>Creates a context for a test of a job type. A worker creates its own contexts.</summary>
    /// <param name="type">The name of the job's type.</param>
    /// <param name="attempt">The number of the attempt, from 1.</param>
    /// <param name="cancellationToken">The token that cancels the code of the type.</param>
    public JobContext(string type, int attempt = 1, CancellationToken cancellationToken = default)
        : this(JobId.New(TimeProvider.System, 0), type, attempt, cancellationToken)
    {
    }

    internal JobContext(JobId id, string type, int attempt, CancellationToken cancellationToken)
    {
        Id = id;
        Type = type;
        Attempt = attempt;
        CancellationToken = cancellationToken;
    }

    /// <summary>The job's id.</summary>
    public JobId Id { get; }

    /// <summary>The name of the job's type.</summary>
    public string Type { get; }

    /// <summary>The number of this attempt, from 1.</summary>
    public int Attempt { get; }

    /// <summary>Fires when the job is cancelled, when it exceeds its time limit, when this worker loses its lease, or when the process stops.</summary>
    public CancellationToken CancellationToken { get; }

    /// <summary>The last reported progress, from 0 to 1. Null before the first report.</summary>
    public double? Progress => Volatile.Read(ref _progress) is var value && double.IsNaN(value) ? null : value;

    /// <summary>Reports how much is done. It is cheap: the next heartbeat writes the value to the status document.</summary>
    /// <param name="fraction">The progress, from 0 to 1. A value outside is clamped.</param>
    public void ReportProgress(double fraction)
    {
        if (!double.IsNaN(fraction))
        {
            Volatile.Write(ref _progress, Math.Clamp(fraction, 0, 1));
        }
    }
}
