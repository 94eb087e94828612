using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Slowlane.Jobs;
using Slowlane.Storage.Schema;

namespace Slowlane;

/// <summary>Registers job types.</summary>
public static class JobRegistration
{
    /// <summary>Adds a job type: <c>POST /api/jobs/{name}</c> runs it from then on, in a service scope for each attempt.</summary>
    /// <typeparam name="TJob">
    /// A class of one of the four kinds that <see cref="IJobType"/> names. It is added as a scoped service, unless the services have it already.
    /// </typeparam>
    /// <param name="services">The app's services.</param>
    /// <param name="name">1 to 50 characters: a lower-case letter, then lower-case letters, digits, '-' or '_'.</param>
    /// <param name="options">How its jobs are run; the type's own <c>Options</c> by default.</param>
    /// <exception cref="InvalidOperationException">The name or an option is out of bounds, or the class implements none of the four kinds or several.</exception>
    public static IServiceCollection AddJob<TJob>(this IServiceCollection services, string name, JobOptions? options = null)
        where TJob : class, IJobType
    {
        services.TryAddScoped<TJob>();
        return services.AddSingleton<JobDefinition>(JobHandlers.Of(typeof(TJob), name, options));
    }

    /// <summary>Adds the SQL files that an assembly embeds as <c>Migrations/NAME.sql</c>: each is applied once, in a transaction of its own, before any job runs.</summary>
    /// <param name="services">The app's services.</param>
    /// <param name="assembly">
    /// Whose files. A name is applied once in a database, so begin it with the job type's: <c>invoice_1_tables</c>. Its project has
    /// <c>&lt;EmbeddedResource Include="Migrations\*.sql" LogicalName="Migrations/%(Filename)%(Extension)" /&gt;</c>.
    /// </param>
    /// <param name="folder">The folder of their names, <c>Migrations</c> unless the project gives another.</param>
    /// <param name="columns">
    /// Columns that the files create and the SQL of jobs needs, each as <c>schema.table.column type</c> with the type's name in <c>pg_type</c>:
    /// <c>public.invoice.total numeric</c>. While one is missing, the jobs of all types wait uncharged and the health
    /// check names it. No column is looked for by default.
    /// </param>
    /// <exception cref="ArgumentException">A column is not written as <c>schema.table.column type</c>.</exception>
    /// <exception cref="InvalidOperationException">The assembly embeds no such file, or one with the name of another assembly's.</exception>
    public static IServiceCollection AddMigrations(
        this IServiceCollection services, Assembly assembly, string folder = MigrationScripts.UsualFolder, params IReadOnlyList<string> columns)
    {
        ExpectedTables.Check(columns);
        var scripts = new MigrationScripts(assembly, folder, columns);
        if (!scripts.Names.Any())
        {
            throw new InvalidOperationException(
                $"""The assembly {assembly.GetName().Name} embeds no {folder}/*.sql; give its project <EmbeddedResource Include="{folder}\*.sql" LogicalName="{folder}/%(Filename)%(Extension)" />.""");
        }

        foreach (var other in services.Where(service => service.ServiceType == typeof(MigrationScripts)).Select(service => (MigrationScripts)service.ImplementationInstance!).Prepend(Migrator.Engine))
        {
            scripts.RequireOtherNamesThan(other);
        }

        return services.AddSingleton(scripts);
    }
}
