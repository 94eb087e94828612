using BenchmarkDotNet.Attributes;
using Slowlane.Jobs;

namespace Slowlane.Bench.Micro;

/// <summary>What a submit and the worker's receive cost beside the network: the id and the message.</summary>
[MemoryDiagnoser]
public class MessageBenchmarks
{
    private static readonly byte[] Input = """{"id":1,"batch":"0123456789abcdef0123456789abcdef","job":1,"spin_ms":1}"""u8.ToArray();

    private readonly JobId _id = JobId.New(TimeProvider.System, typeTag: 1);
    private string _idText = "";
    private string _message = "";

    [GlobalSetup]
    public void Prepare()
    {
        _idText = _id.ToString();
        _message = Envelope.WithInput(_id, "spin", Input).ToString();
    }

    [Benchmark]
    public JobId NewId() => JobId.New(TimeProvider.System, typeTag: 1);

    [Benchmark]
    public string WriteId() => _id.ToString();

    [Benchmark]
    public bool ReadId() => JobId.TryParse(_idText, out _);

    [Benchmark]
    public BinaryData WriteEnvelope() => Envelope.WithInput(_id, "spin", Input);

    [Benchmark]
    public object ReadEnvelope() => JobMessage.Read(_message);
}
