using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Slowlane.Jobs;
using Slowlane.Samples.Spin;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Jobs;

public sealed class JobRegistrationTests
{
    [Fact]
    public async Task Job_OfATypeThatAsksForServices_GetsThemFromAScopeThatEndsWithItsAttempt()
    {
        var seen = new Seen();
        await using var app = await SlowlaneApp.StartAsync(services => services.AddSingleton(seen).AddScoped<Scoped>().AddJob<Asking>("asking", new JobOptions { Backoff = TimeSpan.FromMilliseconds(1) }));

        await app.FinishedAsync(await app.SubmitAsync("asking", "{}"));
        await Eventually.HoldsAsync(() => seen.Count >= 9, "the last scope has ended, which it does after the job"); // The row is committed before that.

        // One for the check at the start of the app, and one for each attempt: the first fails.
        Assert.Equal(["made", "disposed", "made", "fetched", "disposed", "made", "fetched", "written", "disposed"], seen.ToArray());
    }

    [Fact]
    public async Task App_WithATypeWhoseServiceIsMissing_DoesNotStartAndNamesBoth()
    {
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => SlowlaneApp.StartAsync(services => services.AddJob<Asking>("asking")));

        Assert.StartsWith("The job type 'asking' can't be made: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(Scoped), error.Message, StringComparison.Ordinal);
        Assert.EndsWith("to the app's services.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Class_OfNoKind_IsRefusedWithTheKindsThereAre()
    {
        var error = Assert.Throws<InvalidOperationException>(() => new ServiceCollection().AddJob<NoKind>("none"));

        Assert.Contains("implement IJobType<TInput, TData, TResult>, IBatchJobType, IStreamingJobType or IPartitionedJobType", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Class_OfTwoKinds_IsRefused()
    {
        var error = Assert.Throws<InvalidOperationException>(() => new ServiceCollection().AddJob<TwoKinds>("two"));

        Assert.Contains("make a class of each", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(typeof(HiddenOptions))]
    [InlineData(typeof(OptionsInAField))]
    public void Class_WhoseOptionsAreNotPublic_IsRefusedSinceTheDefaultsWouldHold(Type job)
    {
        var error = Assert.Throws<InvalidOperationException>(() => JobHandlers.Of(job, "hidden", options: null));

        Assert.EndsWith("declares Options, but not as a public property or method, so it would not be used; make it one.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task App_WithATypeWhoseParseDoesNotReadToItsEnd_DoesNotStartAndNamesIt()
    {
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => SlowlaneApp.StartAsync(services => services.AddJob<Partial>("partial")));

        Assert.StartsWith("The Parse of job type 'partial' fails on an object without fields: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Input_WhoseParseThrowsOverAnErrorThatItReported_IsRefusedWithThatError()
    {
        var type = JobHandlers.Of(typeof(Partial), "partial", options: null);

        Assert.Equal(["'id' is missing; it is required."], type.Check(System.Text.Json.JsonElement.Parse("{}")).Errors["id"]);
        Assert.Equal("invalid-input", Assert.Throws<JobException>(() => type.Accept(System.Text.Json.JsonElement.Parse("{}"))).Code);
        Assert.Throws<FormatException>(() => type.Check(System.Text.Json.JsonElement.Parse("""{"id":"none"}""")));
    }

    [Fact]
    public async Task Service_ThatFailsAtItsDisposal_KeepsNoJobFromItsEnd()
    {
        await using var app = await SlowlaneApp.StartAsync(services => services.AddScoped<Throwing>().AddJob<Disposing>("disposing"));

        Assert.Equal("succeeded", (await app.FinishedAsync(await app.SubmitAsync("disposing", "{}"))).GetProperty("status").GetString());
        Assert.Equal("succeeded", (await app.FinishedAsync(await app.SubmitAsync("disposing", "{}"))).GetProperty("status").GetString());
    }

    [Fact]
    public async Task Connections_OfTheEngine_AreNoServiceOfTheApp()
    {
        await using var app = await SlowlaneApp.StartFrontAsync();

        Assert.Null(app.Services.GetService<NpgsqlDataSource>());
    }

    [Theory]
    [InlineData("Spin", 1, "'Spin' can't name a job type")]
    [InlineData("spin", 101, "MaxAttempts is 101; choose 1 to 100.")]
    public void NameOrOption_OutOfItsBounds_IsRefusedWithTheBound(string name, int attempts, string sentence)
    {
        var error = Assert.Throws<InvalidOperationException>(() => new ServiceCollection().AddJob<SpinJob>(name, new JobOptions { MaxAttempts = attempts }));

        Assert.Contains(sentence, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Type_WithOptionsBesideItsClass_HasThem()
    {
        var services = new ServiceCollection().AddJob<SpinJob>("spin").BuildServiceProvider();

        Assert.Same(SpinJob.Options, services.GetRequiredService<JobDefinition>().Options);
    }

    private sealed class Seen : ConcurrentQueue<string>;

    private sealed class Scoped(Seen seen) : IDisposable
    {
        public Seen Seen => seen;

        public void Dispose() => seen.Enqueue("disposed");
    }

    /// <summary>Fails once.</summary>
    private sealed class Asking : IJobType<bool, bool, string>
    {
        private readonly Scoped _scoped;

        public Asking(Scoped scoped)
        {
            _scoped = scoped;
            scoped.Seen.Enqueue("made");
        }

        public static bool Parse(InputReader reader) => true;

        public Task<bool> FetchAsync(bool input, NpgsqlConnection connection, CancellationToken cancellationToken)
        {
            _scoped.Seen.Enqueue("fetched");
            return Task.FromResult(true);
        }

        public string Compute(bool input, bool data, JobContext context) => context.Attempt == 1 ? throw new InvalidOperationException("Once.") : "done";

        public Task WriteAsync(string result, NpgsqlTransaction transaction, JobContext context, CancellationToken cancellationToken)
        {
            _scoped.Seen.Enqueue("written");
            return Task.CompletedTask;
        }
    }

    /// <summary>Has options that its interface does not see.</summary>
    private sealed class HiddenOptions : Plain, IJobType<bool, bool, string>
    {
        internal static JobOptions Options => new() { MaxAttempts = 1 };

        public static bool Parse(InputReader reader) => true;
    }

    private sealed class OptionsInAField : Plain, IJobType<bool, bool, string>
    {
        public static readonly JobOptions Options = new() { MaxAttempts = 1 };

        public static bool Parse(InputReader reader) => true;
    }

    /// <summary>Takes it that a required field is there.</summary>
    private sealed class Partial : Plain, IJobType<bool, bool, string>
    {
        public static bool Parse(InputReader reader) => Guid.Parse(reader.GetString("id", 36, required: true)!) != Guid.Empty;
    }

    private sealed class Disposing(Throwing service) : Plain, IJobType<bool, bool, string>
    {
        public static bool Parse(InputReader reader) => true;

        public Throwing Service => service;
    }

    private sealed class Throwing : IDisposable
    {
        private static int _disposed;

        // The first is that of the check at the app's start.
        public void Dispose() => _ = Interlocked.Increment(ref _disposed) > 1 ? throw new InvalidOperationException("It can't be disposed of.") : 0;
    }

    private class Plain
    {
        public virtual Task<bool> FetchAsync(bool input, NpgsqlConnection connection, CancellationToken cancellationToken) => Task.FromResult(true);

        public virtual string Compute(bool input, bool data, JobContext context) => "";

        public virtual Task WriteAsync(string result, NpgsqlTransaction transaction, JobContext context, CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private sealed class NoKind : Plain, IJobType<bool, string>
    {
        public static bool Parse(InputReader reader) => true;
    }

    private sealed class TwoKinds : IJobType<bool, bool, string>, IStreamingJobType<bool, bool, string>
    {
        public static bool Parse(InputReader reader) => true;

        public Task<bool> FetchAsync(bool input, NpgsqlConnection connection, CancellationToken cancellationToken) => Task.FromResult(true);

        public string Compute(bool input, bool data, JobContext context) => "";

        public string Compute(bool input, IEnumerable<bool> chunks, JobContext context) => "";

        public Task WriteAsync(string result, NpgsqlTransaction transaction, JobContext context, CancellationToken cancellationToken) => Task.CompletedTask;

        IAsyncEnumerable<bool> IStreamingJobType<bool, bool, string>.FetchAsync(bool input, NpgsqlConnection connection, CancellationToken cancellationToken) => AsyncEnumerable.Empty<bool>();
    }
}
