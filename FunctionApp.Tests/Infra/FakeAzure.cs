using Slowlane.LocalHost.Services;

namespace Slowlane.Tests.Infra;

/// <summary>Stand-ins on the path for what hooks call: <c>az</c>, <c>curl</c>, and <c>sleep</c>, which takes no time.</summary>
internal sealed class FakeAzure : IDisposable
{
    // A list is a look; the functions are there from a certain one on.
    private const string Az = """
        #!/bin/sh
        echo "az $*" >> "$FAKE/calls"
        case "$*" in
        "functionapp show "*) echo /subscriptions/s/resourceGroups/g/providers/Microsoft.Web/sites/func-sample ;;
        "rest "*) test "$(grep -c '^az rest' "$FAKE/calls")" -gt "$REFUSED_SYNCS" ;;
        "functionapp function list "*)
            echo func-sample/WarmUp
            if [ "$(grep -c '^az functionapp function list' "$FAKE/calls")" -ge "$LISTED_FROM" ]; then
                grep -v -x "$NEVER" "$FUNCTIONS" | sed 's,^,func-sample/,'
            fi
            ;;
        *) echo "unexpected: az $*" >&2; exit 2 ;;
        esac
        """;

    private const string Curl = """
        #!/bin/sh
        echo "curl $*" >> "$FAKE/calls"
        case "$*" in
        *" https://app/api/profile") echo '{"id":"0123456789abcdef"}' ;;
        *" https://app/api/jobs/0123456789abcdef/result"*) echo '{"rowCount":3}' ;;
        esac
        """;

    private static readonly string Hooks = Path.Combine(ProjectFolder.Root, "infra", "hooks");

    private readonly string _folder = Directory.CreateTempSubdirectory("slowlane-hook-test-").FullName;

    public FakeAzure()
    {
        Write("az", Az);
        Write("curl", Curl);
        Write("sleep", "#!/bin/sh\necho \"sleep $*\" >> \"$FAKE/calls\"");
        File.WriteAllText(Path.Combine(_folder, "calls"), "");
    }

    /// <summary>From which look on the functions are listed.</summary>
    public int ListedFrom { get; init; } = 1;

    /// <summary>How many calls to read the triggers fail at first.</summary>
    public int RefusedSyncs { get; init; }

    /// <summary>A function that is never listed.</summary>
    public string Never { get; init; } = "";

    /// <summary>What was called so far, in order.</summary>
    public IReadOnlyList<string> Calls => File.ReadAllLines(Path.Combine(_folder, "calls"));

    /// <summary>Runs a hook as azd does: in the project's folder, with the deployment's outputs.</summary>
    public Task<ToolRun> RunAsync(string hook, params string[] arguments) => ToolRun.OfAsync(
        "sh",
        ProjectFolder.Root,
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["PATH"] = _folder + Path.PathSeparator + Environment.GetEnvironmentVariable("PATH"),
            ["FAKE"] = _folder,
            ["FUNCTIONS"] = Path.Combine(Hooks, "functions.txt"),
            ["LISTED_FROM"] = ListedFrom.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["REFUSED_SYNCS"] = RefusedSyncs.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["NEVER"] = Never,
            ["AZURE_SUBSCRIPTION_ID"] = "s",
            ["AZURE_RESOURCE_GROUP"] = "g",
            ["FUNCTION_APP_NAME"] = "func-sample",
        },
        ["infra/hooks/" + hook, .. arguments]);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void Write(string name, string script)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, script.ReplaceLineEndings("\n") + "\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
