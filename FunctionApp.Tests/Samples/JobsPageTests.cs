using Slowlane.LocalHost.Services;
using Xunit;

namespace Slowlane.Tests.Samples;

/// <summary>What docs/jobs.md shows is the sample that is tested here.</summary>
[Trait("Category", "Fast")]
public sealed class JobsPageTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(ProjectFolder.Root, "docs", "jobs.md"));

    [Theory]
    [InlineData("csharp", "InvoiceJob.cs")]
    [InlineData("sql", "Migrations/invoice_1_tables.sql")]
    public void Page_ShowsTheSample(string language, string file)
    {
        var sample = File.ReadAllText(Path.Combine(ProjectFolder.Root, "FunctionApp", "Samples", "Invoicing", file));

        Assert.Contains($"```{language}\n{sample}```", Page, StringComparison.Ordinal);
    }
}
