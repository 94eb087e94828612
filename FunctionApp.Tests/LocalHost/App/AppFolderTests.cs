using Microsoft.Extensions.Configuration;
using Slowlane.LocalHost.App;
using Slowlane.LocalHost.Settings;
using Xunit;

namespace Slowlane.Tests.LocalHost.App;

public sealed class AppFolderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("app-folder-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("dotnet", "dotnet", true)]
    [InlineData("{WorkerRoot}App", "App", false)]
    public void App_IsRunByDotnetOrByItself(string executable, string program, bool hasEntry)
    {
        Write("worker.config.json", $$$"""{"description":{"language":"dotnet-isolated","defaultExecutablePath":"{{{executable}}}","defaultWorkerPath":"App"}}""");
        Write("App", "");

        var app = AppFolder.Open(_folder);

        Assert.EndsWith(program, app.Executable, StringComparison.Ordinal);
        Assert.Equal(hasEntry ? Path.Combine(_folder, "App") : null, app.Entry);
    }

    [Theory]
    [InlineData("{", "is not the description of a worker (")]
    [InlineData("{}", "is not the description of a worker (")]
    [InlineData("""{"description":[]}""", "is not the description of a worker (")]
    [InlineData("""{"description":{}}""", "names the worker \"\", which is not in that folder: build the app again.")]
    [InlineData("""{"description":{"defaultWorkerPath":"Gone.dll"}}""", "names the worker \"Gone.dll\", which is not in that folder: build the app again.")]
    public void Description_ThatLeadsToNoWorker_IsRefusedWithTheRemedy(string json, string says)
    {
        Write("worker.config.json", json);

        var error = Assert.Throws<CannotStartException>(() => AppFolder.Open(_folder));

        Assert.StartsWith($"{Path.Combine(_folder, "worker.config.json")} {says}", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, error.ExitCode);
    }

    [Fact]
    public void Folder_ThatDoesNotExist_IsNamed()
        => Assert.Equal(
            $"The app folder {_folder}/gone does not exist: build the app, or name the output folder of another with --app.",
            Assert.Throws<CannotStartException>(() => AppFolder.Open(_folder + "/gone")).Message);

    [Theory]
    [InlineData("{", "host.json is not JSON (line 1): ")]
    [InlineData("[]", "host.json can't be used: ")]
    public void HostJson_ThatCannotBeRead_IsExplainedInASentence(string json, string start)
    {
        Write("host.json", json);

        Assert.StartsWith(start, Assert.Throws<CannotStartException>(() => HostJson.Read(_folder, Settings())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void HostJson_IsOverriddenBySettingsAndMayBeMissing()
    {
        Assert.Equal("5", HostJson.Read(_folder, Settings(("AzureFunctionsJobHost:a:b", "5")))["a:b"]);

        Write("host.json", """{"a":{"b":1,"c":2}}""");
        var read = HostJson.Read(_folder, Settings(("AzureFunctionsJobHost:a:b", "5"), ("AzureFunctionsJobHost:a:c", "")));

        Assert.Equal(("5", ""), (read["a:b"], read["a:c"]));
    }

    private static IConfiguration Settings(params (string Key, string? Value)[] settings)
        => new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, setting.Value))).Build();

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder, name), text);
}
