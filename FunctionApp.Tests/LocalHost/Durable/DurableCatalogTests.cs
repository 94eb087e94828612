using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Slowlane.Tests.LocalHost.Worker;
using Xunit;

namespace Slowlane.Tests.LocalHost.Durable;

public sealed class DurableCatalogTests
{
    [Theory]
    [InlineData(typeof(OtherContext), "parameter 'context' has type String, which LocalHost can't fill there; choose one of TaskOrchestrationContext.")]
    [InlineData(typeof(OtherClient), "parameter 'client' has type Object, which LocalHost can't fill there; choose one of DurableTaskClient.")]
    [InlineData(typeof(ClientInOrchestrator), "is an orchestrator and has a [DurableClient]")]
    [InlineData(typeof(SecondInput), "parameter 'second' has type Int32")]
    [InlineData(typeof(UnnamedText), "parameter 'text' has type String")]
    [InlineData(typeof(ValueTaskActivity), "returns ValueTask`1")]
    [InlineData(typeof(NoDatabase), "need the setting 'Slowlane:Database'")]
    public void Build_OfDurableFunctionsThatCannotBeFilled_SaysWhatIsWrong(Type functions, string sentence)
        => Assert.Contains(sentence, Assert.Throws<InvalidOperationException>(() => TestApp.Build([functions])).Message, StringComparison.Ordinal);

    public static class OtherContext
    {
        [Function("Run")]
        public static Task Run([OrchestrationTrigger] string context) => Task.FromResult(context);
    }

    public static class OtherClient
    {
        [Function("Run")]
        public static Task Run([TimerTrigger("01:00:00")] TimerInfo timer, [DurableClient] object client) => Task.FromResult((timer, client));
    }

    public static class ClientInOrchestrator
    {
        [Function("Run")]
        public static Task Run([OrchestrationTrigger] TaskOrchestrationContext context, [DurableClient] DurableTaskClient client) => Task.FromResult((context, client));
    }

    public static class SecondInput
    {
        [Function("Run")]
        public static Task Run([OrchestrationTrigger] TaskOrchestrationContext context, string first, int second) => Task.FromResult((context, first, second));
    }

    public static class UnnamedText
    {
        [Function("Run")]
        public static Task Run([ActivityTrigger] int input, string text) => Task.FromResult((input, text));
    }

    public static class ValueTaskActivity
    {
        [Function("Run")]
        public static ValueTask<int> Run([ActivityTrigger] int input) => ValueTask.FromResult(input);
    }

    public static class NoDatabase
    {
        [Function("Run")]
        public static int Run([ActivityTrigger] int input) => input;
    }
}
