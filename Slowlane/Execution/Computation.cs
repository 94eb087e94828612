using Slowlane.Jobs;

namespace Slowlane.Execution;

/// <summary>What is left to do of a job once its data is there. Called on a lane.</summary>
internal delegate Computed Computation(JobContext context);
