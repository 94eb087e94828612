using System.Globalization;
using Google.Protobuf;
using Microsoft.Azure.WebJobs;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using Slowlane.LocalHost.Protocol;

namespace Slowlane.LocalHost.Triggers;

/// <summary>Converts values of the WebJobs SDK to those of the worker protocol and back.</summary>
internal static class TypedValues
{
    /// <summary>The value of an argument.</summary>
    public static TypedData Of(object? value) => value switch
    {
        null => new TypedData(),
        string text => new TypedData { String = text },
        byte[] bytes => new TypedData { Bytes = ByteString.CopyFrom(bytes) },
        DateTimeOffset time => new TypedData { Json = JsonConvert.SerializeObject(time) },
        ParameterBindingData data => new TypedData
        {
            ModelBindingData = new ModelBindingData
            {
                Version = data.Version,
                Source = data.Source,
                ContentType = data.ContentType,
                Content = ByteString.CopyFrom(data.Content),
            },
        },
        TimerInfo timer => new TypedData { Json = JsonConvert.SerializeObject(Plain(timer)) },
        IFormattable number and (int or long or double or decimal) => new TypedData { Json = number.ToString(null, CultureInfo.InvariantCulture) },
        _ => new TypedData { Json = JsonConvert.SerializeObject(value) },
    };

    /// <summary>The return value of a function.</summary>
    public static object? From(TypedData? value) => value?.DataCase switch
    {
        TypedData.DataOneofCase.String => (object)value.String, // Without the cast, the string would become a JToken.
        TypedData.DataOneofCase.Json => JToken.Parse(value.Json),
        TypedData.DataOneofCase.Bytes => value.Bytes.ToByteArray(),
        _ => null,
    };

    private static object Plain(TimerInfo timer) => new
    {
        Schedule = new { timer.Schedule.AdjustForDST },
        timer.ScheduleStatus,
        timer.IsPastDue,
    };
}
