using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Slowlane.Jobs;
using Xunit;

namespace Slowlane.Tests.Storage;

[Trait("Category", "Fast")]
public sealed class MigrationNamesTests
{
    private readonly ServiceCollection _services = [];

    [Fact]
    public void Migrations_OfTwoAssembliesThatShareAName_AreRefusedAtTheStartWithBothAndTheRemedy()
    {
        _services.AddMigrations(new Embedding("Invoicing", "invoice_1_tables", "tables"));

        var refused = Assert.Throws<InvalidOperationException>(() => _services.AddMigrations(new Embedding("Shipping", "shipping_1_tables", "tables")));

        Assert.Equal(
            "Invoicing embeds Migrations/tables.sql, and Shipping Migrations/tables.sql; a database applies a name once: begin each file's name with its job type's, as in invoice_1_tables.sql.",
            refused.Message);
    }

    [Fact]
    public void Migration_WithANameOfTheEngines_IsRefusedTheSameWay()
        => Assert.StartsWith(
            "Slowlane embeds Migrations/0001_jobs.sql, and Invoicing Migrations/0001_jobs.sql; ",
            Assert.Throws<InvalidOperationException>(() => _services.AddMigrations(new Embedding("Invoicing", "0001_jobs"))).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Migrations_WithNamesOfTheirOwnAlsoAddedTwice_AreTaken()
    {
        var invoicing = new Embedding("Invoicing", "invoice_1_tables");

        _services.AddMigrations(invoicing).AddMigrations(new Embedding("Shipping", "shipping_1_tables")).AddMigrations(invoicing);

        Assert.Equal(
            ["invoice_1_tables", "shipping_1_tables"],
            _services.BuildServiceProvider().GetServices<MigrationScripts>().Distinct().SelectMany(scripts => scripts.Names),
            StringComparer.Ordinal);
    }

    /// <summary>An assembly that embeds migrations.</summary>
    private sealed class Embedding(string name, params string[] migrations) : Assembly
    {
        public override AssemblyName GetName() => new(name);

        public override string[] GetManifestResourceNames() => [.. migrations.Select(migration => $"Migrations/{migration}.sql")];
    }
}
