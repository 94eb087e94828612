using System.Reflection;
using System.Text.RegularExpressions;
using Azure.Storage.Queues.Models;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Slowlane.LocalHost.Worker;
using Xunit;

namespace Slowlane.Tests.LocalHost.Worker;

/// <summary>The app's functions against what the official worker and the host take, whatever LocalHost would.</summary>
/// <remarks>
/// Facts of azure-functions-dotnet-worker (converters, DefaultMethodInfoLocator, the analyzers AZFW0002, 0012 and 0017), of
/// azure-functions-durable-extension (what its triggers and its client bind to) and of
/// azure-functions-host (Utility.cs, for names).
/// </remarks>
public sealed partial class AppFunctionsTests
{
    /// <summary>What each trigger's own parameter may be. An activity's is any JSON, so it is a type of the app's.</summary>
    private static readonly Dictionary<string, Type[]> TriggerParameters = new(StringComparer.Ordinal)
    {
        ["httpTrigger"] = [typeof(HttpRequest)],
        ["queueTrigger"] = [typeof(string), typeof(byte[]), typeof(BinaryData), typeof(QueueMessage)],
        ["timerTrigger"] = [typeof(TimerInfo)],
        ["orchestrationTrigger"] = [typeof(TaskOrchestrationContext)],
    };

    private static readonly IReadOnlyList<FunctionEntry> Functions = FunctionCatalog.Read(typeof(FunctionCatalog).Assembly.GetTypes());

    public static TheoryData<string> Names() => [.. Functions.Select(function => function.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Function_IsOneThatTheOfficialWorkerFinds(string name)
    {
        var method = Function(name).Method;

        Assert.Matches(HostName(), name);
        Assert.False(name.Equals("host", StringComparison.OrdinalIgnoreCase), "The host keeps this name for itself.");
        Assert.True(method.IsPublic && method.DeclaringType!.IsPublic && !method.DeclaringType.IsNested, "It must be public, and so its class, which is not nested.");
        Assert.Single(method.DeclaringType!.GetMethods(), other => string.Equals(other.Name, method.Name, StringComparison.Ordinal)); // Found by its name alone.
        Assert.False(method.ReturnType == typeof(void) || method.ReturnType.Name.StartsWith("ValueTask", StringComparison.Ordinal), "Nobody waits for an async void, and a ValueTask's value may be lost.");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Function_HasParametersThatTheOfficialWorkerFills(string name)
    {
        var function = Function(name);
        var bound = function.Method.GetParameters().Where(parameter => parameter.GetCustomAttribute<BindingAttribute>() is not null).ToList();

        Assert.All(bound, parameter => Assert.Matches(BindingName(), parameter.Name!));
        if (TriggerParameters.TryGetValue(function.TriggerType, out var types))
        {
            Assert.Contains(function.TriggerParameter.ParameterType, types);
        }

        Assert.All(bound.Where(parameter => parameter.IsDefined(typeof(DurableClientAttribute))), parameter => Assert.Equal(typeof(DurableTaskClient), parameter.ParameterType));
        Assert.All(function.Method.GetParameters().Except(bound), parameter => Assert.True(
            parameter.ParameterType == typeof(CancellationToken) || parameter.ParameterType == typeof(FunctionContext) || IsOfRoute(function, parameter),
            $"Nothing fills '{parameter.Name}'."));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Function_ThatAnswersHttp_StatesItsMethodsRouteAndLevelAndReturnsAResult(string name)
    {
        if (Function(name) is { Trigger: HttpTriggerAttribute http } function)
        {
            Assert.Contains(function.Method.ReturnType, (Type[])[typeof(Task<IResult>), typeof(IResult)]);
            Assert.NotNull(http.Route);
            Assert.False(http.Route.StartsWith('/'), "The host puts the prefix and a slash before it.");
            Assert.Single(http.Methods!);
            Assert.Matches("^(get|post)$", http.Methods![0]);
        }
    }

    [Fact]
    public void Functions_ThatAnswerHttp_AreTheseUnderTheseKeys()
        => Assert.Equal(
            """
            get health/live Anonymous
            get health/ready Anonymous
            get jobs Function
            get jobs/{id} Function
            get jobs/{id}/result Function
            get jobs/{type}/pause Admin
            get long_answer Function
            get poison Admin
            post jobs/{id}/cancel Function
            post jobs/{id}/retry Function
            post jobs/{type} Function
            post jobs/{type}/batch Function
            post jobs/{type}/pause Admin
            post jobs/{type}/resume Admin
            post poison/{id}/replay Admin
            post profile Function
            """.ReplaceLineEndings("\n"),
            string.Join('\n', Functions.Select(function => function.Trigger).OfType<HttpTriggerAttribute>()
                .Select(http => $"{http.Methods![0]} {http.Route} {http.AuthLevel}").Order(StringComparer.Ordinal)));

    [Fact]
    public void Functions_HaveNamesThatDifferByMoreThanCase()
        => Assert.Equal(Functions.Count, Functions.Select(function => function.Name).Distinct(StringComparer.OrdinalIgnoreCase).Count());

    private static FunctionEntry Function(string name) => Functions.Single(function => string.Equals(function.Name, name, StringComparison.Ordinal));

    private static bool IsOfRoute(FunctionEntry function, ParameterInfo parameter)
        => function.Trigger is HttpTriggerAttribute { Route: { } route } && parameter.ParameterType == typeof(string) && route.Contains($"{{{parameter.Name}}}", StringComparison.Ordinal);

    [GeneratedRegex("^[a-z][a-z0-9_-]{0,127}$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex HostName();

    [GeneratedRegex("^[a-zA-Z][a-zA-Z0-9]{0,127}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex BindingName();
}
