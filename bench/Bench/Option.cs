using System.Globalization;
using System.Runtime.InteropServices;

namespace Slowlane.Bench;

/// <summary>An option as it was typed. Whatever is wrong with it is a <see cref="FormatException"/> that names it.</summary>
/// <param name="Name">With its dashes.</param>
/// <param name="Value">Empty for a switch.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Option(string Name, string Value)
{
    /// <summary>The options in their order, read one at a time: the first that is wrong is the one complained of.</summary>
    /// <param name="args">What was typed.</param>
    /// <param name="switches">The options that take no value.</param>
    public static IEnumerable<Option> Read(IReadOnlyList<string> args, params string[] switches)
    {
        for (var i = 0; i < args.Count; i++)
        {
            var name = args[i];
            yield return switches.Contains(name, StringComparer.Ordinal) ? new Option(name, "")
                : ++i < args.Count ? new Option(name, args[i])
                : throw new FormatException($"{name} has no value.");
        }
    }

    /// <summary>The items of a list, each an option of this name.</summary>
    public IEnumerable<Option> Items()
    {
        var name = Name;
        return Value.Split(',').Select(item => new Option(name, item));
    }

    public int Number(int least, int most, string wanted = "a whole number")
        => int.TryParse(Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"{Name} is '{Value}'; choose {wanted} from {least} to {most}."));

    /// <param name="bench">What the bench calls itself.</param>
    public FormatException Unknown(string bench) => new($"'{Name}' is not an option of {bench}; see --help.");
}
