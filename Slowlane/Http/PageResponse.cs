using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Slowlane.Jobs;
using Slowlane.Resilience;
using Slowlane.Storage;

namespace Slowlane.Http;

/// <summary>Shows the result of a succeeded job as the page of its type.</summary>
internal sealed partial class PageResponse(JobRegistry types, JobReader reader, ResultBlobs results, ILogger<PageResponse> log)
{
    /// <summary>The type whose page the caller prefers. Null if its type has no page, or the caller prefers JSON.</summary>
    public JobDefinition? Preferred(HttpRequest request, JobRow row)
        => types.Find(row.Type) is { HasPage: true } type && PagePreference.Read(request) ? type : null;

    /// <summary>The page. Null if there is no result, or the type can't show it: the JSON is the answer then.</summary>
    public async Task<IResult?> OfAsync(HttpRequest request, JobDefinition type, JobRow row, CancellationToken cancellationToken)
        => await ReadAsync(row, cancellationToken) is { } json ? Show(request.HttpContext.Response, type, row.Id, json) : null;

    private async Task<byte[]?> ReadAsync(JobRow row, CancellationToken cancellationToken)
        => await reader.ResultAsync(row.Id, cancellationToken) switch
        {
            { Body: { } body } => Encoding.UTF8.GetBytes(body),
            { Blob: { } blob } => await ReadAsync(blob, cancellationToken),
            _ => null,
        };

    // If storage is down, the answer for the JSON says so.
    private async Task<byte[]?> ReadAsync(string blob, CancellationToken cancellationToken)
    {
        try
        {
            return await results.ReadAsync(blob, cancellationToken);
        }
        catch (Exception e) when (Outage.IsOfService(e))
        {
            return null;
        }
    }

    private IResult? Show(HttpResponse response, JobDefinition type, JobId id, byte[] json)
    {
        try
        {
            return type.PageOf(json) is { } page ? Send(response, page, PageDocument.Write(page)) : null;
        }
#pragma warning disable CA1031 // The type's own code may throw anything, and the result itself is fine.
        catch (Exception e)
#pragma warning restore CA1031
        {
            NotShown(log, id, type.Name, e);
            return null;
        }
    }

    private static IResult Send(HttpResponse response, ResultPage page, byte[] document)
    {
        response.Headers.ContentSecurityPolicy = PageDocument.Policy(page);
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "no-referrer";
        return Results.Text(document, "text/html; charset=utf-8", StatusCodes.Status200OK);
    }

    [LoggerMessage(LogLevel.Warning, "The result of job {JobId} ({Type}) can't be shown as a page; the caller gets its JSON")]
    private static partial void NotShown(ILogger log, JobId jobId, string type, Exception failure);
}
