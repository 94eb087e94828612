using System.Data.Common;
using Npgsql;
using Slowlane.LocalHost.Durable.Storage;

namespace Slowlane.LocalHost.Durable.Work;

/// <summary>Rings when another process says in the database that there is work. While the line is down the loops poll on.</summary>
internal sealed class BellRinger(DurableDatabase database, Bell bell, TimeProvider time)
{
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public async Task ListenAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await ListenOnceAsync(stopping);
            }
            catch (Exception exception) when (exception is DbException or IOException or TimeoutException)
            {
                await Task.Delay(Pause, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task ListenOnceAsync(CancellationToken stopping)
    {
        await using var connection = await database.OpenAsync(stopping);
        connection.Notification += Ring;
        try
        {
            await connection.ExecuteAsync($"listen {DurableDatabase.Channel}", [], stopping);
            bell.Ring(); // For what came before this line was open.
            while (true)
            {
                if (!await connection.WaitAsync(Silence, stopping))
                {
                    await connection.ExecuteAsync("select 1", [], stopping); // A line that is dead says so.
                }
            }
        }
        finally
        {
            connection.Notification -= Ring; // The pool resets the rest.
        }
    }

    private void Ring(object sender, NpgsqlNotificationEventArgs e) => bell.Ring();
}
