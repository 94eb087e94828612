using Npgsql;

namespace Slowlane.Resilience;

/// <summary>No connection could be opened for the SQL of a job type. The job has done nothing yet, so the outage can't be its doing.</summary>
internal sealed class JobConnectionException(NpgsqlException cause) : NpgsqlException(cause.Message, cause);
