using Slowlane.Bench;

namespace Slowlane.Drill;

/// <summary>What to drill.</summary>
internal sealed record DrillOptions
{
    public const string Help = """
        The fault drill: jobs are submitted, cancelled and retried while workers, their hosts and the front are
        killed, paused and stopped, database and storage are cut off, and messages come twice or are garbage. At its end every accepted
        job must be written once, failed with a reason, or cancelled.

          dotnet run --project bench/Drill -- OPTIONS

          --seed N       makes the plan; the same seed, the same plan (a new one each time)
          --jobs N       jobs to submit, 1 to 100000 (400)
          --seconds N    length of the plan, 20 to 86400 (150)
          --workers N    worker processes of each of the two hosts, 1 to 8 (2)
          --log FILE     keep what the processes say

        Ends with 0 when the account balances, with 1 when it doesn't, with 2 when an option is wrong.
        """;

    /// <summary>Hosts with workers, beside the front.</summary>
    public const int Hosts = 2;

    public int Seed { get; init; } = Random.Shared.Next(1_000_000);

    public int Jobs { get; init; } = 400;

    public TimeSpan Length { get; init; } = TimeSpan.FromSeconds(150);

    public int Workers { get; init; } = 2;

    public string? Log { get; init; }

    /// <exception cref="FormatException">An option is unknown or out of bounds; says which, and the bound.</exception>
    public static DrillOptions Parse(IReadOnlyList<string> args)
    {
        var options = new DrillOptions();
        foreach (var option in Option.Read(args))
        {
            options = option.Name switch
            {
                "--seed" => options with { Seed = option.Number(0, int.MaxValue) },
                "--jobs" => options with { Jobs = option.Number(1, 100_000) },
                "--seconds" => options with { Length = TimeSpan.FromSeconds(option.Number(20, 86_400)) },
                "--workers" => options with { Workers = option.Number(1, 8) },
                "--log" => options with { Log = option.Value },
                _ => throw option.Unknown("the drill"),
            };
        }

        return options;
    }
}
