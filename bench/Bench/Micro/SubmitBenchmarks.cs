using System.Net;
using System.Text;
using Azure.Core.Pipeline;
using BenchmarkDotNet.Attributes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Slowlane.Http;
using Slowlane.Jobs;
using Slowlane.Settings;
using Slowlane.Storage;

namespace Slowlane.Bench.Micro;

/// <summary>What a submit costs from the body to the message, the storage client's own work included: only the network is left out.</summary>
[MemoryDiagnoser]
public class SubmitBenchmarks : IAsyncDisposable
{
    private const int Jobs = 100;
    private const string Spin = """{"id":1,"batch":"0123456789abcdef0123456789abcdef","job":1,"spin_ms":1}""";

    private static readonly byte[] One = Encoding.UTF8.GetBytes(Spin);
    private static readonly byte[] Many = Encoding.UTF8.GetBytes($"[{string.Join(',', Enumerable.Repeat(Spin, Jobs))}]");

    private ServiceProvider? _app;
    private SubmitPipeline? _submit;
    private SubmitApi? _api;
    private JobQueue? _queue;
    private BinaryData? _message;

    [GlobalSetup]
    public void Start()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["AzureWebJobsStorage"] = "UseDevelopmentStorage=true",
            ["Slowlane:Database"] = "Host=127.0.0.1;Port=1",
            ["Slowlane:Samples"] = "true",
        }).Build();
        var services = new ServiceCollection().AddLogging().AddSlowlane(configuration).AddJobTypes(configuration);
        services.AddSingleton(provider => new JobQueue(provider.GetRequiredService<SlowlaneOptions>(), new HttpClientTransport(new Accepting())));
        _app = services.BuildServiceProvider();
        _submit = _app.GetRequiredService<SubmitPipeline>();
        _api = _app.GetRequiredService<SubmitApi>();
        _queue = _app.GetRequiredService<JobQueue>();
        _message = Envelope.WithInput(JobId.New(TimeProvider.System, 1), "spin", One);
        Fill(_app.GetRequiredService<SubmittedJobRecorder>(), _app.GetRequiredService<JobRegistry>().Find("spin")!);
    }

    [GlobalCleanup]
    public void Stop() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    /// <summary>A job by itself.</summary>
    [Benchmark]
    public async Task Submit() => Check((await _submit!.SubmitAsync(Post(One), "spin", isBatch: false, CancellationToken.None)).Refusal is null);

    /// <summary>A job of a batch.</summary>
    [Benchmark(OperationsPerInvoke = Jobs)]
    public async Task Batch() => Check(await _api!.SubmitBatchAsync(Post(Many), "spin", CancellationToken.None) is IStatusCodeHttpResult { StatusCode: 202 });

    /// <summary>What is the storage client's, a message at a time.</summary>
    [Benchmark]
    public Task Send() => _queue!.SendAsync(_message!, TimeSpan.Zero, CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }
    }

    private static HttpRequest Post(byte[] body)
        => new DefaultHttpContext { Request = { Method = "POST", ContentType = "application/json", ContentLength = body.Length, Body = new MemoryStream(body) } }.Request;

    private static void Check(bool accepted)
    {
        if (!accepted)
        {
            throw new InvalidOperationException("What is measured should have been accepted.");
        }
    }

    // Full: there is no database, and what waits for it is no part of a submit.
    private static void Fill(SubmittedJobRecorder recorder, JobDefinition type)
    {
        for (var i = 0; i < 2; i++)
        {
            recorder.Add(new SubmittedJob(default, type, new byte[(SubmittedJobRecorder.MaxBytes / 2) - 250], null, null, 0));
        }
    }

    /// <summary>A queue that takes every message.</summary>
    private sealed class Accepting : HttpMessageHandler
    {
        private static readonly byte[] Answer = Encoding.UTF8.GetBytes(
            """<?xml version="1.0"?><QueueMessagesList><QueueMessage><MessageId>5974b586-0df3-4e2d-ad0c-18e3892bfca2</MessageId><InsertionTime>Fri, 09 Oct 2026 21:04:30 GMT</InsertionTime><ExpirationTime>Fri, 09 Oct 2026 21:04:30 GMT</ExpirationTime><PopReceipt>YzQ4Yzg1MDItYTc0Ny00OWNjLTkxYTUtZGM0MDFiZDAwYzEw</PopReceipt><TimeNextVisible>Fri, 09 Oct 2026 21:04:30 GMT</TimeNextVisible></QueueMessage></QueueMessagesList>""");

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
            => Task.FromResult(new HttpResponseMessage(HttpStatusCode.Created) { Content = new ByteArrayContent(Answer) { Headers = { { "Content-Type", "application/xml" } } } });
    }
}
