using System.Data.Common;
using Npgsql;

namespace Slowlane.Settings;

/// <summary>Npgsql's form of a connection string, <c>Keyword=value;…</c>. Pure.</summary>
internal static class NpgsqlKeywords
{
    private static readonly string[] Secrets = ["password", "psw", "pwd", "ssl password", "sslpassword"];

    /// <exception cref="FormatException">
    /// The text is no such string. The message is a predicate with the remedy: it names keywords and no values, because a value may be a secret.
    /// </exception>
    public static NpgsqlConnectionStringBuilder Parse(string text)
    {
        var given = Split(text);
        var builder = new NpgsqlConnectionStringBuilder();
        var isAfterSecret = false;
        foreach (var keyword in given.Keys.Cast<string>())
        {
            RequireKnown(builder, keyword, isAfterSecret);
            Set(builder, keyword, given[keyword]);
            isAfterSecret |= Secrets.Contains(keyword, StringComparer.OrdinalIgnoreCase);
        }

        given.WithoutValue.ForEach(keyword => RequireKnown(builder, keyword, isAfterSecret));
        return builder;
    }

    private static void RequireKnown(NpgsqlConnectionStringBuilder builder, string keyword, bool isAfterSecret)
    {
        if (!builder.ContainsKey(keyword))
        {
            // The keyword may be the rest of a password that has a ';'.
            throw new FormatException(isAfterSecret
                ? "has an unknown keyword after a password; put a password with a ';' into quotes, and delete what Npgsql does not know"
                : $"has {(IsWord(keyword) ? $"the keyword '{keyword}', which" : "a keyword that")} Npgsql does not know; correct or delete it");
        }
    }

    // Anything else may be a value, and so a secret.
    private static bool IsWord(string keyword) => keyword.All(character => char.IsAsciiLetter(character) || character is ' ' or '_');

    private static Keywords Split(string text)
    {
        try
        {
            return new Keywords { ConnectionString = text };
        }
        catch (ArgumentException error)
        {
            throw new FormatException("can't be read; set it to keywords (Host=…;Database=…;Username=…;Password=…) or to a URI (postgresql://user:password@host:5432/database)", error);
        }
    }

    private static void Set(NpgsqlConnectionStringBuilder builder, string keyword, object value)
    {
        builder.TryGetValue(keyword, out var before);
        try
        {
            builder[keyword] = value;
        }
        catch (ArgumentException error)
        {
            throw new FormatException($"has a value of '{keyword}' that can't be used; {Allowed(before, error.InnerException)}", error);
        }
    }

    private static string Allowed(object? usual, Exception? error) => usual switch
    {
        Enum word => $"choose one of {string.Join(", ", Enum.GetNames(word.GetType()))}",
        bool => "choose true or false",
        int when error is ArgumentOutOfRangeException bound => "the " + bound.Message.Split(" (Parameter")[0].TrimEnd('.'),
        int => "choose a whole number",
        _ => "see Npgsql's connection string parameters",
    };

    /// <summary>The keywords of a text, with those that have no value. .NET's own class leaves these out by removing them.</summary>
    private sealed class Keywords : DbConnectionStringBuilder
    {
        public List<string> WithoutValue { get; } = [];

        public override bool Remove(string keyword)
        {
            WithoutValue.Add(keyword);
            return base.Remove(keyword);
        }
    }
}
