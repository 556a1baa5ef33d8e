namespace FathomGateway.Cli.Doctor;

/// <summary>One line of the doctor's report.</summary>
/// <param name="Subject">What was looked at: a part, or the name of a setting.</param>
/// <param name="Detail">What was found, and the remedy where one is needed.</param>
internal sealed record DoctorFinding(string Subject, DoctorStatus Status, string Detail);
