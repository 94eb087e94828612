using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Http;

public sealed class SchemaTests : IAsyncLifetime
{
    private static readonly EvaluationOptions Options = new() { OutputFormat = OutputFormat.List };

    private SlowlaneApp _app = null!;

    public async ValueTask InitializeAsync() => _app = await SlowlaneApp.StartAsync();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Theory]
    [InlineData("""{"table":"pg_type","firstRows":3}""")]
    [InlineData("""{"table":"of_each_kind","where":{"n":[1,null]},"sample":1}""")]
    [InlineData("""{"rows":[{"a":1,"b":"x","c":null},{"a":1e999,"b":[1],"c":{"d":true}}]}""")]
    public async Task Profile_IsAsTheServedSchemaSays(string input)
    {
        await _app.Database.ExecuteAsync("""
            create table of_each_kind as select n, n / 3.0 as f, 'x' || n as t, date '2026-01-01' + n as d, interval '1 day' * n as i, n > 2 as b, array[n] as a, '\x01'::bytea as y
            from generate_series(1, 50) n union all select null, 'NaN', null, 'infinity', null, null, null, null;
            grant select on of_each_kind to slowlane_job
            """);
        var schemas = await SchemasAsync("profile");

        var result = await ResultAsync("profile", input);

        Assert.Equal(2, result.GetProperty("schema").GetInt32());
        var wrong = Of(schemas, "result").Evaluate(result, Options).Details!.Where(detail => detail.Errors is { Count: > 0 });
        Assert.Empty(wrong.SelectMany(detail => detail.Errors!.Select(error => $"{detail.InstanceLocation}: {error.Value}")));
        Assert.True(Of(schemas, "input").Evaluate(JsonElement.Parse(input)).IsValid);
    }

    [Fact]
    public async Task Schema_RefusesAResultThatIsNone()
    {
        var schema = Of(await SchemasAsync("profile"), "result");

        Assert.False(schema.Evaluate(JsonElement.Parse("""{"rowCount":"many","columns":[]}""")).IsValid);
    }

    [Theory]
    [InlineData("profile")]
    [InlineData("spin")]
    [InlineData("invoice")]
    public async Task Schemas_ThatTheCallerHolds_AreNotModified(string type)
    {
        using var first = await _app.GetAsync($"/api/jobs/{type}/schema");
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"/api/jobs/{type}/schema", UriKind.Relative));
        request.Headers.TryAddWithoutValidation("If-None-Match", first.Headers.ETag!.ToString());
        using var second = await _app.Client.SendAsync(request, Cancellation);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.NotModified), (first.StatusCode, second.StatusCode));
    }

    [Fact]
    public async Task Schemas_OfAnUnknownType_AreNotFoundAndTheKnownTypesAreNamed()
    {
        using var response = await _app.GetAsync("/api/jobs/prophile/schema");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Contains("profile", await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    private static JsonSchema Of(JsonObject schemas, string which) => JsonSchema.FromText(schemas[which]!.ToJsonString());

    private async Task<JsonObject> SchemasAsync(string type)
        => JsonNode.Parse(await _app.Client.GetStringAsync(new Uri($"/api/jobs/{type}/schema", UriKind.Relative), Cancellation))!.AsObject();

    private async Task<JsonElement> ResultAsync(string type, string input)
    {
        var location = await _app.SubmitAsync(type, input);
        using var response = await _app.GetAsync($"{location}/result?wait=60");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return JsonElement.Parse(await response.Content.ReadAsStringAsync(Cancellation));
    }
}
