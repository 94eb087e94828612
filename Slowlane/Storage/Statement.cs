using Npgsql;

namespace Slowlane.Storage;

/// <summary>Makes statements of the engine's SQL.</summary>
internal static class Statement
{
    /// <summary>A statement whose parameters are numbered from $1.</summary>
    public static NpgsqlBatchCommand Of(string sql, params ReadOnlySpan<object?> parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = parameter ?? DBNull.Value });
        }

        return command;
    }
}
