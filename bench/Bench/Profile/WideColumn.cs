namespace Slowlane.Bench.Profile;

/// <summary>A column of the table.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Type">Its SQL type.</param>
/// <param name="Kind">Which figures it has.</param>
/// <param name="Made">The expression it is made by.</param>
internal sealed record WideColumn(string Name, string Type, Kind Kind, string Made);

/// <summary>Which figures a column has.</summary>
internal enum Kind
{
    Number,
    Boolean,
    Text,
    Time,

    /// <summary>Only counted.</summary>
    Other,
}
