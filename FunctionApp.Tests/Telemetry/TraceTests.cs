using System.Diagnostics;
using System.Net;
using Slowlane.Jobs;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Telemetry;

public sealed class TraceTests
{
    private const string CallersSpan = "b7ad6b7169203331";

    [Fact]
    public async Task Job_SubmittedUnderATrace_IsOneTraceUpToItsWrittenRow_AcrossARetry()
    {
        var trace = ActivityTraceId.CreateRandom().ToHexString();
        using var spans = new SpanCollector(trace);
        using var type = new ScriptedJob(context => context.Attempt == 1 ? throw new InvalidOperationException("private note") : "done");
        await using var app = await type.StartAsync(new JobOptions { Backoff = TimeSpan.FromMilliseconds(1) });

        var location = await SubmitAsync(app, $"00-{trace}-{CallersSpan}-01", "vendor=1");
        Assert.Equal("succeeded", (await app.FinishedAsync(location)).GetProperty("status").GetString());

        var attempts = await spans.EndedAsync("process jobs", 2);
        var request = (await spans.EndedAsync("function SubmitJob", 1))[0];
        var submit = (await spans.EndedAsync("send jobs", 1))[0];
        Assert.Equal(CallersSpan, request.ParentSpanId.ToHexString());
        Assert.Equal((request.SpanId, ActivityKind.Producer), (submit.ParentSpanId, submit.Kind));
        Assert.All(attempts, attempt => Assert.Equal((submit.SpanId, ActivityKind.Consumer, "vendor=1"), (attempt.ParentSpanId, attempt.Kind, attempt.TraceStateString)));
        Assert.Equal(
            [("1", "retried", ActivityStatusCode.Error, "attempt-failed"), ("2", "succeeded", ActivityStatusCode.Unset, null)],
            attempts.Select(attempt => (Tag(attempt, "slowlane.job.attempt"), Tag(attempt, "slowlane.job.outcome"), attempt.Status, Tag(attempt, "error.type"))));

        Assert.Equal(attempts.Select(attempt => attempt.SpanId), (await spans.EndedAsync("fetch", 2)).Select(step => step.ParentSpanId));
        var computed = await spans.EndedAsync("compute", 2);
        Assert.Equal([(attempts[0].SpanId, ActivityStatusCode.Error), (attempts[1].SpanId, ActivityStatusCode.Unset)], computed.Select(step => (step.ParentSpanId, step.Status)));
        Assert.Equal([attempts[1].SpanId], (await spans.EndedAsync("write", 1)).Select(step => step.ParentSpanId));

        Assert.All(attempts.Append(submit), span => Assert.Equal(location[(location.LastIndexOf('/') + 1)..], Tag(span, "slowlane.job.id")));
        Assert.Equal($"00-{trace}-{submit.SpanId}-01 vendor=1", await app.Database.QueryAsync<string>("select trace from slowlane.job"));
        Assert.DoesNotContain(spans.All.SelectMany(span => span.TagObjects), tag => tag.Value?.ToString()?.Contains("private note", StringComparison.Ordinal) is true);
    }

    [Fact]
    public async Task Parts_OfAJob_AreOfItsTraceUnderTheirAttempt()
    {
        var trace = ActivityTraceId.CreateRandom().ToHexString();
        using var spans = new SpanCollector(trace);
        using var type = new SumJob();
        await using var app = await SlowlaneApp.StartAsync(services => type.Register(services));
        await app.SweepAsync(); // Makes the schema, and so the role.
        await app.Database.ExecuteAsync(SumJob.Table);

        var location = await SubmitAsync(app, $"00-{trace}-{CallersSpan}-01", "vendor=1", "sum", """{"partitions":2}""");
        Assert.Equal("succeeded", (await app.FinishedAsync(location)).GetProperty("status").GetString());

        var attempt = (await spans.EndedAsync("process jobs", 1))[0];
        var parts = await spans.EndedAsync("process part", 2);
        Assert.All(parts, part => Assert.Equal((attempt.SpanId, "sum", "1"), (part.ParentSpanId, Tag(part, "slowlane.job.type"), Tag(part, "slowlane.job.attempt"))));
        Assert.Equal("0 1", string.Join(' ', parts.Select(part => Tag(part, "slowlane.job.part")).Order(StringComparer.Ordinal)));
        var computed = await spans.EndedAsync("compute", 3); // The parts, and their merge.
        Assert.All(parts, part => Assert.Single(computed, step => step.ParentSpanId == part.SpanId));
    }

