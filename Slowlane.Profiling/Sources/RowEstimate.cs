using System.Text.Json;
using Npgsql;

namespace Slowlane.Profiling.Sources;

/// <summary>Estimates how many rows a reading will yield, for its progress.</summary>
internal static class RowEstimate
{
    /// <summary>The source with its estimate: the catalog's count of rows, or the planner's guess where not all rows are read.</summary>
    public static async Task<ProfileSource> OfAsync(ProfileSource source, BlockRange? range, NpgsqlConnection connection, CancellationToken cancellationToken)
        => source with
        {
            EstimatedRows = source is { Where.Count: 0, Sample: null }
                ? source.EstimatedRows * (range?.Share ?? 1)
                : await PlannedRowsAsync(TableSelect.Of(source, range), connection, cancellationToken),
        };

    private static async Task<double> PlannedRowsAsync(string select, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
#pragma warning disable CA2100 // The statement is made of names that the server has quoted.
        await using var command = new NpgsqlCommand($"explain (format json) {select}", connection);
#pragma warning restore CA2100
        var plan = (string)(await command.ExecuteScalarAsync(cancellationToken))!;
        using var document = JsonDocument.Parse(plan);
        return document.RootElement[0].GetProperty("Plan").GetProperty("Plan Rows").GetDouble();
    }
}
