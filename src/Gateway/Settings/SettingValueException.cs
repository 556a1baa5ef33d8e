namespace FathomGateway.Settings;

/// <summary>A value cannot be used. Thrown by whoever takes it apart, for whoever knows the setting's name.</summary>
/// <param name="remedy">As in <see cref="SettingFault"/>: what is wrong and what to do about it, without any part of the value.</param>
internal sealed class SettingValueException(string remedy) : Exception(remedy);
