namespace Microsoft.DurableTask;

/// <summary>How a task of an orchestration is run.</summary>
public record TaskOptions
{
    /// <param name="retry">What happens when it fails; null fails at once.</param>
    public TaskOptions(TaskRetryOptions? retry) => Retry = retry;

    /// <param name="options">The options to copy.</param>
    public TaskOptions(TaskOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Retry = options.Retry;
    }

    /// <summary>What happens when it fails; null fails at once.</summary>
    public TaskRetryOptions? Retry { get; init; }

    /// <summary>Options that retry by a policy.</summary>
    /// <param name="policy">The policy.</param>
    public static TaskOptions FromRetryPolicy(RetryPolicy policy) => new(policy);
}
