namespace Slowlane.Settings;

/// <summary>Ends a process whose settings can't be used.</summary>
internal static class SettingsFailure
{
    /// <summary>The exit code of a configuration error (<c>EX_CONFIG</c> of sysexits.h). A host that knows it does not start the process again.</summary>
    public const int ExitCode = 78;

    private static int _handled;

    /// <summary>
    /// From now on, an unhandled <see cref="SettingException"/> ends the process with its sentence on standard error and with
    /// <see cref="ExitCode"/>.
    /// </summary>
    /// <remarks>A handler reaches every app: what throws is called by the app's own Program.cs, which has no catch block.</remarks>
    public static void EndsTheProcess()
    {
        if (Interlocked.Exchange(ref _handled, 1) == 0)
        {
            AppDomain.CurrentDomain.UnhandledException += (_, failure) => End(failure.ExceptionObject);
        }
    }

    private static void End(object failure)
    {
        if (failure is SettingException refused)
        {
            Console.Error.WriteLine(refused.Message);
            Environment.Exit(ExitCode);
        }
    }
}
