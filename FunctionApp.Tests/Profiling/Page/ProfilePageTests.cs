using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Slowlane.Http;
using Slowlane.Profiling;
using Slowlane.Profiling.Drift;
using Slowlane.Profiling.Page;
using Slowlane.Profiling.Sources;
using Xunit;

namespace Slowlane.Tests.Profiling.Page;

[Trait("Category", "Fast")]
public sealed partial class ProfilePageTests
{
    private const string Hostile = "</style></details><script>alert(1)</script><img src=x onerror=alert(1)>\"'&\u202E";

    [Fact]
    public void TextOfTheData_WhereverItStands_IsShownAndNeverMarkup()
    {
        var page = Page($$"""{"rows":[{{string.Join(',', Enumerable.Repeat($$"""{{{Json(Hostile)}}:{{Json(Hostile)}}}""", 30))}}]}""");

        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<img", page, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("&lt;script&gt;alert(1)", page, StringComparison.Ordinal);
        Assert.Equal(
            ["a", "b", "bdi", "body", "dd", "details", "div", "dl", "dt", "footer", "h1", "h2", "header", "html", "li", "main", "meta", "p", "path", "section", "span", "style", "summary", "svg", "table", "td", "th", "title", "tr", "ul"],
            Tag().Matches(page).Select(match => match.Groups["name"].Value).Append("body").Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray());
    }

