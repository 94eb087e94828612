using System.Net.Http.Json;
using System.Text;
using Invoicing;
using Microsoft.Extensions.Configuration;
using Npgsql;
using Slowlane.Jobs;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Samples;

public sealed class InvoiceJobTests
{
    [Theory]
    [InlineData(null, 28.50)]
    [InlineData("0.07", 10.50)]
    public void Invoice_OfSomeLines_IsTheirSumAndItsTax(string? rate, double tax)
    {
        var invoice = Job(rate).Compute(1, [100, 50], new JobContext("invoice"));

        Assert.Equal(new Invoice(1, 2, 150, (decimal)tax), invoice);
    }

    [Fact]
    public async Task Invoice_OnADatabase_ReadsAndWritesWhatItsRoleWasGranted()
    {
        await using var database = await TestDatabase.CreateAsync();
        await AppMigrations.Of(database.Source).MigrateAsync(Cancellation);
        await using var connection = await database.Source.OpenConnectionAsync(Cancellation);
        await using var role = new NpgsqlCommand($"set role {JobRole.Name}", connection);
        await role.ExecuteNonQueryAsync(Cancellation);
        var (job, context) = (Job(), new JobContext("invoice"));

        Assert.Equal([100, 50], await job.FetchAsync(1, connection, Cancellation));
        Assert.Equal("no-lines", (await Assert.ThrowsAsync<JobException>(() => job.FetchAsync(3, connection, Cancellation))).Code);
        await using (var transaction = await connection.BeginTransactionAsync(Cancellation))
        {
            await job.WriteAsync(new Invoice(1, 2, 150, 28.50m), transaction, context, Cancellation);
            await transaction.CommitAsync(Cancellation);
        }

        Assert.Equal($"{context.Id.Value} 1 150 28.50", await database.QueryAsync<string>("select concat_ws(' ', job, customer, net, tax) from invoicing.invoice"));
    }

    [Fact]
    public async Task Invoice_OnTheLocalHost_IsAnsweredAndWrittenOnce()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var host = await HostProcess.StartAsync(new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["AzureWebJobsStorage"] = await TestServices.StorageAsync(),
            ["Slowlane__Database"] = database.ConnectionString,
        });
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/jobs/invoice") { Content = new StringContent("""{"customer":1}""", Encoding.UTF8, "application/json") };
        request.Headers.Add("Prefer", "wait=60");

        using var response = await host.Client.SendAsync(request, Cancellation);

        Assert.Equal(new Invoice(1, 2, 150, 28.50m), await response.Content.ReadFromJsonAsync<Invoice>(Cancellation));
        Assert.Equal(1, await database.QueryAsync<long>("select count(*) from invoicing.invoice"));
    }

    private static InvoiceJob Job(string? rate = null) => new(new ConfigurationBuilder()
        .AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal) { ["Invoice:TaxRate"] = rate })
        .Build());
}
