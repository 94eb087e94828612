using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;

namespace TinyApp;

/// <summary>Routes, methods and answers.</summary>
public sealed class HttpFunctions
{
    [Function("Ready")]
    public static IResult Ready([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "ready")] HttpRequest request) => Results.Text(Environment.ProcessId + request.QueryString.Value);

    [Function("List")]
    public static IResult All([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "items/list")] HttpRequest request) => Results.Text("list" + request.Method);

    // Before "List" by its name.
    [Function("Details")]
    public static Task<IResult> One([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "items/{id}")] HttpRequest request, string id)
        => Task.FromResult(Results.Text($"details {id}{request.QueryString}"));

    [Function("Number")]
    public static IResult Number([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "number/{n:int}")] HttpRequest request, int n)
        => Results.Text(string.Create(CultureInfo.InvariantCulture, $"{n} {request.Query["extra"]}").TrimEnd());

    [Function("Own")]
    public static IResult Own([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) => Results.Text(request.Method);

    [Function("Fail")]
    public static Task<IResult> Fail([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) => throw new InvalidOperationException("Failed for " + request.Path);

    [Function("FailLate")]
    public static async Task FailLate([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request)
    {
        await request.HttpContext.Response.WriteAsync("some");
        await request.HttpContext.Response.Body.FlushAsync();
        throw new InvalidOperationException("Failed after some.");
    }

    [Function("Disabled")]
    public static IResult Disabled([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) => Results.Text(request.Path);

    // As bindings without ASP.NET Core have it; with it, it works all the same.
    [Function("Data")]
    public static async Task<HttpResponseData> Data([HttpTrigger(AuthorizationLevel.Anonymous, "post")] HttpRequestData request)
    {
        var response = request.CreateResponse();
        await response.WriteStringAsync("data " + await request.ReadAsStringAsync());
        return response;
    }

    [Function("Headers")]
    public static IResult Headers([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request)
        => Results.Json(request.Headers.ToDictionary(header => header.Key.ToUpperInvariant(), header => header.Value.ToString(), StringComparer.Ordinal));

    [Function("Variable")]
    public static IResult Variable([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "variable/{name}")] HttpRequest request, string name)
        => Results.Text(Environment.GetEnvironmentVariable(name) ?? $"none for {request.Method}");

    [Function("Choosy")]
    public static IResult Choosy([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request)
    {
        request.HttpContext.Response.Headers.Allow = "POST, OPTIONS";
        return HttpMethods.IsOptions(request.Method) ? Results.NoContent() : Results.Text(request.Method);
    }

    [Function("Open")]
    public static IResult Open([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) => Results.Text(request.Path);

    [Function("Locked")]
    public static IResult Locked([HttpTrigger(AuthorizationLevel.Function)] HttpRequest request) => Results.Text(request.Path);

    [Function("Vault")]
    public static IResult Vault([HttpTrigger(AuthorizationLevel.Admin)] HttpRequest request) => Results.Text(request.Path);
}
