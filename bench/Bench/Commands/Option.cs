namespace Slowlane.Bench.Commands;

/// <summary>An option that a command has.</summary>
/// <param name="Usage">Its name with its dashes, and what its value is called: <c>--rows N</c>. The name alone is a switch.</param>
/// <param name="Does">What it does, for <c>--help</c>; what it is by default in parentheses.</param>
/// <param name="Apply">The command's options with its value.</param>
internal sealed record Option<TOptions>(string Usage, string Does, Func<TOptions, OptionValue, TOptions> Apply)
{
    public string Name => Usage.Split(' ')[0];

    public bool IsSwitch => Name.Length == Usage.Length;
}
