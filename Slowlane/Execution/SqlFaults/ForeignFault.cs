using Npgsql;

namespace Slowlane.Execution.SqlFaults;

/// <summary>What is wrong with another server that a job's SQL uses.</summary>
internal enum ForeignFault
{
    /// <summary>Its error is none of those below.</summary>
    Other,

    /// <summary>It can't be reached.</summary>
    Away,

    /// <summary>It refuses the user or the password.</summary>
    Login,

    /// <summary>It has no database of this name.</summary>
    Database,

    /// <summary>It has no connection left.</summary>
    Connections,

    /// <summary>Its user lacks a right there.</summary>
    Right,

    /// <summary>It has no table, column or schema of the foreign table's names.</summary>
    Names,
}

/// <summary>Judges an error of another server. Pure.</summary>
internal static class ForeignFaults
{
    public static ForeignFault Of(PostgresException failure) => failure.SqlState switch
    {
        "2F003" or ['2', '8', ..] => ForeignFault.Login,
        PostgresErrorCodes.InvalidCatalogName => ForeignFault.Database,
        PostgresErrorCodes.TooManyConnections => ForeignFault.Connections,
        ['0', '8', ..] or ['5', '7', 'P', ..] or "HV00N" => ForeignFault.Away,
        PostgresErrorCodes.InsufficientPrivilege => ForeignFault.Right,
        PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn or PostgresErrorCodes.InvalidSchemaName => ForeignFault.Names,
        _ => ForeignFault.Other,
    };
}