    [Fact]
    public void Attributes_NeverHoldStylesOrHandlers()
    {
        var page = Page("""{"rows":[{"a":1,"b":"x","c":true},{"a":2,"b":null,"c":false}]}""");

        Assert.DoesNotContain(" style=", page, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"\son[a-z]+=", page);
        Assert.DoesNotContain("http", page.Replace("http-equiv", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void HundredColumns_OfLongTextsAndManyBins_TakeAtMostFiveKilobytesEach()
    {
        var page = Page($$"""{"rows":[{{string.Join(',', Enumerable.Range(0, 50).Select(Row))}}]}""");

        Assert.InRange(Encoding.UTF8.GetByteCount(page), 100_000, 500_000);

        static string Row(int row) => "{" + string.Join(',', Enumerable.Range(0, 100).Select(column => string.Create(
            CultureInfo.InvariantCulture, $"\"column number {column} with a long name\":{(column % 2 == 0 ? $"\"{new string('x', 300)}{row}\"" : $"{row * 1234567.891}")}"))) + "}";
    }

    [Fact]
    public void Rows_WithoutColumns_AreAPage()
        => Assert.Contains("2 rows", Page("""{"rows":[{},{}]}"""), StringComparison.Ordinal);

    [Fact]
    public void Where_IsShownAndNeverMarkup()
    {
        var where = JsonElement.Parse($$"""{"country":["NL",null],{{Json(Hostile)}}:{{Json(Hostile)}}}""").EnumerateObject().ToDictionary(field => field.Name, field => field.Value, StringComparer.Ordinal);

        var page = Document(new ProfileReport { Kind = "table", Where = where, RowCount = 5, ColumnCount = 0, BytesRead = 0, Columns = [] });

        Assert.Contains("only the rows where <bdi>country</bdi> is <bdi>[&quot;NL&quot;,null]</bdi> and <bdi>&lt;/style&gt;", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<img", page, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void FirstRows_AreFoldedAndNeverMarkup()
    {
        var column = new ColumnProfile { Ordinal = 1, Name = Hostile, Type = "text", Count = 1, Nulls = 1, Distinct = new DistinctFigure(1, true, "hash-set", 0) };
        FirstRow[] rows = [new(new Dictionary<string, string?>(StringComparer.Ordinal) { [Hostile] = "<script>" + new string('é', 250) }, [Hostile]), new(new Dictionary<string, string?>(StringComparer.Ordinal) { [Hostile] = null }, Shortened: null)];

        var page = Document(new ProfileReport { Kind = "table", FirstRows = rows, RowCount = 5, ColumnCount = 1, BytesRead = 0, Columns = [column] });

        Assert.Contains("<details class=rows><summary>First 2 rows</summary>", page, StringComparison.Ordinal);
        Assert.Contains($"<td><bdi>&lt;script&gt;{new string('é', 32)}…</bdi><tr><td><span class=soft>null</span>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<img", page, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Sample_IsSaidBeforeItsFigures()
    {
        var page = Document(new ProfileReport { Kind = "table", Sample = new TableSample(0.01, "system", 1), RowCount = 5, ColumnCount = 0, BytesRead = 0, Columns = [] });

        Assert.Contains("<strong>5 rows of a sample</strong> of 1.0 % of the blocks: all figures are of the sample, not of the table", page, StringComparison.Ordinal);
    }

    [Fact]
    public void EarlierProfile_IsShownOverTheSparklineAndNeverMarkup()
    {
        var page = Document(Compared(1, new DriftReport
        {
            Baseline = "0190",
            FinishedAt = new DateTimeOffset(2026, 5, 4, 3, 2, 1, TimeSpan.Zero),
            RowCount = new(1000, 1200),
            Threshold = 0.25,
            Drifted = true,
            DriftedColumns = [Hostile],
            Columns =
            [
                new ColumnDrift { Name = "column 0", Type = new(Hostile, "integer"), SchemaChange = "type changed", Psi = 0.31, PsiError = 0.02, Ks = new(0.2, 0.05, 0.01), Counts = new([0, 30, 10, 0], [10, 10, 10, 10]) },
                new ColumnDrift { Name = Hostile, SchemaChange = "removed" },
            ],
        }));

        Assert.Contains("<p>Compared with the profile 0190 of 2026-05-04 03:02:01 UTC, 1,000 rows then and 1,200 now: <strong>1 columns drifted</strong> · type changed: <bdi>column 0</bdi> · removed: <bdi>&lt;/style&gt;", page, StringComparison.Ordinal);
        Assert.Contains("<path class=earlier d=\"M0 24H1V0H2V16H3V24H4\"/>", page, StringComparison.Ordinal); // Of heights 0, 3/4 (the greatest share), 1/4, 0.
        Assert.Contains("<dt>stability index<dd>0.31 ± 0.02<dt>distance (KS)<dd>0.19 to 0.25", page, StringComparison.Ordinal);
        Assert.Contains("<b>drifted</b>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<img", page, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void EarlierProfile_ThatIsMissing_IsSaid()
        => Assert.Contains("<p>Compared with nothing: none of &lt;t&gt;</p>", Document(Compared(1, new DriftReport { Reason = "none of <t>" })), StringComparison.Ordinal);

    [Fact]
    public void HundredComparedColumns_OfManyBins_TakeAtMostFiveKilobytesEach()
    {
        var counts = Enumerable.Range(0, 22).Select(i => 1000L + (i * i * 37)).ToArray();
        var drift = Enumerable.Range(0, 100).Select(i => new ColumnDrift
        {
            Name = $"column {i}",
            NullShare = new(0.123456, 0.2),
            Distinct = new(new(123_456, false), new(5, true)),
            Psi = 0.123456789,
            PsiError = 0.0123456789,
            Ks = new(0.123456789, 0.0123456789, 0.0028),
            Counts = new(counts, [.. counts.Reverse()]),
        });

        var page = Document(Compared(100, new DriftReport { Baseline = new string('0', 40), RowCount = new(1, 2), Threshold = 0.1, Drifted = true, DriftedColumns = ["column 1"], Columns = [.. drift] }));

        Assert.InRange(Encoding.UTF8.GetByteCount(page), 100_000, 500_000);
    }

    [Fact]
    public void Estimates_AreMarkedAndExactFiguresAreNot()
    {
        var exact = new ColumnProfile { Ordinal = 1, Name = "a", Type = "text", Count = 5, Nulls = 0, Distinct = new DistinctFigure(5, true, "hash-set", 0) };
        var estimated = exact with { Distinct = new DistinctFigure(5, false, "hyperloglog", 0.0081) };

        Assert.DoesNotContain("title=\"estimate", Of(exact), StringComparison.Ordinal);
        Assert.Contains("<span title=\"estimate, standard error 0.8 %\">≈ 5</span>", Of(estimated), StringComparison.Ordinal);
    }

    // Columns of numbers, as wide as they get.
    private static ProfileReport Compared(int columns, DriftReport drift)
    {
        var rows = string.Join(',', Enumerable.Range(0, 50).Select(row => "{" + string.Join(',', Enumerable.Range(0, columns).Select(column => string.Create(CultureInfo.InvariantCulture, $"\"column {column}\":{row * 1234567.891}"))) + "}"));
        return ProfileRun.Job.Compute(ProfileRun.Parse($$"""{"rows":[{{rows}}]}""").Input, [], ProfileRun.Context()) with { Drift = drift };
    }

    private static string Of(ColumnProfile column) => Document(new ProfileReport { Kind = "rows", RowCount = 5, ColumnCount = 1, BytesRead = 0, Columns = [column] });

    private static string Page(string input)
    {
        var (parsed, errors) = ProfileRun.Parse(input);
        Assert.Empty(errors);
        var report = ProfileRun.Job.Compute(parsed, [], ProfileRun.Context());
        return Document(JsonSerializer.Deserialize(JsonSerializer.Serialize(report, ProfileJob.ResultJson), ProfileJob.ResultJson)!); // As it is stored.
    }

    private static string Document(ProfileReport report) => Encoding.UTF8.GetString(PageDocument.Write(ProfilePage.Of(report)));

    private static string Json(string text) => JsonSerializer.Serialize(text);

    [GeneratedRegex("<(?<name>[a-z0-9]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Tag();
}
