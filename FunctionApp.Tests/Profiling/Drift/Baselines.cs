using System.Text.Json;
using System.Text.Json.Nodes;
using Slowlane.Profiling;
using Slowlane.Profiling.Drift;

namespace Slowlane.Tests.Profiling.Drift;

/// <summary>Makes a baseline of a profile, as <c>slowlane.profile_baseline</c> does.</summary>
internal static class Baselines
{
    public static BaselineColumn Of(ColumnProfile column)
    {
        var details = JsonSerializer.SerializeToNode(column, ProfileJson.Report.ColumnProfile)!;
        var kind = details["numbers"] ?? details["times"];
        var figures = new JsonObject
        {
            ["histogram"] = kind?["histogram"]?.DeepClone(),
            ["quantiles"] = kind?["quantiles"]?.DeepClone(),
            ["booleans"] = details["booleans"]?.DeepClone(),
            ["top"] = details["top"]?.DeepClone(),
        };
        return new()
        {
            Name = column.Name,
            Type = column.Type,
            Count = column.Count,
            Nulls = column.Nulls,
            Distinct = column.Distinct.Value,
            DistinctExact = column.Distinct.Exact,
            Figures = JsonElement.Parse(figures.ToJsonString()),
        };
    }
}
