using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Slowlane.Jobs;

namespace Slowlane.Http;

/// <summary>
/// Answers a GET with the result of a job, as if the front computed it: submits the job and waits for it without blocking a thread.
/// Equal calls to one process share a job while one of them waits for it.
/// </summary>
internal sealed class LongAnswer(SubmitPipeline pipeline, SubmitResponse accepted, JobRegistry types)
{
    /// <summary>The wait of a call that does not request another. It is well below Azure's limit of 230 s.</summary>
    private static readonly TimeSpan DefaultWait = TimeSpan.FromSeconds(100);

    private readonly ConcurrentDictionary<(string Type, string Input), SharedJob> _sharedJobs = new();

    /// <summary>200 with the result, or 202 with the job's location when the wait is over.</summary>
    public async Task<IResult> GetAsync(HttpRequest request, string type, string route, CancellationToken cancellationToken)
    {
        request.HttpContext.Response.Headers.CacheControl = JobApi.Cached;
        if (!WaitPreference.TryRead(request, out var wait, out var preferred, out var fault))
        {
            return Problem.BadPreference(fault);
        }

        if (types.Find(type) is not { } found)
        {
            return Problem.UnknownType(type, types.Names);
        }

        var input = QueryInput.Of(request.Query, found.InputSchema());
        var sharedJob = _sharedJobs.GetOrAdd((type, input), _ => new SharedJob());
        sharedJob.Enter();
        var ended = false;
        try
        {
            var submission = await sharedJob.SubmitAsync(() => SubmitAsync(request, found, input));
            (var answer, ended) = submission.Refusal is { } refusal
                ? (refusal, true)
                : await accepted.OfAsync(request, route, submission, wait == TimeSpan.Zero && !preferred ? DefaultWait : wait, preferred, cancellationToken);
            return answer;
        }
        finally
        {
            // A call after the end gets its own job, even while other calls still read the answer of this one.
            if (sharedJob.Unsubscribe() || ended)
            {
                _sharedJobs.TryRemove(new KeyValuePair<(string, string), SharedJob>((type, input), sharedJob));
            }
        }
    }

    // The submit ignores the caller's token: the job is shared, and the first caller may disconnect.
    private async Task<Submission> SubmitAsync(HttpRequest request, JobDefinition type, string input)
    {
        using var json = JsonDocument.Parse(input);
        return await pipeline.SubmitAsync(request, type, json.RootElement, CancellationToken.None);
    }

    /// <summary>One job and the calls that wait for it.</summary>
    private sealed class SharedJob
    {
        private readonly Lock _gate = new();
        private Task<Submission>? _submission;
        private int _callers;

        public void Enter() => Interlocked.Increment(ref _callers);

        public bool Unsubscribe() => Interlocked.Decrement(ref _callers) == 0;

        public Task<Submission> SubmitAsync(Func<Task<Submission>> submit)
        {
            lock (_gate)
            {
                return _submission ??= submit();
            }
        }
    }
}
