using System.Globalization;
using Google.Protobuf;
using Microsoft.Azure.WebJobs;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using Slowlane.LocalHost.Workers.Protocol;

namespace Slowlane.LocalHost.Triggers;

/// <summary>Values of the WebJobs SDK in the words of the worker protocol, and back.</summary>
internal static class TypedValues
{
    /// <summary>What a function is given.</summary>
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

    /// <summary>What a function has returned.</summary>
    public static object? From(TypedData? value) => value?.DataCase switch
    {
        TypedData.DataOneofCase.String => (object)value.String, // A string would turn into the JToken below.
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
