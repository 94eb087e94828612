using Slowlane.LocalHost.Services;
using Xunit;

namespace Slowlane.Tests.Infra;

/// <summary>What runs after a deployment, against an Azure that is played.</summary>
public sealed class HookTests
{
    private const string Sync = "az rest --method post --url /subscriptions/s/resourceGroups/g/providers/Microsoft.Web/sites/func-sample/host/default/sync?api-version=";

    public HookTests() => Assert.SkipWhen(OperatingSystem.IsWindows(), "Hooks are shell scripts.");

    public static TheoryData<string> Scripts { get; } = [.. Directory.EnumerateFiles(Path.Combine(ProjectFolder.Root, "infra", "hooks"), "*.sh").Select(path => Path.GetFileName(path))];

    [Theory]
    [MemberData(nameof(Scripts))]
    public async Task Script_IsOneThatTheShellCanRead(string script)
    {
        var run = await ToolRun.OfAsync("sh", ProjectFolder.Root, new Dictionary<string, string>(StringComparer.Ordinal), "-n", "infra/hooks/" + script);

        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
    }

    [Fact]
    public void FunctionsThatAreLookedFor_AreThoseOfTheApp()
        => Assert.Equal(AppFunctions.Names.Order(StringComparer.Ordinal), File.ReadLines(Path.Combine(ProjectFolder.Root, "infra", "hooks", "functions.txt")), StringComparer.Ordinal);

    [Fact]
    public async Task Triggers_OfFunctionsThatAppearAtTheThirdLook_AreReadThreeTimes()
    {
        using var azure = new FakeAzure { ListedFrom = 3 };

        var run = await azure.RunAsync("sync-triggers.sh");

        Assert.Equal((0, "Azure lists every function of func-sample."), (run.ExitCode, run.Output));
        Assert.Equal(3, azure.Calls.Count(call => call.StartsWith(Sync, StringComparison.Ordinal)));
        Assert.Equal(2, azure.Calls.Count(call => call is "sleep 10"));
    }

    [Fact]
    public async Task Triggers_OfFunctionsThatAreListedFromBefore_AreReadAllTheSame()
    {
        using var azure = new FakeAzure();

        Assert.Equal(0, (await azure.RunAsync("sync-triggers.sh")).ExitCode);
        Assert.Single(azure.Calls, call => call.StartsWith(Sync, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Triggers_ThatCannotBeReadAtFirst_AreReadAgain()
    {
        using var azure = new FakeAzure { RefusedSyncs = 2, ListedFrom = 3 };

        var run = await azure.RunAsync("sync-triggers.sh");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal("The triggers could not be read at try 1.\nThe triggers could not be read at try 2.", run.Errors);
    }

    [Fact]
    public async Task Triggers_OfAFunctionThatNeverAppears_AreGivenUpWithItsName()
    {
        using var azure = new FakeAzure { Never = "RunJob" };

        var run = await azure.RunAsync("sync-triggers.sh");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("After 30 tries Azure doesn't list these functions of func-sample: RunJob. ", run.Errors, StringComparison.Ordinal);
        Assert.Equal(30, azure.Calls.Count(call => call.StartsWith(Sync, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task SmokeTest_OfAnAppThatRunsAJob_EndsWell()
    {
        using var azure = new FakeAzure();

        var run = await azure.RunAsync("smoke.sh", "https://app");

        Assert.Equal((0, "Job 0123456789abcdef ran.", ""), (run.ExitCode, run.Output, run.Errors));
    }

    [Fact]
    public async Task SmokeTest_OfAnAppOneOfWhoseFunctionsIsNotListed_FailsWithItsName()
    {
        using var azure = new FakeAzure { Never = "Sweep" };

        var run = await azure.RunAsync("smoke.sh", "https://app");

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("Azure doesn't list these functions, so nothing wakes them: Sweep.", run.Errors, StringComparison.Ordinal);
    }
}
