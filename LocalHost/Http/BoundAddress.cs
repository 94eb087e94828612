namespace Slowlane.LocalHost.Http;

/// <summary>Where the front listens, known once it does.</summary>
internal sealed class BoundAddress
{
    private Uri? _uri;

    /// <summary>The address with the port in use, whatever port was asked for.</summary>
    public Uri Uri
    {
        get => _uri ?? throw new InvalidOperationException("The HTTP front doesn't listen yet; start the host first.");
        set => _uri = value;
    }
}
