namespace FathomGateway.Cli;

/// <summary>A setting as the doctor shows it.</summary>
/// <param name="Value">The value, <c>set</c> where it may hold a secret, or null where it is not set.</param>
/// <param name="Origin">Where it comes from; null for the default.</param>
internal sealed record DoctorSetting(string Name, string? Value, string? Origin);
