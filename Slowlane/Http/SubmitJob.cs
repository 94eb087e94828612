using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Slowlane.Jobs;
using Slowlane.Storage;
using Slowlane.Telemetry;

namespace Slowlane.Http;

/// <summary>
/// Accepts jobs. Only storage is touched: the input is checked, an id made and one message sent, whether or not the
/// database is up.
/// </summary>
/// <remarks>
/// The message goes out through a queue client and not through an output binding: with ASP.NET Core integration the
/// answer can leave before the host has written the binding's message, and a crash in between would lose a job that
/// was promised.
/// </remarks>
internal sealed class SubmitJob(JobRegistry types, SubmitPipeline acceptance, JobSender sender, JobMetrics metrics)
{
    /// <summary>Accepts the request's body as a job of the named type, or refuses it.</summary>
    public async Task<Submission> FromAsync(HttpRequest request, string typeName, CancellationToken cancellationToken)
    {
        using var span = Begin(request, typeName);
        return span.Answered(await acceptance.ReadAsync(
            request, typeName, (type, input, key) => AcceptAsync(type, input, key, cancellationToken), cancellationToken));
    }

    /// <summary>A submit's span, under which <see cref="AcceptAsync"/> is called.</summary>
    public SubmitSpan Begin(HttpRequest request, string typeName) => SubmitSpan.Start(metrics, request, types.Find(typeName)?.Name);

    /// <summary>Accepts an input of a type, or refuses it.</summary>
    /// <param name="type">The type.</param>
    /// <param name="input">What the caller sent.</param>
    /// <param name="key">What the job is stored under so that sending it again is the same job, or null.</param>
    /// <param name="cancellationToken">The caller hung up.</param>
    public async Task<Submission> AcceptAsync(JobDefinition type, JsonElement input, string? key, CancellationToken cancellationToken)
    {
        var found = type.Check(input);
        if (found.Errors.Count > 0)
        {
            return Submission.Refused(Problem.Invalid(found.Errors));
        }

        if (CompactJson.Of(input) is not { } json)
        {
            return Submission.Refused(Problem.Invalid(new Dictionary<string, List<string>>(StringComparer.Ordinal) { [""] = [CompactJson.NoText] }));
        }

        return await acceptance.SendAsync(
            type, key, () => json, id => sender.SendAsync(type, new AcceptedJob(id, json, JobTrace.Current(), found.IsShort), cancellationToken), cancellationToken);
    }
}
