using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Slowlane.Tests.Fixtures;

/// <summary>A line of the log: its level and category, its text, which attempts' scopes it is in, and the failure it tells of with its stack.</summary>
internal sealed record LogLine(LogLevel Level, string Category, string Text, string Scope, Exception? Failure);

/// <summary>Keeps what the app logs.</summary>
internal sealed class LogLines : ILoggerProvider, ISupportExternalScope
{
    private readonly ConcurrentQueue<LogLine> _lines = [];
    private IExternalScopeProvider? _scopes;

    public List<LogLine> All => [.. _lines];

    public List<LogLine> With(string text) => [.. _lines.Where(line => line.Text.Contains(text, StringComparison.Ordinal))];

    public List<string> ScopesOf(string text) => With(text).ConvertAll(line => line.Scope);

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    public void Dispose()
    {
    }

    private void Add(LogLevel level, string category, string text, Exception? failure)
    {
        var scope = new List<string>();
        _scopes?.ForEachScope(
            (state, values) =>
            {
                var named = (state as IEnumerable<KeyValuePair<string, object?>> ?? []).ToLookup(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal);
                if (named.Contains("JobId"))
                {
                    values.Add($"{named["JobId"].First()} {named["JobType"].FirstOrDefault()} {named["Attempt"].FirstOrDefault()}");
                }
            },
            scope);
        _lines.Enqueue(new LogLine(level, category, text, string.Join('|', scope), failure));
    }

    private sealed class Logger(LogLines lines, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            => lines.Add(logLevel, category, formatter(state, exception), exception);
    }
}
