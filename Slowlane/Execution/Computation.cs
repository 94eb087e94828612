using Slowlane.Jobs;

namespace Slowlane.Execution;

/// <summary>The computation of a job whose data is fetched. It runs on a lane.</summary>
internal delegate Computed Computation(JobContext context);
