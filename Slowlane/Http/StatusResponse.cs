using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Slowlane.Jobs;
using Slowlane.Storage;

namespace Slowlane.Http;

/// <summary>The response with a job's status document. While the job is unfinished, it says when to request it again.</summary>
internal sealed class StatusResponse(JobRegistry types, JobLinks links, TypicalDurations durations, TimeProvider time)
{
    /// <summary>The document with the given status code.</summary>
    public IResult Of(HttpRequest request, string route, JobId id, JobRow? row, int statusCode)
        => Results.Text(Document(request, route, id, row), "application/json; charset=utf-8", statusCode);

    /// <summary>The document as the resource at the request's path: with its validator, or 304 if the caller already has it.</summary>
    public IResult Current(HttpRequest request, string route, JobId id, JobRow? row)
    {
        var document = Document(request, route, id, row);
        return EntityTag.Matches(request, EntityTag.Of(document))
            ? Results.StatusCode(StatusCodes.Status304NotModified)
            : Results.Text(document, "application/json; charset=utf-8", StatusCodes.Status200OK);
    }

    private byte[] Document(HttpRequest request, string route, JobId id, JobRow? row)
    {
        var self = links.To(request, route, id);
        var type = types.FindByTag(id.TypeTag);
        if (row?.Status.IsFinished() != true)
        {
            var running = row is { Status: JobStatus.Running, StartedAt: { } start } ? time.GetUtcNow() - start : TimeSpan.Zero;
            RetryAfter.Set(request.HttpContext.Response, type is null ? TimeSpan.Zero : durations.Of(type), running);
        }

        var document = row is null ? StatusDocument.Waiting(id, type, self) : StatusDocument.Of(row, self);
        return JsonSerializer.SerializeToUtf8Bytes(document, HttpJson.Default.StatusDocument);
    }
}
