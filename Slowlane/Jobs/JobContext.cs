namespace Slowlane.Jobs;

/// <summary>What a running job knows of itself.</summary>
public sealed class JobContext
{
    private double _progress = double.NaN;

    /// <summary>A context for a test of a job type; a worker makes its own.</summary>
    /// <param name="type">The name of the job's type.</param>
    /// <param name="attempt">Which attempt it is, from 1.</param>
    /// <param name="cancellationToken">What the type's code should end by.</param>
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

    /// <summary>Which attempt this is, from 1.</summary>
    public int Attempt { get; }

    /// <summary>Fires when the job is cancelled, over its time limit, no longer ours, or the process is stopping.</summary>
    public CancellationToken CancellationToken { get; }

    /// <summary>The last reported progress, from 0 to 1; null before the first report.</summary>
    public double? Progress => Volatile.Read(ref _progress) is var value && double.IsNaN(value) ? null : value;

    /// <summary>Says how much is done. Cheap: the value reaches the status document with the next heartbeat.</summary>
    /// <param name="fraction">From 0 to 1; what lies outside is moved to the nearer end.</param>
    public void ReportProgress(double fraction)
    {
        if (!double.IsNaN(fraction))
        {
            Volatile.Write(ref _progress, Math.Clamp(fraction, 0, 1));
        }
    }
}
