using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Faults;

/// <summary>What the tests of a database that answers and can't be used have in common.</summary>
internal static class EnvironmentSteps
{
    /// <summary>The input of a short job.</summary>
    public const string Spin = """{"id":1,"batch":"b","job":1,"spin_ms":1}""";

    /// <summary>The input of another.</summary>
    public const string SpinAgain = """{"id":2,"batch":"b2","job":1,"spin_ms":1}""";

    /// <summary>Starts the app on a database that the test has prepared, and storage of its own, so that a message that went astray shows.</summary>
    public static async Task<SlowlaneApp> StartAsync(string database, Action<IServiceCollection>? services = null, params KeyValuePair<string, string>[] settings)
        => await SlowlaneApp.StartBesideAsync(
            database,
            await TestServices.StorageAsync(),
            new Dictionary<string, string>(settings, StringComparer.Ordinal),
            all =>
            {
                var lines = new LogLines();
                all.AddSingleton(lines).AddLogging(logging => logging.AddProvider(lines));
                services?.Invoke(all);
            });

    /// <summary>What an app that <see cref="StartAsync"/> started has logged.</summary>
    public static LogLines LinesOf(SlowlaneApp app) => app.Services.GetRequiredService<LogLines>();

    /// <summary>Waits for a job's end, which must be a good one at the first attempt that counted. If it fails, the message has the warnings of the app.</summary>
    public static async Task SucceedsUnchargedAsync(SlowlaneApp app, string location)
    {
        var job = await app.FinishedAsync(location);
        var logged = LinesOf(app).All.Where(line => line.Level >= LogLevel.Warning).Select(line => $"{line.Text} {line.Failure}");
        Assert.True(
            (job.GetProperty("status").GetString(), job.GetProperty("attempt").GetInt32()) is ("succeeded", 1),
            $"Not uncharged: {job}\n{string.Join('\n', logged)}");
    }

    /// <summary>What health says of the database, once it says something. Sessions from before a change may answer first.</summary>
    public static Task<string> ReasonAsync(SlowlaneApp app)
        => Eventually.SeesAsync(app.DatabaseReasonAsync, reason => reason.Length > 0 && !reason.Contains("57P01", StringComparison.Ordinal));
}
