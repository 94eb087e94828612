using Slowlane.LocalHost.Settings;
using Xunit;

namespace Slowlane.Tests.LocalHost.Settings;

[Trait("Category", "Fast")]
public sealed class LocalSettingsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("settings-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Values_AreFlattenedAsCoreToolsDoes()
    {
        const string Json = """
            {
              // Core Tools allow comments,
              "IsEncrypted": false,
              "Values": { "Slowlane__Database": "Host=db", "Slowlane:Samples": true, "A__B__C": 3, },
              "ConnectionStrings": {}
            }
            """;

        var values = LocalSettings.Parse(Json, "f");

        Assert.Equal("Host=db", values["Slowlane:Database"]);
        Assert.Equal("True", values["Slowlane:Samples"]);
        Assert.Equal("3", values["A:B:C"]);
        Assert.Equal(3, values.Count);
    }

    [Theory]
    [InlineData("{", "f is not JSON (line 1): ")]
    [InlineData("[]", "f holds an array, not an object: see local.settings.sample.json.")]
    [InlineData("""{"Values": 5}""", "\"Values\" in f is the value 5, not an object: see local.settings.sample.json.")]
    [InlineData("""{"Values": {"a": {}}}""", "\"a\" in f is an object, and settings are text: write \"A__B\" for nested names.")]
    [InlineData("""{"IsEncrypted": true, "Values": {}}""", "f is encrypted, which only Core Tools can read: ")]
    [InlineData("""{"Values": {"a": "\ud800"}}""", "f holds a text that is no Unicode, half of a surrogate pair ")]
    public void File_ThatCannotBeRead_IsExplainedInASentence(string json, string start)
    {
        var error = Assert.Throws<CannotStartException>(() => LocalSettings.Parse(json, "f"));

        Assert.StartsWith(start, error.Message, StringComparison.Ordinal);
        Assert.Equal(2, error.ExitCode);
    }

    [Fact]
    public void Environment_IsNeverOverridden()
    {
        Write(_folder, """{"Values": {"Slowlane__Database": "file", "AzureWebJobsStorage": "file"}}""");

        var settings = LocalSettings.Read([_folder], new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "SLOWLANE:DATABASE" });

        Assert.Equal("AzureWebJobsStorage", Assert.Single(settings).Key);
    }

    [Fact]
    public void Folders_NamedFirst_Win()
    {
        var inner = Directory.CreateDirectory(Path.Combine(_folder, "inner")).FullName;
        Write(inner, """{"Values": {"A": "inner"}}""");
        Write(_folder, """{"Values": {"a": "outer", "B": "outer"}}""");

        var settings = LocalSettings.Read([inner, _folder, Path.Combine(_folder, "none")], new HashSet<string>(StringComparer.Ordinal));

        Assert.Equal("inner", settings["A"]);
        Assert.Equal("outer", settings["B"]);
    }

    private static void Write(string folder, string json) => File.WriteAllText(Path.Combine(folder, LocalSettings.FileName), json);
}
