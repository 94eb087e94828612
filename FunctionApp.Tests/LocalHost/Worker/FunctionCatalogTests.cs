using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Slowlane.LocalHost.Processes;
using Slowlane.LocalHost.Worker;
using Xunit;

namespace Slowlane.Tests.LocalHost.Worker;

public sealed class FunctionCatalogTests
{
    [Theory]
    [InlineData(typeof(SameName), "Two functions are named 'twin'")]
    [InlineData(typeof(BadName), "'1st' can't be a function's name")]
    [InlineData(typeof(NoTrigger), "has 0 triggers")]
    [InlineData(typeof(BadParameter), "parameter 'body' has type Uri")]
    [InlineData(typeof(BadReturn), "returns String")]
    [InlineData(typeof(ReservedRoute), "begins with 'admin'")]
    [InlineData(typeof(SameRoute), "both answer get at 'api/Same'")]
    [InlineData(typeof(BadConstraint), "uses the constraint 'colour'")]
    [InlineData(typeof(BadSchedule), "has the schedule 'often'")]
    [InlineData(typeof(BadQueueName), "can't be a queue's name")]
    [InlineData(typeof(MissingSetting), "names the setting 'NoSuchSetting'")]
    [InlineData(typeof(MissingConnection), "needs the setting 'NoSuchStorage'")]
    public void Build_OfFunctionsThatTheRealHostRefuses_SaysWhatIsWrong(Type functions, string sentence)
    {
        var exception = Assert.Throws<InvalidOperationException>(() => TestApp.Build([functions]));

        Assert.Contains(sentence, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Build_WithAQueueOptionOutOfBounds_NamesValueBoundAndRemedy()
    {
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal) { ["AzureFunctionsJobHost__extensions__queues__batchSize"] = "33" };

        var exception = Assert.Throws<InvalidOperationException>(() => TestApp.Build([], settings));

        Assert.Equal("extensions.queues.batchSize in host.json is '33'; choose a whole number from 1 to 32.", exception.Message);
    }

    [Theory]
    [InlineData(LocalRole.All, 2, true, false)]
    [InlineData(LocalRole.All, 0, true, true)]
    [InlineData(LocalRole.Front, 0, true, false)]
    [InlineData(LocalRole.Worker, 2, false, true)]
    internal void RoleParts_KeepHttpAndQueuesApart_UnlessThereAreNoWorkers(LocalRole role, int workers, bool httpAndTimers, bool queues)
        => Assert.Equal(new RoleParts(httpAndTimers, queues), RoleParts.Of(new LocalHostOptions { Role = role, Workers = workers }));

    public sealed class SameName
    {
        [Function("Twin")]
        public static void One([TimerTrigger("00:01:00")] TimerInfo timer) => _ = timer;

        [Function("twin")]
        public static void Two([TimerTrigger("00:01:00")] TimerInfo timer) => _ = timer;
    }

    public sealed class BadName
    {
        [Function("1st")]
        public static void Run([TimerTrigger("00:01:00")] TimerInfo timer) => _ = timer;
    }

    public sealed class NoTrigger
    {
        [Function("Idle")]
        public static void Run(CancellationToken cancellationToken) => _ = cancellationToken;
    }

    public sealed class BadParameter
    {
        [Function("Read")]
        public static void Run([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request, Uri body) => _ = (request, body);
    }

    public sealed class BadReturn
    {
        [Function("Say")]
        public static string Run([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) => request?.Method ?? string.Empty;
    }

    public sealed class ReservedRoute
    {
        [Function("Rule")]
        public static void Run([HttpTrigger(AuthorizationLevel.Anonymous, Route = "admin/things")] HttpRequest request) => _ = request;
    }

    public sealed class SameRoute
    {
        [Function("First")]
        public static void One([HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", Route = "same")] HttpRequest request) => _ = request;

        [Function("Second")]
        public static void Two([HttpTrigger(AuthorizationLevel.Anonymous, "GET", Route = "Same")] HttpRequest request) => _ = request;
    }

    public sealed class BadConstraint
    {
        [Function("Paint")]
        public static void Run([HttpTrigger(AuthorizationLevel.Anonymous, Route = "paint/{with:colour}")] HttpRequest request) => _ = request;
    }

    public sealed class BadSchedule
    {
        [Function("Tick")]
        public static void Run([TimerTrigger("often")] TimerInfo timer) => _ = timer;
    }

    public sealed class BadQueueName
    {
        [Function("Take")]
        public static void Run([QueueTrigger("my_queue")] string message) => _ = message;
    }

    public sealed class MissingSetting
    {
        [Function("Take")]
        public static void Run([QueueTrigger("%NoSuchSetting%")] string message) => _ = message;
    }

    public sealed class MissingConnection
    {
        [Function("Take")]
        public static void Run([QueueTrigger("jobs", Connection = "NoSuchStorage")] string message) => _ = message;
    }
}
