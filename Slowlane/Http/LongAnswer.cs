using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Slowlane.Jobs;

namespace Slowlane.Http;

/// <summary>
/// Answers a GET with a result, as if it were computed right here: submits the job, waits for it and blocks nobody.
/// Equal calls share one job until it ends.
/// </summary>
internal sealed class LongAnswer(SubmitPipeline pipeline, SubmitResponse accepted, JobRegistry types)
{
    /// <summary>How long a call waits unless it says otherwise; well below Azure's limit of 230 s.</summary>
    private static readonly TimeSpan UsualWait = TimeSpan.FromSeconds(100);

    private readonly ConcurrentDictionary<(string Type, string Input), Flight> _flights = new();

    /// <summary>200 with the result, or 202 with where to find it when the wait is over.</summary>
    public async Task<IResult> GetAsync(HttpRequest request, string type, string route, CancellationToken cancellationToken)
    {
        request.HttpContext.Response.Headers.CacheControl = JobApi.Cached;
        if (!WaitPreference.TryRead(request, out var wait, out var preferred, out var fault))
        {
            return Problem.BadPreference(fault);
        }

        var input = QueryInput.Of(request.Query);
        var flight = _flights.GetOrAdd((type, input), _ => new Flight());
        flight.Enter();
        var ended = false;
        try
        {
            var submission = await flight.SubmitAsync(() => SubmitAsync(request, type, input));
            (var answer, ended) = submission.Refusal is { } refusal
                ? (refusal, true)
                : await accepted.OfAsync(request, route, submission, wait == TimeSpan.Zero && !preferred ? UsualWait : wait, preferred, cancellationToken);
            return answer;
        }
        finally
        {
            // Who calls after the end gets a job of its own, however many still read this one's answer.
            if (flight.Leave() || ended)
            {
                _flights.TryRemove(new KeyValuePair<(string, string), Flight>((type, input), flight));
            }
        }
    }

    // Not under the caller's token: the job is shared, and the first caller may hang up.
    private async Task<Submission> SubmitAsync(HttpRequest request, string type, string input)
    {
        using var json = JsonDocument.Parse(input);
        return await pipeline.SubmitAsync(request, types.Find(type)!, json.RootElement, CancellationToken.None);
    }

    /// <summary>One job and the calls that wait for it.</summary>
    private sealed class Flight
    {
        private readonly Lock _gate = new();
        private Task<Submission>? _submission;
        private int _passengers;

        public void Enter() => Interlocked.Increment(ref _passengers);

        public bool Leave() => Interlocked.Decrement(ref _passengers) == 0;

        public Task<Submission> SubmitAsync(Func<Task<Submission>> submit)
        {
            lock (_gate)
            {
                return _submission ??= submit();
            }
        }
    }
}
