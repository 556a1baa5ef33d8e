namespace FathomGateway.Settings;

/// <summary>One thing that is wrong with the configuration.</summary>
/// <param name="Name">The variable's name, as people set it on their host.</param>
/// <param name="Remedy">What is wrong and what to do about it, in one sentence; never the value, which may be a secret.</param>
internal sealed record SettingFault(string Name, string Remedy);
