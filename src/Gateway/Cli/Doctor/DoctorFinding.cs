namespace FathomGateway.Cli.Doctor;

/// <summary>One line of the doctor's report.</summary>
/// <param name="Subject">The part that was checked, or the name of a setting.</param>
/// <param name="Detail">The finding, and the remedy where one is needed.</param>
internal sealed record DoctorFinding(string Subject, DoctorStatus Status, string Detail);
