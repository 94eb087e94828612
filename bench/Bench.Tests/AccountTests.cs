using Slowlane.Bench.Drill;
using Xunit;

namespace Slowlane.Bench.Tests;

[Trait("Category", "Fast")]
public sealed class AccountTests
{
    public static TheoryData<string?, bool, string?, long, bool> Ends => new()
    {
        // status, can't succeed, reason, writes, balances
        { "succeeded", false, null, 1, true },
        { "succeeded", false, null, 0, false },
        { "succeeded", false, null, 2, false },
        { "succeeded", true, null, 1, false },
        { "failed", true, "unknown-row", 0, true },
        { "failed", true, null, 0, false },
        { "failed", true, "unknown-row", 1, false },
        { "failed", false, "worker-lost", 0, true },
        { "failed", false, "attempts-used", 0, false },
        { "cancelled", false, null, 0, true },
        { "cancelled", false, null, 1, false },
        { "queued", false, null, 0, false },
        { "running", false, null, 0, false },
        { null, false, null, 0, false },
    };

    [Theory]
    [MemberData(nameof(Ends))]
    public void Account_OfAJob_BalancesAsTheTableSays(string? status, bool mustFail, string? reason, long writes, bool balances)
        => Assert.Equal(balances, Account.Differences([new JobOutcome(1, mustFail, status, reason, writes)], submitted: 1, rows: 1).Count == 0);

    [Fact]
    public void Account_WithAJobTooFewOrTooMany_DoesNotBalance()
    {
        var end = new JobOutcome(1, MustFail: false, "succeeded", null, 1);

        Assert.NotEmpty(Account.Differences([end], submitted: 2, rows: 1));
        Assert.NotEmpty(Account.Differences([end], submitted: 1, rows: 2));
        Assert.Empty(Account.Differences([end], submitted: 1, rows: 1));
    }
}
