namespace Slowlane.Profiling.Columns;

/// <summary>Reads amounts of money as PostgreSQL prints them.</summary>
internal static class MoneyText
{
    /// <summary>The amount in the smallest unit. The server's locale decides on all but the digits: $1,234.56, -1.234,56 €, (5.00).</summary>
    public static long Amount(ReadOnlySpan<byte> text)
    {
        var amount = 0UL;
        var negative = false;
        foreach (var value in text)
        {
            negative |= value is (byte)'-' or (byte)'(';
            amount = char.IsAsciiDigit((char)value) ? (amount * 10) + value - '0' : amount;
        }

        return negative ? (long)(0 - amount) : (long)amount;
    }
}
