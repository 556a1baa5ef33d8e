namespace FathomGateway.Settings;

/// <summary>An error in the configuration.</summary>
/// <param name="Name">The variable's name.</param>
/// <param name="Remedy">The problem and its remedy in one sentence, without the value, which may be a secret.</param>
internal sealed record SettingFault(string Name, string Remedy);