    [Fact]
    public async Task Job_SubmittedUnderATraceThatIsNone_RunsAllTheSame()
    {
        using var type = new ScriptedJob(_ => "done");
        await using var app = await type.StartAsync();

        var location = await SubmitAsync(app, "00-zz-zz-zz", new string('a', 4000));

        Assert.Equal("succeeded", (await app.FinishedAsync(location)).GetProperty("status").GetString());
    }

    [Fact]
    public async Task LongAnswer_UnderATrace_IsPartOfIt()
    {
        var trace = ActivityTraceId.CreateRandom().ToHexString();
        using var spans = new SpanCollector(trace);
        await using var app = await SlowlaneApp.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/long_answer?table=slowlane.migration");
        request.Headers.Add("traceparent", $"00-{trace}-{CallersSpan}-01");

        using var response = await app.Client.SendAsync(request, Cancellation);

        Assert.NotEqual(HttpStatusCode.InternalServerError, response.StatusCode);
        var submit = (await spans.EndedAsync("send jobs", 1))[0];
        var attempt = (await spans.EndedAsync("process jobs", 1))[0];
        Assert.Equal((submit.SpanId, "profile"), (attempt.ParentSpanId, Tag(attempt, "slowlane.job.type")));
        Assert.Equal(attempt.SpanId, (await spans.EndedAsync("fetch", 1))[0].ParentSpanId);
    }

    [Fact]
    public async Task Job_WhoseWorkerVanished_IsGivenToTheNextOneUnderItsTrace()
    {
        const string Trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        await using var stores = await TestStores.CreateAsync();
        var first = await stores.ClaimAsync(TestStores.Submitted() with { Trace = Trace });
        await stores.ExpireAsync(first!.Id);

        var woken = await stores.WakeAsync(first.Id);

        Assert.Equal((Trace, Trace), (first.Trace, woken!.Trace));
        Assert.InRange(first.Waited, TimeSpan.Zero, TimeSpan.FromMinutes(1));
        Assert.InRange(woken.Waited, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1)); // Since its lease ended, and not since its submit.
    }

    [Fact]
    public async Task Job_CancelledBeforeItsMessageCame_KeepsTheMessagesTraceForItsRetry()
    {
        const string Trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        await using var stores = await TestStores.CreateAsync();
        var envelope = TestStores.Submitted() with { Trace = Trace };
        await stores.Controls.CancelAsync(envelope.Id, TestStores.Spin, mayWait: true, Cancellation);
        Assert.Null(await stores.ClaimAsync(envelope));
        await stores.Controls.RetryAsync(envelope.Id, Cancellation);

        Assert.Equal(Trace, (await stores.WakeAsync(envelope.Id))!.Trace);
    }

    private static async Task<string> SubmitAsync(SlowlaneApp app, string parent, string state, string type = "scripted", string input = """{"note":"private note"}""")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/jobs/" + type)
        {
            Content = new StringContent(input, System.Text.Encoding.UTF8, "application/json"),
        };
        request.Headers.TryAddWithoutValidation("traceparent", parent);
        request.Headers.TryAddWithoutValidation("tracestate", state);
        using var response = await app.Client.SendAsync(request, Cancellation);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        return response.Headers.Location!.OriginalString;
    }

    private static string? Tag(Activity span, string name) => span.GetTagItem(name)?.ToString();
}
