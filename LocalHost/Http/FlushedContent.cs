using System.Net;

namespace Slowlane.LocalHost.Http;

/// <summary>
/// Sends request bodies as they arrive. The HTTP client would otherwise buffer the headers and the first bytes until it has some thousand.
/// </summary>
internal sealed class FlushingHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Content is { } content)
        {
            request.Content = new FlushedContent(content);
        }

        return base.SendAsync(request, cancellationToken);
    }
}

/// <summary>A request body that is flushed after each piece.</summary>
internal sealed class FlushedContent : HttpContent
{
    /// <summary>A shorter body nearly always arrives together with its headers, and is sent with them in one piece.</summary>
    private const int Short = 16 << 10;

    private readonly HttpContent _content;

    public FlushedContent(HttpContent content)
    {
        _content = content;
        foreach (var (name, values) in content.Headers.NonValidated)
        {
            Headers.TryAddWithoutValidation(name, values);
        }
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        if (Headers.ContentLength is null or > Short)
        {
            await stream.FlushAsync(cancellationToken); // Sends the headers.
        }

        await using var flushing = new FlushingStream(stream);
        await _content.CopyToAsync(flushing, context, cancellationToken);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _content.Dispose();
        }

        base.Dispose(disposing);
    }
}
