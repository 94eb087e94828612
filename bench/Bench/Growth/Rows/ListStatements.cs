using Slowlane.Execution;
using Slowlane.Jobs;

namespace Slowlane.Bench.Growth.Rows;

/// <summary>The list's pages: of all, by type, by status, by both; the first one and one from the middle.</summary>
internal static class ListStatements
{
    private const int Page = 51; // One more tells whether there is a next page.

    private const long Pages = 400;

    public static IEnumerable<Statement> All(Sample sample) =>
    [
        List("list", null, null, null),
        List("list, deep", null, null, sample.Deep),
        List("list of a type", "spin", null, null),
        List("list of a type, deep", "spin", null, sample.Deep),
        List("list of a rare type", "rare", null, null),
        List("list of a type without jobs", "none", null, null),
        .. Enum.GetValues<JobStatus>().Select(status => List($"list of {status.Name()}", null, status, null)),
        List("list of succeeded, deep", null, JobStatus.Succeeded, sample.Deep),
        List("list of failed, deep", null, JobStatus.Failed, sample.Deep),
        .. Enum.GetValues<JobStatus>().Select(status => List($"list of a type, {status.Name()}", "spin", status, null)),
        List("list of a rare type, failed", "rare", JobStatus.Failed, null),
    ];

    private static Statement List(string name, string? type, JobStatus? status, JobId? before)
        => new(name, Pages, stores => stores.Jobs.ListAsync(type, status, before, Page, default));
}
