using System.Globalization;
using System.Reflection;
using Slowlane.Execution;
using Slowlane.Execution.Partitions;
using Slowlane.Jobs;

namespace Slowlane;

/// <summary>Creates the handler of a job type, chosen by the interface that its class implements.</summary>
internal static class JobHandlers
{
    // A batch type is also a plain type, and a partitioned type also a streaming one. So the first matching entry decides.
    private static readonly (Type Kind, Type Handler)[] Kinds =
    [
        (typeof(IPartitionedJobType<,,>), typeof(PartitionedJobHandler<,,,>)),
        (typeof(IStreamingJobType<,,>), typeof(StreamingJobHandler<,,,>)),
        (typeof(IBatchJobType<,,>), typeof(BatchJobHandler<,,,>)),
        (typeof(IJobType<,,>), typeof(BufferedJobHandler<,,,>)),
    ];

    /// <exception cref="InvalidOperationException">
    /// The class implements none or several of the interfaces, or the name or an option is out of bounds.
    /// </exception>
    public static JobHandler Of(Type job, string name, JobOptions? options)
    {
        var fitting = Kinds.SelectMany(kind => job.GetInterfaces().Where(one => one.IsGenericType && one.GetGenericTypeDefinition() == kind.Kind).Select(one => (one, kind.Handler))).ToList();
        if (fitting.Count == 0)
        {
            throw new InvalidOperationException($"{job} is of no kind of job type; implement IJobType<TInput, TData, TResult>, IBatchJobType, IStreamingJobType or IPartitionedJobType of namespace Slowlane.Jobs.");
        }

        var (kind, handler) = fitting[0];
        if (fitting.Exists(other => other.one != kind && !other.one.IsAssignableFrom(kind)))
        {
            throw new InvalidOperationException($"{job} implements several kinds of job type ({string.Join(", ", fitting.Select(one => one.one))}); make a class of each.");
        }

        RequirePublic(job);
        return (JobHandler)Activator.CreateInstance(
            handler.MakeGenericType([job, .. kind.GetGenericArguments()]), BindingFlags.DoNotWrapExceptions, binder: null, [name, options], CultureInfo.InvariantCulture)!;
    }

    // A static member that is not public, or is a field, implements nothing, and the default would apply without a word.
    private static void RequirePublic(Type job)
    {
        const BindingFlags own = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        foreach (var name in (string[])["Options", "ResultJson", "Page", "IsShort"])
        {
            if (Array.Exists(job.GetMember(name, own), member => member is FieldInfo or PropertyInfo { GetMethod: not { IsPublic: true } } or MethodInfo { IsPublic: false }))
            {
                throw new InvalidOperationException($"{job} declares {name}, but not as a public property or method, so it would not be used; make it one.");
            }
        }
    }
}
