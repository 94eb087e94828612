using System.Diagnostics;

namespace Slowlane.Telemetry;

/// <summary>The app's spans. While nobody listens none is made, and asking costs nothing worth counting.</summary>
internal static class Tracing
{
    /// <summary>The source's name, for whoever wants to listen.</summary>
    public const string Name = "Slowlane";

    public const string JobId = "slowlane.job.id";
    public const string JobType = "slowlane.job.type";
    public const string JobAttempt = "slowlane.job.attempt";
    public const string JobPart = "slowlane.job.part";
    public const string JobOutcome = "slowlane.job.outcome";
    public const string ErrorType = "error.type";

    public static readonly ActivitySource Source = new(Name, typeof(Tracing).Assembly.GetName().Version?.ToString(3));

    /// <summary>What OpenTelemetry's conventions want of a span about a message; it has no name for Azure's storage queues.</summary>
    public static Activity? Messaging(this Activity? span, string operation) => span?
        .SetTag("messaging.system", "azure_storage_queue")
        .SetTag("messaging.destination.name", Storage.JobQueue.Name)
        .SetTag("messaging.operation.name", operation)
        .SetTag("messaging.operation.type", operation);

    /// <inheritdoc cref="StepAsync{T}"/>
    public static Task StepAsync(string name, Func<Task> step) => StepAsync(name, async () =>
    {
        await step();
        return true;
    });

    /// <summary>A part of an attempt.</summary>
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

    /// <summary>Notes what ended a span, by its type: a message may quote the caller's data. An end that was asked for is no error.</summary>
    /// <returns>False, so that a filter can note it without catching it.</returns>
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
