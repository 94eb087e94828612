using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Slowlane.Jobs;
using Slowlane.Resilience;

namespace Slowlane.Http;

/// <summary>A problem document (RFC 9457).</summary>
/// <param name="Type">The kind of problem.</param>
/// <param name="Title">The kind in a few words.</param>
/// <param name="Status">The status code of the response.</param>
/// <param name="Detail">What is wrong with this request, and the remedy.</param>
/// <param name="Code">Why the job failed: the type of its error in the status document. Null if the problem is not a failed job.</param>
/// <param name="Errors">What is wrong with each field. Null if the problem is not of fields.</param>
internal sealed record ProblemDocument(
    string Type,
    string Title,
    int Status,
    string Detail,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Code,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyDictionary<string, List<string>>? Errors);

/// <summary>All error responses. Each detail names the value, the bound and the remedy.</summary>
internal static class Problem
{
    private const string Prefix = "urn:slowlane:problem:";

    public static IResult NotJson(string reason) => Of(400, "not-json", "The body is not JSON.", reason);

    /// <summary>400, or 408 when the body came too slowly: the status that the server gives to a body that it can't read.</summary>
    public static IResult BrokenBody(int status, string reason) => Of(
        status, "broken-body", "The body can't be read.", $"{reason} Send the request again, whole.");

    public static IResult BrokenCoding(ContentCoding coding, DecodeFault fault) => Of(
        400, "broken-coding", "The body can't be decoded.", $"The body {(fault == DecodeFault.Trailing ? $"has bytes behind the end of its {NameOf(coding)} data" : $"is not whole {NameOf(coding)} data")}; encode the whole body, and nothing else, as its Content-Encoding says.");

    public static IResult BadPreference(string detail) => Of(400, "bad-wait", "The wait is not valid.", detail);

    public static IResult BadIdempotencyKey(string detail) => Of(400, "bad-idempotency-key", "The Idempotency-Key is not valid.", detail);

    public static IResult KeyReused() => Of(
        422, "idempotency-key-reused", "The Idempotency-Key stands for another input.", "This Idempotency-Key was used for this job type with another body within the last 24 hours; send a new key with this body, or the first body again, field for field in its order.");

    public static IResult UnknownType(string name, IReadOnlyList<string> known) => Of(
        404, "unknown-type", "There is no such job type.", $"'{Shorten(name)}' is not a job type of this app; known: {string.Join(", ", known)}.");

    public static IResult UnknownJob(string id) => Of(
        404, "unknown-job", "There is no such job.", $"'{Shorten(id)}' is not an id that was given out; use the one from the answer to the POST, or its Location.");

    public static IResult Gone(string id) => Of(
        410, "job-gone", "The job is gone.", $"Job '{id}' is older than jobs are kept; submit it again.");

    public static IResult ResultMissing(string id, string blob, string container) => Of(
        410, "result-missing", "The result is gone.", $"Job '{id}' succeeded, but the blob '{blob}' that holds its result is not in container '{container}' any more; submit the job again.");

    public static IResult TooLarge(int limit) => Of(
        413, "too-large", "The body is too large.", string.Create(System.Globalization.CultureInfo.InvariantCulture, $"The body has more than {limit} bytes, the most a request may have; put the data into a table and name that, or send a batch in several."));

    public static IResult NotJsonMedia(string? media) => Of(
        415, "not-json-media", "The media type is not JSON.", $"The Content-Type is {(media is null ? "missing" : $"'{Shorten(media)}'")}; send application/json in UTF-8.");

    /// <summary>The only 415 with <c>Accept-Encoding</c>, which tells it from one for the media type (RFC 9110, section 12.5.3).</summary>
    public static IResult UnknownCoding(string detail) => Of(
        415, "unknown-coding", "The content coding is not read.", detail, header: new("Accept-Encoding", ContentCodings.Accepted));

    public static IResult Invalid(IReadOnlyDictionary<string, List<string>> errors) => Of(
        422, "invalid-input", "The input is not valid.", "One or more fields can't be used; 'errors' says which and why.", errors);

    public static IResult NotABatch(string detail) => Of(422, "invalid-batch", "The batch is not valid.", detail);

    public static IResult MethodNotAllowed(string method, string allowed) => Of(
        405, "method-not-allowed", "The method is not allowed.", $"'{Shorten(method)}' is no method of this resource; it takes {allowed}.", header: new("Allow", allowed));

