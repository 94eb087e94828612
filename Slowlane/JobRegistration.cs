using System.Reflection;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.DependencyInjection;
using Slowlane.Execution;
using Slowlane.Execution.Partitions;
using Slowlane.Jobs;

namespace Slowlane;

/// <summary>Registers job types.</summary>
public static class JobRegistration
{
    /// <summary>Adds a job type: <c>POST /api/jobs/{name}</c> runs it from then on.</summary>
    /// <param name="services">The app's services.</param>
    /// <param name="name">1 to 50 characters: a lower-case letter, then lower-case letters, digits, '-' or '_'.</param>
    /// <param name="type">The type; one instance serves every job.</param>
    /// <param name="result">How its result is written as JSON.</param>
    /// <param name="options">How its jobs are run.</param>
    /// <exception cref="InvalidOperationException">The name or an option is out of bounds.</exception>
    public static IServiceCollection AddJob<TInput, TData, TResult>(
        this IServiceCollection services, string name, IJobType<TInput, TData, TResult> type, JsonTypeInfo<TResult> result, JobOptions options)
        => services.AddSingleton<JobDefinition>(new BufferedJobHandler<TInput, TData, TResult>(name, options, type, result));

    /// <inheritdoc cref="AddJob{TInput, TData, TResult}(IServiceCollection, string, IJobType{TInput, TData, TResult}, JsonTypeInfo{TResult}, JobOptions)"/>
    public static IServiceCollection AddJob<TInput, TData, TResult>(
        this IServiceCollection services, string name, IBatchJobType<TInput, TData, TResult> type, JsonTypeInfo<TResult> result, JobOptions options)
        => services.AddSingleton<JobDefinition>(new BatchJobHandler<TInput, TData, TResult>(name, options, type, result));

    /// <inheritdoc cref="AddJob{TInput, TData, TResult}(IServiceCollection, string, IJobType{TInput, TData, TResult}, JsonTypeInfo{TResult}, JobOptions)"/>
    public static IServiceCollection AddJob<TInput, TChunk, TResult>(
        this IServiceCollection services, string name, IStreamingJobType<TInput, TChunk, TResult> type, JsonTypeInfo<TResult> result, JobOptions options)
        => services.AddSingleton<JobDefinition>(new StreamingJobHandler<TInput, TChunk, TResult>(name, options, type, result));

    /// <inheritdoc cref="AddJob{TInput, TData, TResult}(IServiceCollection, string, IJobType{TInput, TData, TResult}, JsonTypeInfo{TResult}, JobOptions)"/>
    public static IServiceCollection AddJob<TInput, TChunk, TResult>(
        this IServiceCollection services, string name, IPartitionedJobType<TInput, TChunk, TResult> type, JsonTypeInfo<TResult> result, JobOptions options)
        => services.AddSingleton<JobDefinition>(new PartitionedJobHandler<TInput, TChunk, TResult>(name, options, type, result));

    /// <summary>Adds the SQL files that an assembly embeds as <c>Migrations/NAME.sql</c>: each is applied once, in a transaction of its own, before any job runs.</summary>
    /// <param name="services">The app's services.</param>
    /// <param name="assembly">
    /// Whose files. A name is applied once in a database, so begin it with the job type's: <c>invoice_1_tables</c>. Its project has
    /// <c>&lt;EmbeddedResource Include="Migrations\*.sql" LogicalName="Migrations/%(Filename)%(Extension)" /&gt;</c>.
    /// </param>
    /// <exception cref="InvalidOperationException">The assembly embeds no such file.</exception>
    public static IServiceCollection AddMigrations(this IServiceCollection services, Assembly assembly)
    {
        var scripts = new MigrationScripts(assembly);
        return scripts.Names.Any()
            ? services.AddSingleton(scripts)
            : throw new InvalidOperationException(
                $"""The assembly {assembly.GetName().Name} embeds no Migrations/*.sql; give its project <EmbeddedResource Include="Migrations\*.sql" LogicalName="Migrations/%(Filename)%(Extension)" />.""");
    }
}
