namespace Slowlane.Jobs;

/// <summary>The reason for a job's failure, as its status document states it.</summary>
/// <param name="Type">A stable, kebab-case name for the kind of failure.</param>
/// <param name="Title">The kind of failure in a few words.</param>
/// <param name="Detail">What happened to this job.</param>
internal sealed record JobError(string Type, string Title, string Detail);
