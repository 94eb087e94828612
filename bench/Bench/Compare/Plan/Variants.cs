using System.Globalization;

namespace Slowlane.Bench.Compare.Plan;

/// <summary>What is compared.</summary>
internal static class Variants
{
    private static readonly Dictionary<string, string> Web = new(StringComparer.Ordinal)
    {
        ["fastapi"] = "python3-fastapi",
        ["uvicorn"] = "uvicorn",
        ["asyncpg"] = "python3-asyncpg",
    };

    private static readonly Dictionary<string, string> Celery = new(Web, StringComparer.Ordinal)
    {
        ["psycopg2"] = "python3-psycopg2",
        ["celery"] = "python3-celery",
        ["redis"] = "python3-redis",
    };

    private static readonly Dictionary<string, string> Redis = new(StringComparer.Ordinal) { ["redis-server"] = "redis-server" };

    /// <summary>The interpreter that Debian's packages belong to, where there is one.</summary>
    public static string Python { get; } = File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3";

    public static IReadOnlyList<Variant> All { get; } =
    [
        SlowlaneVariants.AsItComes,
        Peer("inline", "FastAPI, a background task that computes on the event loop"),
        Peer("threadpool", "FastAPI, a background task that computes in run_in_threadpool"),
        Peer("processpool", "FastAPI, a background task that computes in a ProcessPoolExecutor, one process a core") with { HasWorkers = true },
        WithCelery("celery", "FastAPI and a Celery worker through Redis, as they come", durable: false),
        WithCelery("celery-durable", "the same with late acknowledgement, rejection, retries, no prefetching and a short visibility timeout", durable: true) with
        {
            IsSlow = true, // Some twenty a second.
            Sweep = TimeSpan.FromSeconds(100), // Kombu's Redis transport: every tenth time of one in 10 s.
        },
    ];

    /// <summary>All that can be asked for: these, and Slowlane with one of its settings changed.</summary>
    public static IReadOnlyList<Variant> Known { get; } = [.. All, .. SlowlaneVariants.Settings];

    private static Variant Peer(string name, string standsFor) => new(name, standsFor, "/health", "/jobs")
    {
        Modules = Web,
        Servers = places => [Uvicorn(name, places)],
    };

    private static Variant WithCelery(string name, string standsFor, bool durable) => new(name, standsFor, "/health", "/jobs")
    {
        Modules = Celery,
        Programs = Redis,
        HasWorkers = true,
        Broker = places => new ServerCommand(
            "redis-server",
            ["--port", Text(places.BrokerPort), "--bind", "127.0.0.1", "--dir", places.Folder],
            new Dictionary<string, string>(StringComparer.Ordinal))
        {
            ReadyText = "Ready to accept connections",
        },
        Servers = places => [Uvicorn("celery", places, durable), CeleryWorker(places, durable)],
        Apart = (places => [Uvicorn("celery", places, durable)], places => [CeleryWorker(places, durable)]),
    };

    private static ServerCommand CeleryWorker(Places places, bool durable) => new(
        Python,
        ["-m", "celery", "-A", "tasks", "worker", "--pool", "prefork", "--concurrency", Text(places.Processes), "--loglevel", "warning"],
        Environment("celery", places, durable));

    private static ServerCommand Uvicorn(string variant, Places places, bool durable = false)
        => new(Python, ["-m", "uvicorn", "app:app", "--port", "0", "--no-access-log"], Environment(variant, places, durable)) { AddressAfter = "Uvicorn running on " };

    private static Dictionary<string, string> Environment(string variant, Places places, bool durable) => new(StringComparer.Ordinal)
    {
        ["VARIANT"] = variant,
        ["PROCESSES"] = Text(places.Processes),
        ["DSN"] = places.DatabaseUri.OriginalString,
        ["BROKER"] = $"redis://127.0.0.1:{Text(places.BrokerPort)}/0",
        ["DURABLE"] = durable ? "1" : "0",
        ["VISIBILITY_S"] = Text((int)places.Redelivery.TotalSeconds),
        ["PYTHONDONTWRITEBYTECODE"] = "1",
    };

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
