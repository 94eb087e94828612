namespace Slowlane.Settings;

/// <summary>
/// A setting can't be used. Unless the app catches the exception, the process writes its message on standard error and ends with exit code 78, so
/// that no host starts it again.
/// </summary>
/// <param name="sentence">A sentence with the setting, its value unless that is a secret, the bounds and the remedy.</param>
public sealed class SettingException(string sentence) : InvalidOperationException(sentence);
