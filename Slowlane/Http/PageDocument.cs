using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Slowlane.Jobs;

namespace Slowlane.Http;

/// <summary>The HTML document around the body of a <see cref="ResultPage"/>, and the policy that it is served under.</summary>
internal static class PageDocument
{
    /// <summary>Writes the document. A saved copy keeps the policy, as far as a document can state it.</summary>
    public static byte[] Write(ResultPage page)
    {
        using var bytes = new MemoryStream();
        using (var html = new StreamWriter(bytes, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { NewLine = "\n" })
        {
            html.WriteLine("<!doctype html>");
            html.WriteLine("<html lang=\"en\">");
            html.WriteLine("<meta charset=\"utf-8\">");
            html.WriteLine($"<meta http-equiv=\"Content-Security-Policy\" content=\"{Sources(page)}\">");
            html.WriteLine("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
            html.WriteLine($"<title>{HtmlEncoder.Default.Encode(page.Title)}</title>");
            html.WriteLine($"<style>{page.Style}</style>");
            page.WriteBody(html);
        }

        return bytes.ToArray();
    }

    /// <summary>No script runs, nothing is loaded or sent, and the page has no origin, whatever its body contains.</summary>
    public static string Policy(ResultPage page) => $"{Sources(page)}; frame-ancestors 'none'; sandbox";

    private static string Sources(ResultPage page)
        => $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(page.Style)))}'; base-uri 'none'; form-action 'none'";
}
