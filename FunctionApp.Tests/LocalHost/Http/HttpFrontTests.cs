using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Slowlane.LocalHost.Http;
using Slowlane.LocalHost.Processes;
using Slowlane.LocalHost.Queues;
using Slowlane.Tests.LocalHost.Worker;
using Xunit;

namespace Slowlane.Tests.LocalHost.Http;

#pragma warning disable CA1062 // The host passes no null to a function.

public sealed class HttpFrontTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("GET", "/api/items/7", 200, "details 7")]
    [InlineData("GET", "/api/items/list", 200, "details list")] // "Details" comes before "List" by name.
    [InlineData("GET", "/API/ITEMS/x", 200, "details x")]
    [InlineData("HEAD", "/api/items/7", 404, "")]
    [InlineData("POST", "/api/items/7", 404, "")]
    [InlineData("GET", "/api/nothing", 404, "")]
    [InlineData("GET", "/items/7", 404, "")]
    [InlineData("GET", "/api/number/12?extra=and", 200, "12 and")]
    [InlineData("GET", "/api/number/twelve", 404, "")]
    [InlineData("GET", "/api/number/12", 200, "12 none")]
    [InlineData("PUT", "/api/Own", 200, "")]
    [InlineData("GET", "/api/fail", 500, "")]
    public async Task Request_IsAnsweredAsTheRealHostDoes(string method, string path, int status, string body)
    {
        await using var app = await TestApp.StartAsync([typeof(ItemFunctions)]);
        using var client = app.Client();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);

        using var response = await client.SendAsync(request, Token);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(body, await response.Content.ReadAsStringAsync(Token));
    }

    [Theory]
    [InlineData("GET", "/api/items/7", false)]
    [InlineData("GET", "/api/take", false)]
    [InlineData("POST", "/api/take", true)]
    public async Task Answer_ThatSomethingWasAccepted_RingsForTheListeners(string method, string path, bool rings)
    {
        await using var app = await TestApp.StartAsync([typeof(ItemFunctions)]);
        using var client = app.Client();
        var rung = app.Services.GetRequiredService<QueueBell>().Next;

        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var response = await client.SendAsync(request, Token);
        await app.StopAsync();

        Assert.Equal(rings, rung.IsCompleted);
    }

    [Fact]
    public async Task Middleware_WrapsTheFunctionInTheOrderItWasAdded()
    {
        await using var app = await TestApp.StartAsync([typeof(ItemFunctions)], compose: builder =>
        {
            builder.UseMiddleware((context, next) => AddAsync(context, "outer", next));
            builder.UseMiddleware((context, next) => AddAsync(context, "inner", next));
        });
        using var client = app.Client();

        using var response = await client.GetAsync(new Uri("/api/items/7", UriKind.Relative), Token);

        Assert.Equal(["outer", "inner"], response.Headers.GetValues("x-step"), StringComparer.Ordinal);

        static Task AddAsync(FunctionContext context, string step, Func<Task> next)
        {
            context.GetHttpContext()!.Response.Headers.Append("x-step", step);
            return next();
        }
    }

    [Fact]
    public async Task Request_WhoseCallerIsGone_IsCancelled()
    {
        var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var app = await TestApp.StartAsync([typeof(WaitFunctions)], compose: builder => builder.Services.AddSingleton(gone));
        using var client = app.Client();
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.GetAsync(new Uri("/api/Wait", UriKind.Relative), cancel.Token));

        await gone.Task.WaitAsync(TimeSpan.FromSeconds(10), Token);
    }

    [Theory]
    [InlineData("Open", null, HttpStatusCode.OK)]
    [InlineData("Locked", null, HttpStatusCode.Unauthorized)]
    [InlineData("Locked", "wrong", HttpStatusCode.Unauthorized)]
    [InlineData("Locked", "cut", HttpStatusCode.Unauthorized)]
    [InlineData("Locked", "longer", HttpStatusCode.Unauthorized)]
    [InlineData("Vault", "longer", HttpStatusCode.Unauthorized)]
    [InlineData("Locked", "host", HttpStatusCode.OK)]
    [InlineData("Locked", "master", HttpStatusCode.OK)]
    [InlineData("Vault", "host", HttpStatusCode.Unauthorized)]
    [InlineData("Vault", "master", HttpStatusCode.OK)]
    public async Task Request_WhereKeysAreDemanded_NeedsTheKeyOfItsLevel(string function, string? key, HttpStatusCode status)
    {
        var file = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N"), "keys.json");
        await using var app = await TestApp.StartAsync(
            [typeof(KeyFunctions)],
            new Dictionary<string, string?>(StringComparer.Ordinal) { [FunctionKeys.FileSetting] = file },
            new LocalHostOptions { EnableAuth = true });
        using var keys = JsonDocument.Parse(await File.ReadAllBytesAsync(file, Token));
        var value = key switch
        {
            "host" => keys.RootElement.GetProperty("host").GetProperty("default").GetString(),
            "master" => keys.RootElement.GetProperty("master").GetString(),
            "cut" => keys.RootElement.GetProperty("host").GetProperty("default").GetString()![..^1],
            "longer" => keys.RootElement.GetProperty("master").GetString() + "x",
            _ => key,
        };
        using var client = app.Client();
        using var byHeader = new HttpRequestMessage(HttpMethod.Get, $"/api/{function}");
        byHeader.Headers.TryAddWithoutValidation("x-functions-key", value);

        using var headerResponse = await client.SendAsync(byHeader, Token);
        using var queryResponse = await client.GetAsync(new Uri($"/api/{function}?code={value}", UriKind.Relative), Token);

        Assert.Equal(status, headerResponse.StatusCode);
        Assert.Equal(status, queryResponse.StatusCode);
        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(file) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
    }

    [Theory]
    [InlineData("""{"master":""}""")]
    [InlineData("""{"master":"m","host":{"default":null}}""")]
    [InlineData("""{"master":"m","functions":{"Locked":null}}""")]
    [InlineData("""{"master":"m","functions":{"Locked":{"one":null}}}""")]
    public async Task KeyFile_WithAKeyThatIsNone_IsRefusedAtTheStartAndNotAtEachRequest(string json)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, json, Token);
        var settings = new ConfigurationBuilder().AddInMemoryCollection([new(FunctionKeys.FileSetting, file)]).Build();

        var failure = Assert.Throws<InvalidOperationException>(() => FunctionKeys.Open(settings));

        Assert.Contains(file, failure.Message, StringComparison.Ordinal);
        File.Delete(file);
    }

    public sealed class ItemFunctions
    {
        [Function("List")]
        public static IResult All([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "items/list")] HttpRequest request) => Results.Text("list" + request.Method);

        [Function("Details")]
        public static Task<IResult> One([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "items/{id}")] HttpRequest request, string id)
            => Task.FromResult(Results.Text($"details {id}{request.QueryString}"));

        [Function("Number")]
        public static IResult Number([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "number/{n:int}")] HttpRequest request, int n, string? extra, FunctionContext context)
            => Results.Text($"{n} {extra ?? "none"}" + (context.GetHttpContext() == request.HttpContext ? string.Empty : "?"));

        [Function("Take")]
        public static IResult Take([HttpTrigger(AuthorizationLevel.Anonymous, "get", "post")] HttpRequest request) => Results.Accepted(request.Path);

        [Function("Own")]
        public static Task Own([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) => Task.FromResult(request);

        [Function("Fail")]
        public static Task<IResult> Fail([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) => throw new InvalidOperationException(request.Path);
    }

    public sealed class WaitFunctions(TaskCompletionSource gone)
    {
        [Function("Wait")]
        public async Task Wait([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request, CancellationToken cancellationToken)
        {
            ArgumentNullException.ThrowIfNull(request);
            try
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            }
            finally
            {
                gone.SetResult();
            }
        }
    }

    public sealed class KeyFunctions
    {
        [Function("Open")]
        public static void Open([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) => _ = request;

        [Function("Locked")]
        public static void Locked([HttpTrigger(AuthorizationLevel.Function)] HttpRequest request) => _ = request;

        [Function("Vault")]
        public static void Vault([HttpTrigger(AuthorizationLevel.Admin)] HttpRequest request) => _ = request;
    }
}
