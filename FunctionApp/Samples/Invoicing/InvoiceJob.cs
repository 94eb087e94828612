using Microsoft.Extensions.Configuration;
using Npgsql;
using Slowlane.Jobs;

namespace Invoicing;

/// <summary>What a customer owes.</summary>
public sealed record Invoice(int Customer, int Lines, decimal Net, decimal Tax);

/// <summary>Makes an invoice of a customer's lines.</summary>
public sealed class InvoiceJob(IConfiguration settings) : IJobType<int, decimal[], Invoice>
{
    /// <inheritdoc/>
    public static JobOptions Options => new() { TimeLimit = TimeSpan.FromMinutes(5) };

    /// <inheritdoc/>
    public static int Parse(InputReader reader) => reader.GetInt32("customer", 1, int.MaxValue, required: true);

    /// <inheritdoc/>
    public async Task<decimal[]> FetchAsync(int customer, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select array_agg(amount) from invoicing.line where customer = $1", connection) { Parameters = { new() { Value = customer } } };
        return await command.ExecuteScalarAsync(cancellationToken) as decimal[]
            ?? throw new JobException("no-lines", "There is nothing to invoice.", $"Customer {customer} has no lines; add one to invoicing.line.");
    }

    /// <inheritdoc/>
    public Invoice Compute(int customer, decimal[] amounts, JobContext context)
    {
        var net = amounts.Sum();
        return new Invoice(customer, amounts.Length, net, decimal.Round(net * settings.GetValue("Invoice:TaxRate", 0.19m), 2));
    }

    /// <inheritdoc/>
    public async Task WriteAsync(Invoice invoice, NpgsqlTransaction transaction, JobContext context, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("insert into invoicing.invoice values ($1, $2, $3, $4)", transaction.Connection, transaction)
        {
            Parameters = { new() { Value = context.Id.Value }, new() { Value = invoice.Customer }, new() { Value = invoice.Net }, new() { Value = invoice.Tax } },
        };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
