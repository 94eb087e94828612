using Slowlane.LocalHost.App;
using Slowlane.LocalHost.Http;
using Slowlane.LocalHost.Settings;
using Xunit;

namespace Slowlane.Tests.LocalHost.Http;

[Trait("Category", "Fast")]
public sealed class RouteTableTests
{
    private static readonly FunctionDefinition[] Items =
    [
        Function("Details", """ "route":"items/{id}","methods":["get"] """),
        Function("List", """ "route":"items/list","methods":["get"] """),
        Function("Number", """ "route":"/number/{n:int:min(1)}","methods":["GET","post"] """),
        Function("Own", """ "x":1 """),
        Function("Rest", """ "route":"rest/{*all}" """),
        Function("Sized", """ "route":"sized/{size:int=3}/{word?}" """),
    ];

    [Theory]
    [InlineData("GET", "/api/items/7", "Details id=7")]
    [InlineData("GET", "/api/items/list", "Details id=list")] // The first by name, however general.
    [InlineData("get", "/API/Items/x", "Details id=x")]
    [InlineData("HEAD", "/api/items/7", null)]
    [InlineData("OPTIONS", "/api/items/7", null)]
    [InlineData("POST", "/api/items/7", null)]
    [InlineData("GET", "/api/items", null)]
    [InlineData("GET", "/items/7", null)]
    [InlineData("GET", "/", null)]
    [InlineData("POST", "/api/number/12", "Number n=12")]
    [InlineData("GET", "/api/number/twelve", null)]
    [InlineData("GET", "/api/number/0", null)]
    [InlineData("OPTIONS", "/api/own", "Own ")]
    [InlineData("HEAD", "/api/Own", "Own ")]
    [InlineData("GET", "/api/Own/", "Own ")]
    [InlineData("GET", "/api/Own/more", null)]
    [InlineData("GET", "/api/rest/a/b", "Rest all=a/b")]
    [InlineData("GET", "/api/rest", "Rest all=")]
    [InlineData("GET", "/api/sized", "Sized size=3")]
    [InlineData("GET", "/api/sized/4/x", "Sized size=4,word=x")]
    public void Request_IsTakenByTheFirstFunctionThatAnswersIt(string method, string path, string? found)
    {
        var route = RouteTable.Create(Items, "api").Find(method, path, out var values);

        Assert.Equal(found, route is null ? null : $"{route.Function.Name} {string.Join(',', values.Select(value => $"{value.Key}={value.Value}").Order(StringComparer.Ordinal))}");
    }

    [Theory]
    [InlineData("", "/Own")]
    [InlineData("api/v2", "/api/v2/Own")]
    public void Prefix_IsWhatHostJsonSays(string prefix, string path)
        => Assert.Equal("Own", RouteTable.Create(Items, prefix).Find("GET", path, out _)?.Function.Name);

    [Theory]
    [InlineData("admin", "The function F has the route \"api/admin\", whose \"admin\" is the host's own: begin it with another word.")]
    [InlineData("/Runtime/x", "The function F has the route \"api/Runtime/x\", whose \"Runtime\" is the host's own: begin it with another word.")]
    [InlineData("a/{n:even}", "The function F has the route \"api/a/{n:even}\" with the constraint \"even\", which the host doesn't know: use one of ASP.NET Core's own.")]
    [InlineData("a/{n", "The function F has the route \"api/a/{n\", which can't be read: ")]
    [InlineData("OWN", "The functions Own and Z both answer every method at \"api/own\": give one of them another route or other methods.", "own")]
    public void Route_ThatCannotBe_IsRefusedWithTheRemedy(string route, string sentence, string? second = null)
    {
        FunctionDefinition[] functions = second is null
            ? [Function("F", $""" "route":"{route}" """)]
            : [Function("Own", $""" "route":"{route}" """), Function("Z", $""" "route":"{second}" """)];

        var error = Assert.Throws<CannotStartException>(() => RouteTable.Create(functions, "api"));

        Assert.StartsWith(sentence, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""["get"]""", """["post","GET"]""", "GET")]
    [InlineData("""["get"]""", "[]", "get")]
    [InlineData("[]", """["put"]""", "put")]
    [InlineData("""["get"]""", """["post"]""", null)]
    public void Route_SharedByFunctions_IsForMethodsOfTheirOwn(string first, string second, string? shared)
    {
        FunctionDefinition[] functions = [Function("A", $""" "route":"x","methods":{first} """), Function("B", $""" "route":"X","methods":{second} """)];

        var error = Record.Exception(() => RouteTable.Create(functions, "api"));

        Assert.True(shared is null ? error is null : error!.Message.Contains($"both answer {shared} at", StringComparison.OrdinalIgnoreCase), error?.Message);
    }

    [Theory]
    [InlineData(""" "authLevel":"Anonymous" """, nameof(AuthorizationLevel.Anonymous))]
    [InlineData(""" "authLevel":"admin" """, nameof(AuthorizationLevel.Admin))]
    [InlineData(""" "authLevel":"function" """, nameof(AuthorizationLevel.Function))]
    [InlineData(""" "x":1 """, nameof(AuthorizationLevel.Function))]
    public void Level_IsTheFunctionsOwn(string values, string level) => Assert.Equal(level, HttpTrigger.Of(Function("F", values)).Level.ToString());

    [Fact]
    public void Level_ThatDoesNotExist_IsRefused()
        => Assert.Equal(
            "The function F has the authorization level \"User\": choose Anonymous, Function or Admin.",
            Assert.Throws<CannotStartException>(() => HttpTrigger.Of(Function("F", """ "authLevel":"User" """))).Message);

    private static FunctionDefinition Function(string name, string values)
        => new(name, name, BindingDefinition.Parse($$"""{"name":"request","type":"httpTrigger",{{values}}}"""), []);
}
