using Slowlane.Jobs;
using Xunit;

namespace Slowlane.Tests.Fixtures;

/// <summary>Reads messages that should hold one job.</summary>
internal static class Messages
{
    public static Envelope One(string message) => Assert.IsType<JobMessage.One>(JobMessage.Read(message)).Job;
}
