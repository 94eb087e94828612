using System.Text.Json;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Slowlane.Bench.Growth.Plans;

/// <summary>Notes the plan of every statement that runs on its connections: PostgreSQL's <c>auto_explain</c> tells the client.</summary>
internal sealed class PlanLog : ILoggerProvider, ILogger
{
    // Nested: what foreign keys make of a delete is a statement too.
    private const string Settings =
        "-c session_preload_libraries=auto_explain -c auto_explain.log_min_duration=0 -c auto_explain.log_analyze=on -c auto_explain.log_buffers=on "
        + "-c auto_explain.log_format=json -c auto_explain.log_verbose=on -c auto_explain.log_nested_statements=on -c auto_explain.log_level=notice";

    private readonly Lock _gate = new();
    private List<Plan> _plans = [];

    public NpgsqlDataSource Explain(string database)
    {
        var settings = new NpgsqlConnectionStringBuilder(database) { Options = Settings };
        return new NpgsqlDataSourceBuilder(settings.ConnectionString).UseLoggerFactory(LoggerFactory.Create(logging => logging.SetMinimumLevel(LogLevel.Debug).AddProvider(this))).Build();
    }

    /// <summary>The plans noted since the last call.</summary>
    public IReadOnlyList<Plan> Take()
    {
        lock (_gate)
        {
            (var taken, _plans) = (_plans, []);
            return taken;
        }
    }

    public ILogger CreateLogger(string categoryName) => this;

    public bool IsEnabled(LogLevel logLevel) => true;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var text = formatter(state, exception);
        if (text.IndexOf("plan:\n{", StringComparison.Ordinal) is >= 0 and var at)
        {
            using var document = JsonDocument.Parse(text[(at + "plan:\n".Length)..(text.LastIndexOf('}') + 1)]);
            lock (_gate)
            {
                _plans.Add(Plan.Of(document.RootElement));
            }
        }
    }

    public void Dispose()
    {
    }
}
