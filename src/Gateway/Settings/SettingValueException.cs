namespace FathomGateway.Settings;

/// <summary>A value is invalid. Thrown by a parser for its caller, which knows the setting's name.</summary>
/// <param name="remedy">As in <see cref="SettingFault"/>: the problem and its remedy, without any part of the value.</param>
internal sealed class SettingValueException(string remedy) : Exception(remedy);
