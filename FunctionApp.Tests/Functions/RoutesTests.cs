using System.Reflection;
using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using Slowlane.LocalHost.App;
using Slowlane.LocalHost.Http;
using Slowlane.Tests.Infra;
using Xunit;
using FunctionDefinition = Slowlane.LocalHost.App.FunctionDefinition;

namespace Slowlane.Tests.Functions;

[Trait("Category", "Fast")]
public sealed class RoutesTests
{
    private static readonly string[] Methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"];

    private static readonly IReadOnlyList<FunctionDefinition> Functions = [.. AppFunctions.Methods
        .Select(method => (method.GetCustomAttribute<FunctionAttribute>()!.Name, Trigger: method.GetParameters().Select(parameter => parameter.GetCustomAttribute<HttpTriggerAttribute>()).FirstOrDefault(trigger => trigger is not null)))
        .Where(function => function.Trigger is not null)
        .Select(function => Definition(function.Name, function.Trigger!))];

    public static TheoryData<string> Paths => [.. Functions.Select(function => "/api/" + HttpTrigger.Of(function).Template.Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal)).Distinct(StringComparer.Ordinal)];

    // A host takes the first function by name, whatever the templates say. So no two may match, and one must: else the answer is an empty 404.
    [Theory]
    [MemberData(nameof(Paths))]
    public void Method_OfEveryPath_HasOneFunctionInWhateverOrderTheyAreTried(string path)
    {
        var forwards = RouteTable.Create(Functions, "api");
        var backwards = RouteTable.Create(Functions.Reverse(), "api");

        Assert.All(Methods, method =>
        {
            var function = forwards.Find(method, path, out _)?.Function.Name;
            Assert.NotNull(function);
            Assert.Equal(function, backwards.Find(method, path, out _)?.Function.Name);
        });
    }

    [Theory]
    [InlineData("GET", "JobStatus")]
    [InlineData("HEAD", "JobStatus")]
    [InlineData("POST", "SubmitJob")]
    [InlineData("DELETE", "SubmitJob")]
    public void Path_OfJobsAndTypes_IsSharedByMethod(string method, string function)
        => Assert.Equal(function, RouteTable.Create(Functions, "api").Find(method, "/api/jobs/x", out _)?.Function.Name);

    private static FunctionDefinition Definition(string name, HttpTriggerAttribute trigger)
    {
        var binding = new Dictionary<string, object>(StringComparer.Ordinal) { ["name"] = "request", ["type"] = "httpTrigger", ["authLevel"] = trigger.AuthLevel.ToString(), ["route"] = trigger.Route! };
        if (trigger.Methods is { } methods)
        {
            binding["methods"] = methods;
        }

        return new FunctionDefinition(name, name, BindingDefinition.Parse(JsonSerializer.Serialize(binding)), []);
    }
}
