using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using Npgsql;
using Slowlane.Running;

namespace Slowlane.Jobs;

/// <summary>What a run has made: the result as JSON, and how to write it.</summary>
/// <param name="Json">The result.</param>
/// <param name="WriteAsync">The type's own write.</param>
/// <param name="OfParts">Whether it was merged of parts, which go once it is written.</param>
internal record Computed(string Json, Func<NpgsqlTransaction, CancellationToken, Task> WriteAsync, bool OfParts = false);

/// <summary>What an attempt has to run with.</summary>
/// <param name="Database">For the type's own SQL.</param>
/// <param name="Lane">Where it computes.</param>
/// <param name="Context">What its type knows of it.</param>
/// <param name="FanOut">Has parts computed elsewhere; null: the job runs whole.</param>
internal sealed record Attempt(NpgsqlDataSource Database, Lane Lane, JobContext Context, IFanOut? FanOut = null)
{
    public CancellationToken CancellationToken => Context.CancellationToken;
}

/// <summary>An input that was looked at.</summary>
/// <param name="Errors">What is wrong with it, by field. Empty: nothing.</param>
/// <param name="IsShort">Whether a job of it takes milliseconds, by its type's word.</param>
internal readonly record struct CheckedInput(IReadOnlyDictionary<string, List<string>> Errors, bool IsShort);

/// <summary>A job type under its name, its own types of input, data and result erased.</summary>
internal abstract partial class RegisteredType
{
    protected RegisteredType(string name, JobOptions options)
    {
        if (!NamePattern().IsMatch(name))
        {
            throw new InvalidOperationException($"'{name}' can't name a job type; use 1 to 50 characters: a lower-case letter, then lower-case letters, digits, '-' or '_'.");
        }

        Name = name;
        Tag = BinaryPrimitives.ReadUInt16BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(name)));
        Options = options.Checked(name);
    }

    public string Name { get; }

    /// <summary>The name in 16 bits, for <see cref="JobId.TypeTag"/>.</summary>
    public ushort Tag { get; }

    public JobOptions Options { get; }

    /// <summary>What is wrong with an input, and whether a job of it is short.</summary>
    public CheckedInput Check(JsonElement input)
    {
        var reader = new InputReader(input);
        var isShort = Parse(reader);
        reader.RejectUnknown();
        return new CheckedInput(reader.Errors, isShort);
    }

    /// <summary>Fetches, and computes on the lane. The type's own SQL runs under <see cref="JobRole"/>, when it writes too.</summary>
    /// <exception cref="JobException">The job can't succeed; also where the role lacks a grant.</exception>
    public async Task<Computed> RunAsync(JsonElement input, Attempt attempt) => Permitted(await PermittedAsync(() => MakeAsync(input, attempt)));

    protected abstract Task<Computed> MakeAsync(JsonElement input, Attempt attempt);

    /// <summary>Reads an input for its faults; true when it has none and a job of it is short.</summary>
    protected abstract bool Parse(InputReader reader);

    /// <summary>Checked at submit; a fault here means that a newer version of the type refuses an older one's input.</summary>
    protected static T Accept<T>(JsonElement input, Func<InputReader, T> parse)
    {
        var reader = new InputReader(input);
        var parsed = parse(reader);
        return reader.Errors.Count == 0
            ? parsed
            : throw new JobException("invalid-input", "The input is not valid.", string.Join(' ', reader.Errors.Values.SelectMany(sentences => sentences)));
    }

    /// <summary>What a run has made. Serialised on the lane: a large result costs time.</summary>
    protected static Computed Made<T>(T result, JsonTypeInfo<T> json, Func<NpgsqlTransaction, CancellationToken, Task> write)
        => new(JsonSerializer.Serialize(result, json), write);

    /// <summary>The same, saying which grant its write lacks.</summary>
    protected Computed Permitted(Computed made) => made with
    {
        WriteAsync = (transaction, cancellationToken) => PermittedAsync(() => made.WriteAsync(transaction, cancellationToken)),
    };

    /// <inheritdoc cref="PermittedAsync{T}"/>
    protected Task PermittedAsync(Func<Task> sql) => PermittedAsync(async () =>
    {
        await sql();
        return true;
    });

    /// <summary>Runs SQL of the type's, and says which grant it lacks.</summary>
    protected async Task<T> PermittedAsync<T>(Func<Task<T>> sql)
    {
        try
        {
            return await sql();
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.InsufficientPrivilege)
        {
            throw JobRole.Denied(Name, e);
        }
    }

    [GeneratedRegex("^[a-z][a-z0-9_-]{0,49}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex NamePattern();
}
