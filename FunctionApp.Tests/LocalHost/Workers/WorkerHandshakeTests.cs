using Slowlane.LocalHost.App;
using Slowlane.LocalHost.Protocol;
using Slowlane.LocalHost.Workers;
using Xunit;

namespace Slowlane.Tests.LocalHost.Workers;

public sealed class WorkerHandshakeTests
{
    private static readonly StatusResult Good = new() { Status = StatusResult.Types.Status.Success };
    private static readonly StatusResult Bad = new() { Status = StatusResult.Types.Status.Failure, Exception = new RpcException { Message = "no such thing\n   at Somewhere" } };

    private readonly WorkerHandshake _handshake = new(new AppFolder("/app", "dotnet", "/app/App.dll"));

    [Fact]
    public void Handshake_StepByStep_LoadsEachFunctionAndEndsWithALastWord()
    {
        Assert.Equal("/app", _handshake.Begin().WorkerInitRequest.FunctionAppDirectory);
        Assert.NotNull(Assert.Single(Greet(Good, "http://localhost:5/")).FunctionsMetadataRequest);
        Assert.Equal("http://localhost:5", _handshake.HttpAddress);
        Assert.Equal(["1", "2"], List(Good, "1", "2").Select(message => message.FunctionLoadRequest.FunctionId), StringComparer.Ordinal);
        Assert.Empty(Load(Good, "1"));
        Assert.NotNull(Assert.Single(Load(Good, "2")).WorkerStatusRequest);
        Assert.False(_handshake.IsDone);

        Assert.Empty(_handshake.Advance(new StreamingMessage { WorkerStatusResponse = new WorkerStatusResponse() }));

        Assert.True(_handshake.IsDone);
        Assert.Null(_handshake.Failure);
        Assert.Equal(2, _handshake.Functions.Count);
    }

    [Fact]
    public void Worker_WithoutAServerOfItsOwn_HasNoAddress()
    {
        Greet(Good, null);

        Assert.Null(_handshake.HttpAddress);
    }

    [Theory]
    [InlineData(1, "The worker could not be initialized: no such thing")]
    [InlineData(2, "The worker could not list its functions: no such thing")]
    [InlineData(3, "The app in /app has no functions: give a public method the attribute [Function], and build again.")]
    [InlineData(4, "The function name 1 could not be loaded: no such thing")]
    public void Failure_AtAnyStep_EndsTheHandshakeWithASentence(int step, string sentence)
    {
        var said = step switch
        {
            1 => Greet(Bad, null),
            2 => List(Bad),
            3 => List(Good),
            _ => [.. List(Good, "1").Take(0), .. Load(Bad, "1")],
        };
        _handshake.Advance(new StreamingMessage { WorkerStatusResponse = new WorkerStatusResponse() });

        Assert.Empty(said);
        Assert.Equal(sentence, _handshake.Failure);
        Assert.False(_handshake.IsDone);
    }

    private IReadOnlyList<StreamingMessage> Greet(StatusResult result, string? address)
    {
        var response = new WorkerInitResponse { Result = result };
        if (address is not null)
        {
            response.Capabilities["HttpUri"] = address;
        }

        return _handshake.Advance(new StreamingMessage { WorkerInitResponse = response });
    }

    private IReadOnlyList<StreamingMessage> List(StatusResult result, params string[] ids)
    {
        var response = new FunctionMetadataResponse { Result = result };
        response.FunctionMetadataResults.Add(ids.Select(id => new RpcFunctionMetadata { FunctionId = id, Name = "name " + id }));
        return _handshake.Advance(new StreamingMessage { FunctionMetadataResponse = response });
    }

    private IReadOnlyList<StreamingMessage> Load(StatusResult result, string id)
        => _handshake.Advance(new StreamingMessage { FunctionLoadResponse = new FunctionLoadResponse { FunctionId = id, Result = result } });
}
