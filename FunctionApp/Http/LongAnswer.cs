using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Slowlane.Jobs;

namespace Slowlane.Http;

/// <summary>
/// Answers a GET with a profile, as if it were computed right here: submits the job, waits for it and blocks nobody.
/// Equal calls at the same time share one job.
/// </summary>
public sealed class LongAnswer
{
    /// <summary>How long a call waits unless it says otherwise; well below Azure's limit of 230 s.</summary>
    private static readonly TimeSpan UsualWait = TimeSpan.FromSeconds(100);

    private readonly SubmitJob _submit;
    private readonly JobApi _api;
    private readonly JobRegistry _types;
    private readonly ConcurrentDictionary<string, Flight> _flights = new(StringComparer.Ordinal);

    internal LongAnswer(SubmitJob submit, JobApi api, JobRegistry types)
    {
        _submit = submit;
        _api = api;
        _types = types;
    }

    /// <summary>200 with the result, or 202 with where to find it when the wait is over.</summary>
    public async Task<IResult> GetAsync(HttpRequest request, string route, CancellationToken cancellationToken)
    {
        if (!WaitPreference.TryRead(request, out var wait, out var preferred, out var fault))
        {
            return Problem.BadPreference(fault);
        }

        var input = InputOf(request.Query);
        var flight = _flights.GetOrAdd(input, _ => new Flight());
        flight.Enter();
        try
        {
            var submission = await flight.SubmitAsync(() => SubmitAsync(input, request.HttpContext.Response));
            return submission.Refusal
                ?? await _api.AnswerAsync(request, route, submission.Id, wait == TimeSpan.Zero ? UsualWait : wait, preferred, cancellationToken);
        }
        finally
        {
            if (flight.Leave())
            {
                _flights.TryRemove(new KeyValuePair<string, Flight>(input, flight));
            }
        }
    }

    // Not under the caller's token: the job is shared, and the first caller may hang up.
    private async Task<Submission> SubmitAsync(string input, HttpResponse response)
    {
        using var json = JsonDocument.Parse(input);
        return await _submit.AcceptAsync(_types.Find("profile")!, json.RootElement, response, CancellationToken.None);
    }

    /// <summary>The query as the input of a <c>profile</c> job. What can't be a number is passed on as text, for the type to refuse.</summary>
    private static string InputOf(IQueryCollection query)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var (name, values) in query.Where(pair => pair.Key is not ("wait" or "code")).OrderBy(pair => pair.Key, StringComparer.Ordinal))
            {
                writer.WritePropertyName(name);
                WriteValue(writer, name, values);
            }

            writer.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static void WriteValue(Utf8JsonWriter writer, string name, Microsoft.Extensions.Primitives.StringValues values)
    {
        if (string.Equals(name, "columns", StringComparison.Ordinal))
        {
            writer.WriteStartArray();
            foreach (var column in values)
            {
                writer.WriteStringValue(column);
            }

            writer.WriteEndArray();
        }
        else if (int.TryParse(values.ToString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && name is "top" or "bins")
        {
            writer.WriteNumberValue(number);
        }
        else
        {
            writer.WriteStringValue(values.ToString());
        }
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
