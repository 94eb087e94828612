using System.Text.RegularExpressions;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Slowlane.LocalHost.Worker;

namespace Slowlane.LocalHost.Queues;

/// <summary>Which queue a function listens to, and where.</summary>
/// <param name="Queue">The queue's name.</param>
/// <param name="ConnectionString">Its storage account.</param>
internal sealed partial record QueueSource(string Queue, string ConnectionString)
{
    private const string DefaultConnection = "AzureWebJobsStorage";
    private const string PoisonSuffix = "-poison";
    private const int LongestName = 63;

    /// <summary>Where its poison messages go; null for a poison queue, and for a name too long to take the suffix.</summary>
    public string? PoisonQueue => Queue.EndsWith(PoisonSuffix, StringComparison.Ordinal) || Queue.Length + PoisonSuffix.Length > LongestName ? null : Queue + PoisonSuffix;

    /// <exception cref="InvalidOperationException">The name is none a queue can have, or a setting is missing.</exception>
    public static QueueSource Read(FunctionEntry function, IConfiguration settings)
    {
        var trigger = (QueueTriggerAttribute)function.Trigger;
#pragma warning disable CA1308 // Queue names are lower case; the real host lowers them too.
        var queue = LaunchConfiguration.Expand(trigger.QueueName, settings).ToLowerInvariant();
#pragma warning restore CA1308
        if (!NamePattern().IsMatch(queue))
        {
            throw new InvalidOperationException(
                $"Function '{function.Name}' listens to '{queue}', which can't be a queue's name: take 3 to {LongestName} lower-case letters, digits and single dashes, with a letter or digit at both ends.");
        }

        var name = trigger.Connection ?? DefaultConnection;
        return new QueueSource(
            queue,
            settings["AzureWebJobs" + name] ?? settings[name] ?? settings.GetConnectionString(name)
                ?? throw new InvalidOperationException($"Function '{function.Name}' needs the setting '{name}' with a storage connection string; set it, for Azurite to 'UseDevelopmentStorage=true'."));
    }

    [GeneratedRegex(@"^(?=.{3,63}\z)[a-z0-9]+(-[a-z0-9]+)*\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex NamePattern();
}
