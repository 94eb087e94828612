using System.Buffers;
using System.Text.Json;

namespace Slowlane.Jobs;

/// <summary>A job that is accepted and not yet sent.</summary>
/// <param name="Id">The id of the job.</param>
/// <param name="Input">The input: JSON that is already parsed.</param>
/// <param name="Trace">The trace that the job belongs to, if there is one.</param>
/// <param name="IsShort">Whether the job takes milliseconds, according to its type (<see cref="CheckedInput"/>).</param>
internal readonly record struct AcceptedJob(JobId Id, ReadOnlyMemory<byte> Input, string? Trace, bool IsShort = false)
{
    /// <summary>Whether the job may share a message. A large input gains little by it, and would wait until the send before it is done.</summary>
    public bool Shares => IsShort && SharedMessage.SizeOf(this) <= SharedMessage.MaxShare;
}

/// <summary>
/// A message that short jobs of one type share. The blob of a batch has the same form, without the limits on number and size.
/// </summary>
/// <remarks>
/// Version 2: <c>{"v":2,"type":"…","jobs":[{"id":"…","trace":"…","input":{…}},…]}</c>. A batch has <c>"batch":"…"</c>, the name of a
/// blob, instead of <c>"jobs"</c>. A worker that reads only version 1 refuses both. Its host then moves the message aside to be replayed.
/// </remarks>
internal static class SharedMessage
{
    public const int Version = 2;

    /// <summary>
    /// The maximum number of jobs in a message. Jobs of a millisecond then occupy a lane for at most a tenth of a second, and the lanes share
    /// a backlog evenly.
    /// </summary>
    public const int MaxJobs = 100;

    /// <summary>The maximum number of bytes that one job may take in a message. A message then holds at least twelve jobs.</summary>
    public const int MaxShare = (Envelope.MaxBytes - Frame) / 12;

    /// <summary>The bytes of a message besides its jobs: the longest possible type name and the message's own fields.</summary>
    public const int Frame = 100;

    private const int PerJob = 80;
    private const int MaxEscape = 6;

    /// <summary>The maximum number of bytes that this job takes in a message.</summary>
    public static int SizeOf(AcceptedJob job) => PerJob + job.Input.Length + (MaxEscape * (job.Trace?.Length ?? 0));

    /// <summary>
    /// How many of the jobs, from the first, fit in the next message. Pure. At least one if each job is allowed to share
    /// (<see cref="AcceptedJob.Shares"/>).
    /// </summary>
    public static int Fitting(IEnumerable<AcceptedJob> jobs)
    {
        var (count, bytes) = (0, Frame);
        foreach (var job in jobs)
        {
            bytes += SizeOf(job);
            if (count == MaxJobs || bytes > Envelope.MaxBytes)
            {
                break;
            }

            count++;
        }

        return count;
    }

    /// <summary>The message for one job or several. A single job has the same message, of version 1, as a job that does not share.</summary>
    public static BinaryData Of(string type, IReadOnlyList<AcceptedJob> jobs)
        => jobs.Count == 1 ? Envelope.WithInput(jobs[0].Id, type, jobs[0].Input.Span, jobs[0].Trace) : Write(type, jobs);

    /// <summary>Writes any number of jobs. A caller that sends them as a message limits their number with <see cref="Fitting"/> first.</summary>
    public static BinaryData Write(string type, IReadOnlyCollection<AcceptedJob> jobs)
    {
        var buffer = new ArrayBufferWriter<byte>(Frame + jobs.Sum(static job => PerJob + job.Input.Length + (job.Trace?.Length ?? 0)));
        using (var writer = new Utf8JsonWriter(buffer))
        {
            Begin(writer, type);
            writer.WriteStartArray("jobs");
            foreach (var job in jobs)
            {
                Write(writer, job);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return new BinaryData(buffer.WrittenMemory);
    }

    public static BinaryData OfBatch(string type, string blob)
    {
        var buffer = new ArrayBufferWriter<byte>(Frame + blob.Length);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            Begin(writer, type);
            writer.WriteString("batch", blob);
            writer.WriteEndObject();
        }

        return new BinaryData(buffer.WrittenMemory);
    }

    /// <summary>Reads a message that <see cref="JobMessage.Read(string)"/> found to be of this version.</summary>
    public static JobMessage Read(JsonElement root)
    {
        var type = Envelope.TypeOf(root);
        if (root.TryGetProperty("batch", out var blob))
        {
            return new JobMessage.Batch(type, blob.GetString() ?? throw new FormatException("The message does not name its batch."));
        }

        var jobs = root.GetProperty("jobs").EnumerateArray().Select(job => Envelope.Read(job, type)).ToList();
        return jobs.Count > 0 && jobs.TrueForAll(job => job.Input is not null) && jobs.DistinctBy(job => job.Id).Count() == jobs.Count
            ? new JobMessage.Several(type, jobs)
            : throw new FormatException("The message should hold jobs, each with an input and an id of its own.");
    }

    private static void Begin(Utf8JsonWriter writer, string type)
    {
        writer.WriteStartObject();
        writer.WriteNumber("v", Version);
        writer.WriteString("type", type);
    }

    private static void Write(Utf8JsonWriter writer, AcceptedJob job)
    {
        Span<byte> id = stackalloc byte[JobId.TextLength];
        job.Id.Format(id);
        writer.WriteStartObject();
        writer.WriteString("id", id);
        if (job.Trace is not null)
        {
            writer.WriteString("trace", job.Trace);
        }

        writer.WritePropertyName("input");
        writer.WriteRawValue(job.Input.Span, skipInputValidation: true); // The input was parsed at submit.
        writer.WriteEndObject();
    }
}
