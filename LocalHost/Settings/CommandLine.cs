using System.Globalization;

namespace Slowlane.LocalHost.Settings;

/// <summary>Reads the command line.</summary>
internal static class CommandLine
{
    public const string Help = """
        LocalHost runs Slowlane without Azure: the built app in the platform's own worker processes, and Azurite and
        PostgreSQL unless connection strings are given.

          dotnet run --project LocalHost [-- OPTIONS]

          --port N             port of the HTTP functions; 0 takes a free one (7071)
          --workers N          processes for queues and activities; 0 runs all functions in one process, to debug (one a core)
          --role front|worker  run one part alone, against the storage and the database given in the settings
          --app FOLDER         run another app: what "dotnet build" or "dotnet publish" wrote (this repository's)
          --ephemeral          data in a temporary folder that goes with the host, instead of .slowlane/
          --enable-auth        demand function keys, made at first in .slowlane/keys.json
          --verbose            log more
          --help               say this

        Settings come from the environment, then from Values in local.settings.json (here, at the repository root or in --app):
          AzureWebJobsStorage  connection string of the storage account; Azurite is started when there is none
          Slowlane__Database   connection string or URI of PostgreSQL; one is started when there is none
          Slowlane__Samples    "false" leaves out the sample job types "invoice" and "spin" ("true")
          LocalHost__KeysFile  another file of function keys
          LocalHost__StartSeconds, LocalHost__RequestSeconds, LocalHost__MessageMebibytes
                               most time for a worker's start and for a silent request, largest message (60, 230, 128)

        Examples:
          dotnet run --project LocalHost
          dotnet run --project LocalHost -- --port 8080 --workers 4
          dotnet run --project LocalHost -- --workers 0 --verbose
          dotnet run --project LocalHost -- --role worker --workers 2
        """;

    private const int MaxPort = 65_535;
    private const int MaxWorkers = 256;

    /// <exception cref="CannotStartException">An option is unknown or its value is out of bounds.</exception>
    public static LocalHostOptions Parse(IReadOnlyList<string> args)
    {
        var options = new LocalHostOptions();
        var workersGiven = false;
        for (var i = 0; i < args.Count; i++)
        {
            var (name, inline) = Split(args[i]);
            string Value(string bound) => inline ?? (++i < args.Count ? args[i] : throw Wrong($"{name} has no value: give {bound}"));

            if (inline is not null && name is ("--ephemeral" or "--enable-auth" or "--verbose" or "--help"))
            {
                throw Wrong($"{name} takes no value, and \"{inline}\" was given: write {name} alone");
            }

            switch (name)
            {
                case "--port":
                    options = options with { Port = Number(name, Value($"a number from 0 to {MaxPort}"), MaxPort) };
                    break;
                case "--workers":
                    options = options with { Workers = Number(name, Value($"a number from 0 to {MaxWorkers}"), MaxWorkers) };
                    workersGiven = true;
                    break;
                case "--role":
                    options = options with { Role = Role(Value("front or worker")) };
                    break;
                case "--app":
                    options = options with { App = Folder(name, Value("the output folder of an app")) };
                    break;
                case "--ephemeral":
                    options = options with { Ephemeral = true };
                    break;
                case "--enable-auth":
                    options = options with { EnableAuth = true };
                    break;
                case "--verbose":
                    options = options with { Verbose = true };
                    break;
                case "--help" or "-h" or "-?":
                    return options with { Help = true };
                default:
                    throw Wrong($"\"{args[i]}\" is not an option of LocalHost: check its spelling");
            }
        }

        return (options.Role, workersGiven, options.Workers) switch
        {
            (LocalRole.Front, true, _) => throw Wrong("--workers says how many processes run queues and activities, and --role front runs none of these: leave one of the two out"),
            (LocalRole.Worker, true, 0) => throw Wrong("--workers is \"0\", and --role worker runs nothing but workers: give at least 1"),
            _ => options,
        };
    }

    private static (string Name, string? Value) Split(string arg)
    {
        var equals = arg.StartsWith("--", StringComparison.Ordinal) ? arg.IndexOf('=', StringComparison.Ordinal) : -1;
        return equals < 0 ? (arg, null) : (arg[..equals], arg[(equals + 1)..]);
    }

    private static int Number(string name, string value, int max)
        => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= max
            ? number
            : throw Wrong($"{name} is \"{value}\": give a whole number from 0 to {max}");

    private static string Folder(string name, string value)
        => value.Length > 0 ? value : throw Wrong($"{name} is \"\": give the output folder of an app");

    private static LocalRole Role(string value) => value switch
    {
        "front" => LocalRole.Front,
        "worker" => LocalRole.Worker,
        _ => throw Wrong($"--role is \"{value}\": give front or worker, or leave it out for both"),
    };

    private static CannotStartException Wrong(string sentence) => CannotStartException.Usage($"{sentence}; see --help.");
}
