namespace Slowlane.Tests.Fixtures;

/// <summary>The system's clock, ahead by some time.</summary>
internal sealed class LaterTime(TimeSpan by) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + by;
}
