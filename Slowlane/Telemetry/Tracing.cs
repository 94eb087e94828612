using System.Diagnostics;

namespace Slowlane.Telemetry;

/// <summary>The app's spans. Without a listener no span is created, and the check costs next to nothing.</summary>
internal static class Tracing
{
    /// <summary>The name of the activity source, for listeners.</summary>
    public const string Name = "Slowlane";

    public const string JobId = "slowlane.job.id";
    public const string JobType = "slowlane.job.type";
    public const string JobAttempt = "slowlane.job.attempt";
    public const string JobPart = "slowlane.job.part";
    public const string JobOutcome = "slowlane.job.outcome";
    public const string ErrorType = "error.type";

    public static readonly ActivitySource Source = new(Name, typeof(Tracing).Assembly.GetName().Version?.ToString(3));

    /// <summary>
    /// Sets the tags that OpenTelemetry's conventions require for a span about a message. The conventions have no system name for Azure's storage
    /// queues.
    /// </summary>
    public static Activity? Messaging(this Activity? span, string operation, string queue) => span?
        .SetTag("messaging.system", "azure_storage_queue")
        .SetTag("messaging.destination.name", queue)
        .SetTag("messaging.operation.name", operation)
        .SetTag("messaging.operation.type", operation);

    /// <summary>Runs a step of an attempt in its own span.</summary>
    public static async Task<T> StepAsync<T>(string name, Func<Task<T>> step)
    {
        using var span = Source.StartActivity(name);
        try
        {
            return await step();
        }
        catch (Exception e) when (span.Failed(e))
        {
            throw;
        }
    }

    /// <summary>
    /// Records the exception that ended a span, by its type only, because a message may quote the caller's data. A cancellation is not an error.
    /// </summary>
    /// <returns>False, so that an exception filter can record the exception without catching it.</returns>
    public static bool Failed(this Activity? span, Exception e)
    {
        if (span is not null && e is not OperationCanceledException)
        {
            span.Failed(e.GetType().FullName ?? e.GetType().Name);
        }

        return false;
    }

    public static void Failed(this Activity span, string error) => span.SetTag(ErrorType, error).SetStatus(ActivityStatusCode.Error, error);
}
