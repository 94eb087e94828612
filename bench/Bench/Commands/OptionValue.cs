using System.Globalization;
using System.Runtime.InteropServices;

namespace Slowlane.Bench.Commands;

/// <summary>The value of an option as it was typed. Whatever is wrong with it is a <see cref="FormatException"/> that names the option.</summary>
/// <param name="Option">The option's name.</param>
/// <param name="Text">Empty for a switch.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct OptionValue(string Option, string Text)
{
    /// <summary>The items of a list, each a value of this option.</summary>
    public IEnumerable<OptionValue> Items()
    {
        var option = Option;
        return Text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(item => new OptionValue(option, item));
    }

    public int Number(int least, int most)
        => int.TryParse(Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"{Option} is '{Text}'; choose a whole number from {least} to {most}."));

    /// <summary>Those of the known things that are named in a list, in the order in which they are known.</summary>
    public IReadOnlyList<T> Choose<T>(IReadOnlyList<T> known, Func<T, string> nameOf)
    {
        string[] names = [.. known.Select(nameOf)], chosen = [.. Items().Select(item => item.Text)];
        return chosen.FirstOrDefault(name => !names.Contains(name, StringComparer.Ordinal)) is { } unknown
            ? throw new FormatException($"{Option} is '{unknown}'; choose from {string.Join(", ", names)}.")
            : [.. known.Where(thing => chosen.Contains(nameOf(thing), StringComparer.Ordinal))];
    }
}
