using Grpc.Core;
using Microsoft.Extensions.Logging;
using Slowlane.LocalHost.Protocol;
using RpcException = Grpc.Core.RpcException;

namespace Slowlane.LocalHost.Workers;

/// <summary>The platform's gRPC contract with workers. Each process has one stream, whose first message names the worker.</summary>
internal sealed partial class FunctionRpcService(WorkerServer server, ILogger<FunctionRpcService> log) : FunctionRpc.FunctionRpcBase
{
    public override async Task EventStream(IAsyncStreamReader<StreamingMessage> requestStream, IServerStreamWriter<StreamingMessage> responseStream, ServerCallContext context)
    {
        try
        {
            if (await requestStream.MoveNext(context.CancellationToken)
                && requestStream.Current.StartStream is { } start
                && server.Find(start.WorkerId) is { } channel)
            {
                await channel.RunAsync(requestStream, responseStream, context.CancellationToken);
            }
        }
        catch (RpcException error) when (error.StatusCode is StatusCode.ResourceExhausted)
        {
            TooLong(log, server.Limits.MessageMebibytes);
            throw;
        }
        catch (Exception error) when (error is IOException or OperationCanceledException)
        {
            // The worker is gone. Its slot reports how it ended.
        }
    }

    [LoggerMessage(1, LogLevel.Error, "A worker sent a message of more than {Limit} MiB, the most that this host takes, and is started again. Return less from the function: a large result belongs into a blob.")]
    private static partial void TooLong(ILogger log, int limit);
}
