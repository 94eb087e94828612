using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Runs the function for a message of a storage queue.</summary>
/// <param name="queueName">The queue's name, or <c>%Setting%</c>.</param>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class QueueTriggerAttribute(string queueName) : TriggerBindingAttribute
{
    /// <summary>The queue's name, or <c>%Setting%</c>.</summary>
    public string QueueName { get; } = queueName;

    /// <summary>The name of the setting that holds the connection string; <c>AzureWebJobsStorage</c> when none is given.</summary>
    public string? Connection { get; set; }
}
