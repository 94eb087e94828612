namespace Slowlane.LocalHost.Workers;

/// <summary>A worker completed the handshake but can't run the app.</summary>
internal sealed class WorkerRefusedException(string message) : Exception(message);
