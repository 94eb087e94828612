using System.Globalization;
using System.Text;
using Google.Protobuf;
using Microsoft.Azure.WebJobs;
using Newtonsoft.Json.Linq;
using Slowlane.LocalHost.Protocol;
using Slowlane.LocalHost.Triggers;
using Xunit;

namespace Slowlane.Tests.LocalHost.Triggers;

[Trait("Category", "Fast")]
public sealed class TypedValuesTests
{
    public static TheoryData<object?, string> Values => new()
    {
        { null, "{ }" },
        { "a \"text\"", """{ "string": "a \"text\"" }""" },
        { Encoding.UTF8.GetBytes("ab"), """{ "bytes": "YWI=" }""" },
        { 7, """{ "json": "7" }""" },
        { 7L, """{ "json": "7" }""" },
        { 1.5, """{ "json": "1.5" }""" },
        { true, """{ "json": "true" }""" },
        { DateTimeOffset.Parse("2030-01-02T03:04:05Z", CultureInfo.InvariantCulture), """{ "json": "\"2030-01-02T03:04:05+00:00\"" }""" },
        { new { A = 1 }, """{ "json": "{\"A\":1}" }""" },
    };

    [Theory]
    [MemberData(nameof(Values), DisableDiscoveryEnumeration = true)]
    public void Value_OfTheSdk_IsSaidInTheWordsOfTheProtocol(object? value, string said)
        => Assert.Equal(said, JsonFormatter.Default.Format(TypedValues.Of(value)));

    [Fact]
    public void Value_ThatTheWorkerMakes_SaysWhereItCameFrom()
    {
        var data = TypedValues.Of(new ParameterBindingData("1.0", "AzureStorageQueues", BinaryData.FromString("{}"), "application/json")).ModelBindingData;

        Assert.Equal(("1.0", "AzureStorageQueues", "application/json", "{}"), (data.Version, data.Source, data.ContentType, data.Content.ToStringUtf8()));
    }

    [Fact]
    public void Value_ThatAFunctionReturned_IsATextOrJsonOrBytesOrNothing()
    {
        Assert.Equal("7", TypedValues.From(new TypedData { String = "7" }));
        Assert.Equal(7, Assert.IsType<JValue>(TypedValues.From(new TypedData { Json = "7" })).Value<int>());
        Assert.Equal([1], Assert.IsType<byte[]>(TypedValues.From(new TypedData { Bytes = ByteString.CopyFrom(1) })));
        Assert.Null(TypedValues.From(new TypedData()));
        Assert.Null(TypedValues.From(null));
    }
}
