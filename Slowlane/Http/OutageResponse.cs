using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Slowlane.Jobs;
using Slowlane.Resilience;

namespace Slowlane.Http;

/// <summary>The response while the database or the storage account is down, and its log line.</summary>
internal sealed partial class OutageResponse(ILogger<OutageResponse> log)
{
    private static readonly Func<ILogger, JobId, IDisposable?> OfJob = LoggerMessage.DefineScope<JobId>("job {JobId}");

    /// <summary>503 with <c>Retry-After</c>.</summary>
    /// <param name="failure">A failure that <see cref="Outage.IsOfService"/>.</param>
    /// <param name="failed">What could not be done, as the log says it.</param>
    /// <param name="job">The job that the request names, if any.</param>
    public IResult Of(Exception failure, string failed, JobId? job = null)
    {
        using var scope = job is { } id ? OfJob(log, id) : null;
        Unavailable(log, failed, Outage.Describe(failure), failure.Message);
        return Problem.Unavailable(failure);
    }

    [LoggerMessage(LogLevel.Warning, "{Failed}. {Fault}: {Reason}")]
    private static partial void Unavailable(ILogger log, string failed, string fault, string reason);
}
