namespace FathomGateway.Cli.Doctor;

/// <summary>A setting as the doctor shows it.</summary>
/// <param name="Value">The effective value, <c>set</c> where it may hold a secret, or null where there is none.</param>
/// <param name="Origin">Where it comes from: <c>environment</c>, a file, <c>default</c> and the like; null where it is not set and has no default.</param>
internal sealed record DoctorSetting(string Name, string? Value, string? Origin);
