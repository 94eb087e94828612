using Slowlane.Bench.Hosts;

namespace Slowlane.Bench.Growth.Rows;

/// <summary>One of the app's calls.</summary>
/// <param name="Name">What it does.</param>
/// <param name="Pages">So many pages may it touch, however much there is.</param>
/// <param name="Call">Calls it once.</param>
/// <param name="Sparing">Called a tenth as often: it does much at once.</param>
internal sealed record Statement(string Name, long Pages, Func<Stores, Task> Call, bool Sparing = false);
