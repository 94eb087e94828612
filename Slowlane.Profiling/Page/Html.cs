using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace Slowlane.Profiling.Page;

/// <summary>Encodes what comes from data, and formats figures for readers.</summary>
internal static class Html
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    /// <summary>Text as HTML. It is safe as content and as a quoted attribute.</summary>
    public static string Text(string text) => Encoder.Encode(text);

    /// <summary>A text of the data, apart from the direction of the text around it, and shortened to the length.</summary>
    public static string Data(string text, int length)
        => $"<bdi>{Text(text.Length <= length ? text : text[..(char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)] + "…")}</bdi>";

    public static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A number with at most six significant digits.</summary>
    public static string Number(double number)
        => Math.Abs(number) is >= 1e15 or (> 0 and < 1e-4)
            ? number.ToString("0.#####e+0", CultureInfo.InvariantCulture)
            : Rounded(number).ToString("#,0.##########", CultureInfo.InvariantCulture);

    /// <summary>A share as a percentage. Only nothing is 0 %, and only everything is 100 %.</summary>
    public static string Percent(double share) => share switch
    {
        <= 0 => "0 %",
        >= 1 => "100 %",
        < 0.001 => "&lt; 0.1 %",
        > 0.999 => "&gt; 99.9 %",
        _ => (share * 100).ToString("0.0", CultureInfo.InvariantCulture) + " %",
    };

    private static double Rounded(double number)
    {
        if (number == 0)
        {
            return 0;
        }

        var digits = 5 - (int)Math.Floor(Math.Log10(Math.Abs(number)));
        return digits <= 0 ? Math.Round(number) : Math.Round(number, Math.Min(digits, 15));
    }
}