    public static IResult Failed(JobError error) => Of(409, "job-failed", error.Title, error.Detail, code: error.Type);

    public static IResult Cancelled(string id) => Of(409, "job-cancelled", "The job was cancelled.", $"Job '{id}' was cancelled before it had a result.");

    public static IResult InvalidQuery(IReadOnlyDictionary<string, List<string>> errors) => Of(
        422, "invalid-query", "The query is not valid.", "One or more parameters can't be used; 'errors' says which and why.", errors);

    public static IResult Finished(string id, string status) => Of(
        409, "job-finished", "The job is finished.", $"Job '{id}' has {status}; only a queued or running job can be cancelled.");

    public static IResult NotRetryable(string id, string status) => Of(
        409, "job-not-retryable", "The job can't be retried.", $"Job '{id}' is {status}; only a failed or cancelled job whose input is kept can be retried. Submit it again instead, if it has to run again.");

    public static IResult UnknownPoison(string id) => Of(
        404, "unknown-poison", "There is no such poison message.", $"'{Shorten(id)}' is not the id of a poison message that is kept; GET /api/poison lists them.");

    public static IResult SentBefore(long id, DateTimeOffset at) => Of(
        409, "already-replayed", "The message was sent again before.", string.Create(System.Globalization.CultureInfo.InvariantCulture, $"Poison message {id} was sent again at {at.ToUniversalTime():O}; if it came back, it is in the list with an id of its own."));

    public static IResult NotReplayable(long id, int bytes, int limit) => Of(
        409, "not-replayable", "The message can't be sent again.", string.Create(System.Globalization.CultureInfo.InvariantCulture, $"Poison message {id} has {bytes} bytes and none of this app has more than {limit}, so it is no job's; read it in slowlane.poison and submit what it asks for."));

    public static IResult NotPoisoned(string job, string status) => Of(
        409, "not-poisoned", "The job did not fail by this message.", $"Job '{job}' is {status}; only a job that failed with 'poisoned' is run by replaying its message.");

    public static IResult Unavailable(Exception failure) => RetryIn5Seconds($"{Outage.Describe(failure)}; try again in 5 seconds. GET /api/health/ready says what is wrong.");

    /// <summary>If the queue did not answer, the message may still have arrived. Only an idempotency key rules out a second run.</summary>
    public static IResult NotQueued() => RetryIn5Seconds(
        "The queue can't be reached, so this job is not promised; send it again in 5 seconds, each time under the same Idempotency-Key if it must not run twice.");

    public static IResult NotAccepted() => RetryIn5Seconds(
        "This instance is being stopped, so this job is not promised; send it again in 5 seconds, each time under the same Idempotency-Key if it must not run twice.");

    public static IResult Stopping() => RetryIn5Seconds("This instance is being stopped; try again in 5 seconds.");

    /// <summary>Shortens a caller's text, so that a response quotes at most its beginning.</summary>
    internal static string Shorten(string text) => JsonValue.Shorten(text, 100);

    private static string NameOf(ContentCoding coding) => coding switch
    {
        ContentCoding.Gzip => "gzip",
        ContentCoding.Deflate => "zlib",
        _ => "brotli",
    };

    private static Answer RetryIn5Seconds(string detail) => Of(503, "unavailable", "A service is unavailable.", detail, header: new("Retry-After", "5"));

    private static Answer Of(
        int status, string type, string title, string detail, IReadOnlyDictionary<string, List<string>>? errors = null, KeyValuePair<string, string>? header = null, string? code = null)
        => new(new ProblemDocument(Prefix + type, title, status, detail, code, errors), header);

    /// <summary>Sets its headers on each response that it is written to, because several calls may share one answer.</summary>
    private sealed class Answer(ProblemDocument document, KeyValuePair<string, string>? header) : IResult, IStatusCodeHttpResult
    {
        public int? StatusCode => document.Status;

        public Task ExecuteAsync(HttpContext httpContext)
        {
            var headers = httpContext.Response.Headers;
            headers.ETag = default; // It belongs to the representation that could not be sent.
            headers.RetryAfter = default; // It belongs to a job, if one was set.
            if (header is { } own)
            {
                headers[own.Key] = own.Value;
            }

            return JsonResponse.Of(document, HttpJson.Default.ProblemDocument, document.Status, "application/problem+json").ExecuteAsync(httpContext);
        }
    }
}
