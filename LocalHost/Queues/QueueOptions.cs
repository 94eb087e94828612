using System.Globalization;
using Azure.Storage.Queues;
using Microsoft.Extensions.Configuration;

namespace Slowlane.LocalHost.Queues;

/// <summary>How queues are polled and messages settled: <c>extensions.queues</c> of host.json, with the real host's defaults and bounds.</summary>
internal sealed record QueueOptions
{
    /// <summary>The shortest wait between two polls of an empty queue, and the least that <see cref="MaxPollingInterval"/> can be.</summary>
    public static readonly TimeSpan MinPollingInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>Messages fetched at a time. 1 to 32; 16 by default.</summary>
    public int BatchSize { get; init; } = 16;

    /// <summary>Fetch again once no more than this many are being processed. Half of <see cref="BatchSize"/> by default.</summary>
    public int NewBatchThreshold { get; init; } = 8;

    /// <summary>The longest wait between two polls of an empty queue. 1 min by default.</summary>
    public TimeSpan MaxPollingInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a failed message waits for its next attempt. 0 to 7 days; 0 by default.</summary>
    public TimeSpan VisibilityTimeout { get; init; } = TimeSpan.Zero;

    /// <summary>Attempts before a message is poison. 5 by default.</summary>
    public int MaxDequeueCount { get; init; } = 5;

    public QueueMessageEncoding MessageEncoding { get; init; } = QueueMessageEncoding.Base64;

    /// <summary>How long a received message is hidden from others, renewed at half time. The real host's is fixed; here tests and the fault drill make it shorter.</summary>
    public TimeSpan Invisibility { get; init; } = TimeSpan.FromMinutes(10);

    /// <exception cref="InvalidOperationException">A value can't be used.</exception>
    public static QueueOptions Read(IConfiguration hostJson)
    {
        var section = hostJson.GetSection("extensions:queues");
        var defaults = new QueueOptions();
        var batchSize = Int(section, "batchSize", defaults.BatchSize, 1, 32);
        return new QueueOptions
        {
            BatchSize = batchSize,
            NewBatchThreshold = Int(section, "newBatchThreshold", batchSize / 2, 0, int.MaxValue),
            MaxPollingInterval = Time(section, "maxPollingInterval", defaults.MaxPollingInterval, MinPollingInterval, TimeSpan.FromDays(1)),
            VisibilityTimeout = Time(section, "visibilityTimeout", defaults.VisibilityTimeout, TimeSpan.Zero, TimeSpan.FromDays(7)),
            MaxDequeueCount = Int(section, "maxDequeueCount", defaults.MaxDequeueCount, 1, int.MaxValue),
            MessageEncoding = Encoding(section, "messageEncoding", defaults.MessageEncoding),
            Invisibility = Time(section, "invisibility", defaults.Invisibility, TimeSpan.FromSeconds(1), TimeSpan.FromDays(7)),
        };
    }

    private static int Int(IConfigurationSection section, string name, int fallback, int least, int most)
        => section[name] is not { Length: > 0 } text ? fallback
            : int.TryParse(text, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most ? value
            : throw Refuse(name, text, most == int.MaxValue ? $"a whole number from {least}" : $"a whole number from {least} to {most}");

    /// <summary>A plain number would be read as days, which nobody means.</summary>
    private static TimeSpan Time(IConfigurationSection section, string name, TimeSpan fallback, TimeSpan least, TimeSpan most)
        => section[name] is not { Length: > 0 } text ? fallback
            : text.Contains(':', StringComparison.Ordinal) && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most ? value
            : throw Refuse(name, text, $"a time from {least:c} to {most:c}, written hh:mm:ss");

    private static QueueMessageEncoding Encoding(IConfigurationSection section, string name, QueueMessageEncoding fallback)
        => section[name] is not { Length: > 0 } text ? fallback
            : Enum.TryParse<QueueMessageEncoding>(text, ignoreCase: true, out var value) && Enum.IsDefined(value) ? value
            : throw Refuse(name, text, "base64 or none");

    private static InvalidOperationException Refuse(string name, string value, string remedy)
        => new($"extensions.queues.{name} in host.json is '{value}'; choose {remedy}.");
}
