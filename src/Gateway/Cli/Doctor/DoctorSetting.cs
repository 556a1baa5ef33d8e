namespace FathomGateway.Cli.Doctor;

/// <summary>A setting in the doctor's report.</summary>
/// <param name="Value">The effective value; <c>set</c> where it may hold a secret; null where there is none.</param>
/// <param name="Origin">The source of the value: <c>environment</c>, a file, <c>default</c> and the like; null where there is no
/// value.</param>
internal sealed record DoctorSetting(string Name, string? Value, string? Origin);
