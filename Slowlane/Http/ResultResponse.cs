using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Slowlane.Jobs;
using Slowlane.Storage;

namespace Slowlane.Http;

/// <summary>The response for a finished job: its result, or the reason why it has none.</summary>
internal sealed class ResultResponse(JobReader reader, ResultBlobs results, ILogger<ResultResponse> log)
{
    /// <summary>The response. Null while the job is unfinished.</summary>
    public async Task<IResult?> OfAsync(JobRow? row, CancellationToken cancellationToken) => row?.Status switch
    {
        JobStatus.Succeeded => await reader.ResultAsync(row.Id, cancellationToken) switch
        {
            { Body: { } body } => Results.Text(body, "application/json", Encoding.UTF8),
            { Blob: { } blob } => new BlobResponse(row.Id, blob, results, log),
            _ => Problem.Gone(row.Id.ToString()), // The job was purged after its row was read.
        },
        JobStatus.Failed => Problem.Failed(row.Error!),
        JobStatus.Cancelled => Problem.Cancelled(row.Id.ToString()),
        _ => null,
    };
}
