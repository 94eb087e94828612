using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Npgsql;

namespace Slowlane.Jobs;

/// <summary>A job type: fetch what the computation needs, compute, write the result.</summary>
/// <remarks>
/// <para>
/// <c>services.AddJob&lt;InvoiceJob&gt;("invoice")</c> adds it. Every attempt gets an instance of its own from a service scope of its own: the
/// constructor takes what the app's services have, and what it disposes of is disposed of at the attempt's end.
/// </para>
/// <para>
/// How a job ends: when <see cref="WriteAsync"/> returns and the commit lands, it has succeeded. A <see cref="JobException"/> fails it at once, for
/// a reason that the caller reads; with <see cref="JobException.IsTransient"/>, and for any other exception, it is tried again until
/// <see cref="JobOptions.MaxAttempts"/> are used. An outage of the database or of storage charges no attempt.
/// <see cref="JobContext.ReportProgress"/> tells how far it is.
/// </para>
/// </remarks>
/// <typeparam name="TInput">What the caller posted, checked and typed.</typeparam>
/// <typeparam name="TData">What <see cref="FetchAsync"/> reads for one job.</typeparam>
/// <typeparam name="TResult">What <see cref="Compute"/> makes; it is written, and returned as JSON.</typeparam>
public interface IJobType<TInput, TData, TResult>
{
    /// <summary>How jobs of the type are run; <see cref="JobOptions"/> has the defaults.</summary>
    static virtual JobOptions Options => new();

    /// <summary>How a result becomes JSON: by <see cref="JsonSerializerOptions.Web"/>, unless the type says otherwise.</summary>
    static virtual JsonTypeInfo<TResult> ResultJson => (JsonTypeInfo<TResult>)JsonSerializerOptions.Web.GetTypeInfo(typeof(TResult));

    /// <summary>
    /// Declares the input: reads the posted JSON, and notes every fault in <paramref name="reader"/>. Pure: it runs at the submit and again in
    /// the worker, and once on an empty object for the JSON Schema.
    /// </summary>
    static abstract TInput Parse(InputReader reader);

    /// <summary>Reads what the computation needs. Asynchronous; no heavy work.</summary>
    /// <exception cref="JobException">The job can't succeed, however often it is tried.</exception>
    Task<TData> FetchAsync(TInput input, NpgsqlConnection connection, CancellationToken cancellationToken);

    /// <summary>Computes on a lane, a thread of its own. No I/O, no database; checks <see cref="JobContext.CancellationToken"/>.</summary>
    /// <exception cref="JobException">The job can't succeed, however often it is tried.</exception>
    TResult Compute(TInput input, TData data, JobContext context);

    /// <summary>Writes the result. The same transaction marks the job succeeded, so both happen once or neither.</summary>
    Task WriteAsync(TResult result, NpgsqlTransaction transaction, JobContext context, CancellationToken cancellationToken);
}
