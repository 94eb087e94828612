using Npgsql;
using Slowlane.LocalHost.Durable.Replay;

namespace Slowlane.LocalHost.Durable.Storage;

/// <summary>The history's rows.</summary>
internal static class HistoryTable
{
    private const string History = "select kind, at, task_id, name, data, failure, fire_at from slowlane_durable.history where instance = $1 order by seq";

    public static Task<List<HistoryEvent>> ReadAsync(NpgsqlConnection connection, long instance, CancellationToken cancellationToken)
        => connection.ReadAsync(History, [Sql.Number(instance)], Event, cancellationToken);

    /// <summary>Adds what a step saw and did, after what was there.</summary>
    public static Task<int> AppendAsync(NpgsqlConnection connection, EpisodeWork work, HistoryEvent[] events, CancellationToken cancellationToken) => connection.ExecuteAsync(
        """
        insert into slowlane_durable.history (instance, seq, kind, at, task_id, name, data, failure, fire_at)
        select $1, $2 + n, kind, at, task_id, name, data, failure, fire_at
        from unnest($3, $4, $5, $6, $7, $8, $9) with ordinality as event (kind, at, task_id, name, data, failure, fire_at, n)
        """,
        [
            Sql.Number(work.Instance),
            Sql.Number(work.Episode.Past.Count),
            Sql.Texts(events.Select(static happened => happened.Kind.ToString())),
            Sql.Times(events.Select(happened => happened.At == default ? work.Episode.News[0].At : (DateTime?)happened.At)),
            Sql.Ids(events.Select(static happened => happened.TaskId)),
            Sql.Texts(events.Select(static happened => happened.Name)),
            Sql.Texts(events.Select(static happened => happened.Kind is EventKind.TaskScheduled ? null : happened.Data)), // An input is in its activity; a replay needs none.
            Sql.Texts(events.Select(static happened => Failures.Write(happened.Failure))),
            Sql.Times(events.Select(static happened => happened.FireAt)),
        ],
        cancellationToken);

    /// <summary>An event of a row whose columns are the history's, or a message's in their order.</summary>
    public static HistoryEvent Event(NpgsqlDataReader row) => new(Enum.Parse<EventKind>(row.GetString(0)))
    {
        At = row.GetDateTime(1),
        TaskId = row.IsDBNull(2) ? null : row.GetInt32(2),
        Name = row.TextOrNull(3),
        Data = row.TextOrNull(4),
        Failure = Failures.Read(row.TextOrNull(5)),
        FireAt = row.IsDBNull(6) ? null : row.GetDateTime(6),
    };
}
