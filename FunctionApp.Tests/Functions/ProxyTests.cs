using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Slowlane.LocalHost.Services;
using Xunit;

namespace Slowlane.Tests.Functions;

public sealed class ProxyTests
{
    [Theory]
    [InlineData("HTTP_PROXY")]
    [InlineData("all_proxy")]
    public async Task Collector_OnThisMachine_IsNotAskedThroughTheProxyOfTheEnvironment(string variable)
    {
        using var proxy = Listen();
        using var collector = Listen();
        using var host = Listen(); // It never answers, and the worker exports all the same.
        using var worker = Start(host, collector, (variable, $"http://{proxy.LocalEndpoint}"));
        try
        {
            var called = await Task.WhenAny(AcceptAsync(collector), AcceptAsync(proxy)).Unwrap().WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

            Assert.Same(collector, called);
        }
        finally
        {
            worker.Kill(entireProcessTree: true);
        }
    }

    private static TcpListener Listen()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return listener;
    }

    private static async Task<TcpListener> AcceptAsync(TcpListener listener)
    {
        using var client = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        return listener;
    }

    private static Process Start(TcpListener host, TcpListener collector, (string Name, string Value) proxy)
    {
        var port = ((IPEndPoint)host.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
        var start = new ProcessStartInfo("dotnet", [Path.Combine(ProjectFolder.App, "FunctionApp.dll"), "--functions-uri", $"http://127.0.0.1:{port}/", "--functions-worker-id", "worker", "--functions-request-id", "request", "--functions-grpc-max-message-length", "1000000"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["AzureWebJobsStorage"] = "UseDevelopmentStorage=true";
        start.Environment["Slowlane__Database"] = "Host=127.0.0.1;Port=1";
        start.Environment["OTEL_EXPORTER_OTLP_ENDPOINT"] = $"http://{collector.LocalEndpoint}";
        start.Environment["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf";
        start.Environment["OTEL_METRIC_EXPORT_INTERVAL"] = "200";
        start.Environment["OTEL_BLRP_SCHEDULE_DELAY"] = "100";
        start.Environment[proxy.Name] = proxy.Value;
        start.Environment.Remove("NO_PROXY");
        start.Environment.Remove("no_proxy");
        return Process.Start(start)!;
    }
}
