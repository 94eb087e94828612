using Slowlane.Jobs;
using Xunit;

namespace Slowlane.Tests.Fixtures;

/// <summary>Reads messages of the queue.</summary>
internal static class Messages
{
    public static Envelope One(string message) => Assert.IsType<JobMessage.One>(JobMessage.Read(message)).Job;

    /// <summary>The jobs that a message holds, one or several.</summary>
    public static IReadOnlyList<JobId> Ids(string message) => JobMessage.Read(message) switch
    {
        JobMessage.One one => [one.Job.Id],
        JobMessage.Several several => [.. several.Jobs.Select(job => job.Id)],
        var batch => throw new Xunit.Sdk.XunitException($"The message holds no jobs: {batch}"),
    };
}
