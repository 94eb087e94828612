using Slowlane.Jobs;

namespace Slowlane.Storage;

/// <summary>The results of jobs that are written together, with the blobs of the results that are too large for a row.</summary>
internal sealed class ResultBatch
{
    private readonly ResultBlobs _results;
    private readonly string?[] _blobs;

    private ResultBatch(IReadOnlyList<(Claim Claim, Computed Computed)> jobs, ResultBlobs results)
    {
        Jobs = jobs;
        _results = results;
        _blobs = new string?[jobs.Count];
    }

    public IReadOnlyList<(Claim Claim, Computed Computed)> Jobs { get; }

    /// <summary>The blob of each job; null if its result goes into the row.</summary>
    public string?[] Blobs => _blobs;

    /// <summary>Stores the results that are too large for a row.</summary>
    public static async Task<ResultBatch> StoreAsync(IReadOnlyList<(Claim Claim, Computed Computed)> jobs, ResultBlobs results, CancellationToken cancellationToken)
    {
        var batch = new ResultBatch(jobs, results);
        for (var i = 0; i < jobs.Count; i++)
        {
            batch._blobs[i] = await results.StoreLargeAsync(jobs[i].Claim, jobs[i].Computed.Json, cancellationToken);
        }

        return batch;
    }

    /// <summary>Returns the results of these jobs.</summary>
    public IReadOnlyList<Computed> Of(HashSet<JobId> ids) => [.. Jobs.Where(job => ids.Contains(job.Claim.Id)).Select(job => job.Computed)];

    /// <summary>Returns the claims of all other jobs.</summary>
    public IReadOnlyList<Claim> Without(HashSet<JobId> ids) => [.. Jobs.Select(job => job.Claim).Where(claim => !ids.Contains(claim.Id))];

    /// <summary>Deletes the blobs of the selected jobs.</summary>
    public async Task DiscardAsync(Func<JobId, bool> which, CancellationToken cancellationToken)
    {
        for (var i = 0; i < _blobs.Length; i++)
        {
            if (_blobs[i] is not null && which(Jobs[i].Claim.Id))
            {
                await _results.DiscardAsync(_blobs[i], cancellationToken);
            }
        }
    }
}
