using System.Net.Mime;
using Azure.Storage.Blobs.Models;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Slowlane.Jobs;
using Slowlane.Resilience;
using Slowlane.Storage;

namespace Slowlane.Http;

/// <summary>Streams a result from its blob. It opens the blob again for each response, because several calls may share one answer.</summary>
internal sealed partial class BlobResponse(JobId id, string name, ResultBlobs results, ILogger log) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var (blob, problem) = await OpenAsync(httpContext.RequestAborted);
        using (blob)
        {
            await (blob is null ? problem!.ExecuteAsync(httpContext) : SendAsync(blob, httpContext));
        }
    }

    private async Task<(BlobDownloadStreamingResult? Blob, IResult? Problem)> OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            var blob = await results.OpenAsync(name, cancellationToken);
            return (blob, blob is null ? Problem.ResultMissing(id.ToString(), name, ResultBlobs.Container) : null);
        }
        catch (Exception e) when (Outage.IsOfService(e))
        {
            Unreachable(log, id, e.Message);
            return (null, Problem.Unavailable(e));
        }
    }

    // The response has a Content-Length, so that a caller notices when storage fails half-way.
    private static Task SendAsync(BlobDownloadStreamingResult blob, HttpContext context)
    {
        context.Response.ContentType = $"{MediaTypeNames.Application.Json}; charset=utf-8";
        context.Response.ContentLength = blob.Details.ContentLength;
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : blob.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }

    [LoggerMessage(LogLevel.Warning, "The result of job {JobId} could not be read, storage can't be reached: {Reason}")]
    private static partial void Unreachable(ILogger log, JobId jobId, string reason);
}
