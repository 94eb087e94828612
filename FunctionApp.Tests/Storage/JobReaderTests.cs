using Slowlane.Jobs;
using Slowlane.Storage;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Storage;

public sealed class JobReaderTests : IAsyncLifetime
{
    private const int Page = 4;

    private static readonly string?[] Types = [null, "common", "rare", "none"];

    private TestStores _stores = null!;

    public async ValueTask InitializeAsync() => _stores = await TestStores.CreateAsync();

    public ValueTask DisposeAsync() => _stores.DisposeAsync();

    [Fact]
    public async Task Lists_OfEveryTypeAndStatus_ShowWhatTheWholeTableHasPageByPage()
    {
        await FillAsync();
        var all = await _stores.Jobs.ListAsync(null, null, null, 1000, Cancellation);
        Assert.Equal(60, all.Count);
        Assert.Equal(all.Select(row => row.Id.CreatedAt).OrderDescending(), all.Select(row => row.Id.CreatedAt));

        foreach (var type in Types)
        {
            foreach (var status in Enum.GetValues<JobStatus>().Cast<JobStatus?>().Append(null))
            {
                var expected = all.Where(row => (type is null || string.Equals(row.Type, type, StringComparison.Ordinal)) && (status is null || row.Status == status)).Select(row => row.Id);
                Assert.Equal(expected, await WalkAsync(type, status));
            }
        }
    }

    [Fact]
    public async Task Lists_OfAnEmptyTable_AreEmpty()
    {
        foreach (var type in Types)
        {
            Assert.Empty(await _stores.Jobs.ListAsync(type, null, null, Page, Cancellation));
            Assert.Empty(await _stores.Jobs.ListAsync(type, JobStatus.Failed, null, Page, Cancellation));
        }
    }

    private async Task<List<JobId>> WalkAsync(string? type, JobStatus? status)
    {
        var seen = new List<JobId>();
        for (List<JobRow> page = [null!]; page.Count > 0;)
        {
            page = await _stores.Jobs.ListAsync(type, status, seen.Count == 0 ? null : seen[^1], Page, Cancellation);
            Assert.InRange(page.Count, 0, Page);
            seen.AddRange(page.Select(row => row.Id));
        }

        return seen;
    }

    private async Task FillAsync()
    {
        await _stores.Ready.ReadyAsync(Cancellation);
        await _stores.Sql.ExecuteAsync("""
            insert into slowlane.job (id, type, status, attempt, max_attempts, fence, created_at, lease_until, due_at, finished_at, error_type, error_title, error_detail)
            select uuidv7(i * interval '-1 minute'), case when i % 20 = 0 then 'rare' when i % 3 = 0 then 'other' else 'common' end, status, 1, 5, 1, now(),
                case status when 'running' then now() end, case status when 'queued' then now() end, case when status in ('succeeded', 'failed', 'cancelled') then now() end, 'x', 'x', 'x'
            from (select i, (array['queued', 'running', 'succeeded', 'failed', 'cancelled'])[1 + i * 7 % 5] as status from generate_series(1, 60) as i) as one
            """);
    }
}
