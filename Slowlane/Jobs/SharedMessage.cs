using System.Buffers;
using System.Text.Json;

namespace Slowlane.Jobs;

/// <summary>A job that was accepted and is still to be sent.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Input">Its input, JSON that was parsed before.</param>
/// <param name="Trace">The trace it belongs to, if any.</param>
/// <param name="IsShort">Whether it takes milliseconds, by its type's word (<see cref="CheckedInput"/>).</param>
internal readonly record struct AcceptedJob(JobId Id, ReadOnlyMemory<byte> Input, string? Trace, bool IsShort = false)
{
    /// <summary>Whether it may share a message. A large input has little to gain by it, and would wait for the message before.</summary>
    public bool Shares => IsShort && SharedMessage.SizeOf(this) <= SharedMessage.MaxShare;
}

/// <summary>
/// A message that short jobs of one type share, and the blob of a batch, which has the same form without the bounds.
/// </summary>
/// <remarks>
/// Version 2: <c>{"v":2,"type":"…","jobs":[{"id":"…","trace":"…","input":{…}},…]}</c>, or <c>"batch":"…"</c>, a blob's
/// name, instead of <c>"jobs"</c>. A worker that reads only version 1 refuses both, and its host puts them aside to be replayed.
/// </remarks>
internal static class SharedMessage
{
    public const int Version = 2;

    /// <summary>So many jobs share a message at most: jobs of a millisecond then hold a lane for no more than a tenth of a second, and the lanes share a backlog evenly.</summary>
    public const int MaxJobs = 100;

    /// <summary>The most bytes that one job may take of a message: then twelve fit, at least.</summary>
    public const int MaxShare = (Envelope.MaxBytes - Frame) / 12;

    /// <summary>What the message takes beside its jobs: the longest name of a type, and the fields' own.</summary>
    public const int Frame = 100;

    private const int PerJob = 80;
    private const int LongestEscape = 6;

    /// <summary>The most bytes that a job takes in a message.</summary>
    public static int SizeOf(AcceptedJob job) => PerJob + job.Input.Length + (LongestEscape * (job.Trace?.Length ?? 0));

    /// <summary>How many of the jobs, from the first on, the next message takes. Pure; one at least, where each <see cref="AcceptedJob.Shares"/>.</summary>
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

    /// <summary>The message of one job or several: one alone goes as it would without the others, in version 1.</summary>
    public static BinaryData Of(string type, IReadOnlyList<AcceptedJob> jobs)
        => jobs.Count == 1 ? Envelope.WithInput(jobs[0].Id, type, jobs[0].Input.Span, jobs[0].Trace) : Write(type, jobs);

    /// <summary>Writes jobs, however many: whoever sends them as a message asks <see cref="Fitting"/> first.</summary>
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

    /// <summary>Reads what <see cref="JobMessage.Read(string)"/> found to be of this version.</summary>
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
        writer.WriteRawValue(job.Input.Span, skipInputValidation: true); // Parsed at submit.
        writer.WriteEndObject();
    }
}
