using System.Text.Json;
using System.Text.Json.Nodes;
using Invoicing;
using Slowlane.Jobs;
using Slowlane.Profiling;
using Slowlane.Samples.Spin;
using Xunit;

namespace Slowlane.Tests.Jobs;

[Trait("Category", "Fast")]
public sealed class InputSchemaTests
{
    private static readonly Dictionary<string, JobDefinition> Types = new(StringComparer.Ordinal)
    {
        ["invoice"] = JobHandlers.Of(typeof(InvoiceJob), "invoice", options: null),
        ["spin"] = JobHandlers.Of(typeof(SpinJob), "spin", options: null),
        ["profile"] = JobHandlers.Of(typeof(ProfileJob), "profile", options: null),
        ["every"] = JobHandlers.Of(typeof(EveryField), "every", options: null),
    };

    public static TheoryData<string> Names => [.. Types.Keys];

    [Fact]
    public void Schema_HasWhatTheDeclarationOfTheInputSays()
    {
        var schema = Types["every"].InputSchema();

        Assert.Equal(
            """{"type":"object","properties":{"name":{"maxLength":5,"pattern":"^[^\\u0000]*$","type":"string"},"note":{"maxLength":7,"pattern":"^[^\\u0000]*$","type":["string","null"]},"count":{"minimum":1,"maximum":9,"type":["integer","null"],"default":3},"share":{"minimum":0.5,"maximum":1,"type":"number"},"tags":{"maxItems":2,"type":["array","null"],"items":{"maxLength":4,"pattern":"^[^\\u0000]*$","type":"string"}},"rows":{"maxItems":3,"type":"array"},"dry":{"type":["boolean","null"],"default":true},"more":{"maxProperties":2,"type":["object","null"]}},"required":["name","share","rows"],"additionalProperties":false}""",
            new JsonObject(schema.Where(property => property.Key is not "$schema").Select(property => KeyValuePair.Create(property.Key, property.Value?.DeepClone()))).ToJsonString(new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Value_ThatTheSchemaRefuses_IsRefusedByTheCheckToo(string name)
    {
        var type = Types[name];
        foreach (var (field, schema) in type.InputSchema()["properties"]!.AsObject())
        {
            foreach (var value in Refused(schema!.AsObject()))
            {
                var input = JsonSerializer.SerializeToElement(new JsonObject { [field] = value });
                Assert.True(type.Check(input).Errors.Keys.Any(fault => fault.StartsWith(field, StringComparison.Ordinal)), $"{name} takes {field} = {value?.ToJsonString() ?? "null"}.");
            }
        }

        var unknown = JsonSerializer.SerializeToElement(new JsonObject { ["no such field"] = 1 });
        Assert.True(type.Check(unknown).Errors.ContainsKey("no such field"));
        foreach (var required in type.InputSchema()["required"]!.AsArray())
        {
            Assert.True(type.Check(JsonElement.Parse("{}")).Errors.ContainsKey(required!.GetValue<string>()));
        }
    }

    [Theory]
    [InlineData("every", """{"name":"abcde","share":0.5,"rows":[]}""")]
    [InlineData("every", """{"name":"","note":null,"count":9,"share":1,"tags":["abcd",""],"rows":[1,null,{}],"dry":false,"more":{"":1,"b":{}}}""")]
    [InlineData("spin", """{"id":1000,"batch":"b","job":-7,"spin_ms":0}""")]
    [InlineData("invoice", """{"customer":2147483647}""")]
    [InlineData("profile", """{"table":"movies","top":0,"bins":200,"partitions":64,"rowSecurity":true,"columns":["title"],"where":{"title":null},"sample":0.0001,"firstRows":20,"baseline":"latest","driftThreshold":10}""")]
    public void Value_AtTheBoundsOfTheSchema_PassesTheCheck(string name, string input) => Assert.Empty(Types[name].Check(JsonElement.Parse(input)).Errors);

    /// <summary>Values that a field's schema refuses, each for one reason.</summary>
    private static IEnumerable<JsonNode?> Refused(JsonObject schema)
    {
        var types = schema["type"] is JsonArray several ? several.Select(type => type!.GetValue<string>()).ToArray() : [schema["type"]!.GetValue<string>()];
        if (types.Contains("object", StringComparer.Ordinal))
        {
            yield return new JsonArray();
            yield return new JsonObject(Enumerable.Range(0, schema["maxProperties"]!.GetValue<int>() + 1).Select(i => KeyValuePair.Create($"c{i}", (JsonNode?)1)));
            yield break;
        }

        yield return new JsonObject();
        if (!types.Contains("null", StringComparer.Ordinal))
        {
            yield return null;
        }

        if (types.Contains("string", StringComparer.Ordinal))
        {
            yield return 1;
            yield return new string('x', schema["maxLength"]!.GetValue<int>() + 1);
            yield return "\0";
        }
        else if (types.Contains("array", StringComparer.Ordinal))
        {
            yield return "x";
            yield return new JsonArray([.. Enumerable.Repeat(0, schema["maxItems"]!.GetValue<int>() + 1).Select(item => (JsonNode)item)]);
        }
        else if (types.Contains("boolean", StringComparer.Ordinal))
        {
            yield return "true";
            yield return 1;
        }
        else
        {
            yield return "1";
            yield return Number(schema["minimum"]!) - 1;
            yield return Number(schema["maximum"]!) + 1;
            if (types.Contains("integer", StringComparer.Ordinal))
            {
                yield return Number(schema["minimum"]!) + 0.5;
            }
        }
    }

    // A node made from a long is no double.
    private static double Number(JsonNode bound) => double.Parse(bound.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Has a field of each kind.</summary>
    private sealed class EveryField : IJobType<bool, bool, bool>
    {
        public static bool Parse(InputReader reader)
        {
            reader.GetString("name", 5, required: true);
            reader.GetString("note", 7);
            reader.GetInt32("count", 1, 9, 3);
            reader.GetDouble("share", 0.5, 1, required: true);
            reader.GetStrings("tags", 2, 4);
            reader.GetArray("rows", 3, required: true);
            reader.GetBoolean("dry", fallback: true);
            reader.GetObject("more", 2);
            return true;
        }

        public Task<bool> FetchAsync(bool input, Npgsql.NpgsqlConnection connection, CancellationToken cancellationToken) => throw new NotSupportedException();

        public bool Compute(bool input, bool data, JobContext context) => throw new NotSupportedException();

        public Task WriteAsync(bool result, Npgsql.NpgsqlTransaction transaction, JobContext context, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
