namespace Slowlane.Settings;

/// <summary>A setting can't be used. The message is a sentence with the setting, its value unless that is a secret, the bounds and the remedy.</summary>
internal sealed class SettingException(string sentence) : InvalidOperationException(sentence);
