using Npgsql;

namespace Slowlane.Settings;

/// <summary>Builds the source of a connection string that names one host or several.</summary>
internal static class SeveralHosts
{
    /// <summary>Builds the source. Of several hosts, it uses those that <c>Target Session Attributes</c> asks for.</summary>
    /// <remarks>Npgsql refuses the keyword when it builds a source of several hosts, and takes it from the call alone.</remarks>
    public static NpgsqlDataSource Build(NpgsqlDataSourceBuilder builder)
    {
        var settings = builder.ConnectionStringBuilder;
        if (HostList.Of(settings.Host).Length <= 1)
        {
            return builder.Build();
        }

        var target = Target(settings.TargetSessionAttributes);
        settings.TargetSessionAttributes = null;
        return builder.BuildMultiHost().WithTargetSession(target);
    }

    private static TargetSessionAttributes Target(string? attributes)
        => attributes is null ? TargetSessionAttributes.Any : Enum.Parse<TargetSessionAttributes>(attributes.Replace("-", "", StringComparison.Ordinal), ignoreCase: true);
}
