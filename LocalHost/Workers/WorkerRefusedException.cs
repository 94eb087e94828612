namespace Slowlane.LocalHost.Workers;

/// <summary>The worker answered the handshake, and can't run the app.</summary>
internal sealed class WorkerRefusedException(string message) : Exception(message);
