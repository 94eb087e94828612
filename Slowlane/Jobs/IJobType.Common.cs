using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Npgsql;

namespace Slowlane.Jobs;

/// <summary>
/// A job type of any kind. A class implements one of four kinds: <see cref="IJobType{TInput, TData, TResult}"/>, <see
/// cref="IBatchJobType{TInput, TData, TResult}"/>, <see cref="IStreamingJobType{TInput, TChunk, TResult}"/> or <see
/// cref="IPartitionedJobType{TInput, TChunk, TResult}"/>. A class that implements this interface alone is refused.
/// </summary>
public interface IJobType
{
    /// <summary>How jobs of this type run. The defaults are those of <see cref="JobOptions"/>.</summary>
    static virtual JobOptions Options => new();
}

/// <summary>
/// The members that all kinds of job type have: the input, the result, and the write of the result. A class that implements this interface alone
/// is refused.
/// </summary>
/// <typeparam name="TInput">The caller's input, checked and typed.</typeparam>
/// <typeparam name="TResult">The result of the computation. It is written, and returned to the caller as JSON.</typeparam>
public interface IJobType<TInput, TResult> : IJobType
{
    /// <summary>How a result is serialized to JSON. The default is <see cref="JsonSerializerOptions.Web"/>.</summary>
    static virtual JsonTypeInfo<TResult> ResultJson => (JsonTypeInfo<TResult>)JsonSerializerOptions.Web.GetTypeInfo(typeof(TResult));

    /// <summary>
    /// How a result is shown as a page, or null if the type has no page. A caller whose <c>Accept</c> prefers <c>text/html</c> gets the page instead of
    /// the JSON. The result is read from its JSON for that.
    /// </summary>
    static virtual Func<TResult, ResultPage>? Page => null;

    /// <summary>
    /// Declares and reads the input. It reads the posted JSON and reports every error to <paramref name="reader"/>. Must be pure: it runs at the
    /// submit, again in the worker, and once on an empty object to make the JSON Schema.
    /// </summary>
    static abstract TInput Parse(InputReader reader);

    /// <summary>Writes the result. The same transaction marks the job as succeeded, so that both happen once or neither happens.</summary>
    Task WriteAsync(TResult result, NpgsqlTransaction transaction, JobContext context, CancellationToken cancellationToken);
}
