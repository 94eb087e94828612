using System.Text;

namespace Slowlane.Bench.Commands;

/// <summary>One of the tool's commands.</summary>
internal interface ICommand
{
    /// <summary>As it is typed.</summary>
    string Name { get; }

    /// <summary>What it does, in a line.</summary>
    string Does { get; }

    /// <summary>Reads what was typed after its name, and returns what is to run; that returns the exit code.</summary>
    /// <exception cref="FormatException">An option is unknown or out of bounds, or a condition doesn't hold; says which, and the remedy.</exception>
    Func<CancellationToken, Task<int>> Read(IReadOnlyList<string> args);
}

/// <summary>A command with options that it declares.</summary>
/// <param name="name">As it is typed.</param>
/// <param name="does">What it does, in a line.</param>
/// <param name="remarks">What else <c>--help</c> says, below the options.</param>
/// <param name="options">Its options, in the order in which <c>--help</c> shows them.</param>
/// <param name="run">Runs it, and returns the exit code.</param>
internal sealed class Command<TOptions>(
    string name, string does, string remarks, IReadOnlyList<Option<TOptions>> options, Func<TOptions, CancellationToken, Task<int>> run) : ICommand
    where TOptions : new()
{
    private const int Indent = 18;

    public string Name => name;

    public string Does => does;

    /// <summary>What must hold before it runs; throws a <see cref="FormatException"/> where that doesn't.</summary>
    public Action<TOptions> Requires { get; init; } = _ => { };

    private string Help
    {
        get
        {
            var text = new StringBuilder(does).Append($".\n\n  dotnet run -c Release --project bench/Bench -- {name} OPTIONS\n\n");
            foreach (var option in options)
            {
                text.Append($"  {option.Usage,-(Indent - 2)}").AppendJoin("\n" + new string(' ', Indent), option.Does.Split('\n')).Append('\n');
            }

            return text.Append('\n').Append(remarks).ToString();
        }
    }

    public Func<CancellationToken, Task<int>> Read(IReadOnlyList<string> args)
    {
        if (args.Contains("--help", StringComparer.Ordinal))
        {
            return async _ =>
            {
                await Console.Out.WriteLineAsync(Help);
                return 0;
            };
        }

        var parsed = Parse(args);
        Requires(parsed);
        return cancellationToken => run(parsed, cancellationToken);
    }

    /// <summary>The options, applied in the order in which they were typed: the first that is wrong is the one complained of.</summary>
    /// <exception cref="FormatException">An option is unknown or out of bounds; says which, and the known ones or the bound.</exception>
    public TOptions Parse(IReadOnlyList<string> args)
    {
        var parsed = new TOptions();
        for (var i = 0; i < args.Count; i++)
        {
            var typed = args[i];
            var option = options.FirstOrDefault(option => string.Equals(option.Name, typed, StringComparison.Ordinal))
                ?? throw new FormatException($"'{typed}' is not an option of {name}; choose from {string.Join(", ", options.Select(option => option.Name))}.");
            var value = option.IsSwitch ? ""
                : ++i < args.Count ? args[i]
                : throw new FormatException($"{typed} has no value.");
            parsed = option.Apply(parsed, new OptionValue(typed, value));
        }

        return parsed;
    }
}
