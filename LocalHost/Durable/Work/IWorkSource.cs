namespace Slowlane.LocalHost.Durable.Work;

/// <summary>A kind of work that processes share: steps of orchestrations, or activities.</summary>
/// <typeparam name="TWork">What is taken at a time.</typeparam>
internal interface IWorkSource<TWork>
    where TWork : class
{
    /// <summary>How many are done at a time in this process.</summary>
    int Slots { get; }

    /// <summary>Takes one; null when there is none.</summary>
    Task<TWork?> ClaimAsync(CancellationToken cancellationToken);

    /// <summary>Gives one back that was not begun.</summary>
    Task ReleaseAsync(TWork work, CancellationToken cancellationToken);

    /// <summary>Does one and records its end. Whatever goes wrong in it is its own.</summary>
    Task ProcessAsync(TWork work, CancellationToken stopping);
}
