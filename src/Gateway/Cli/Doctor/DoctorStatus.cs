namespace FathomGateway.Cli.Doctor;

/// <summary>Severity of a finding.</summary>
internal enum DoctorStatus
{
    /// <summary>No problem.</summary>
    Ok,

    /// <summary>Works, but deserves a look.</summary>
    Warn,

    /// <summary>Needs a fix.</summary>
    Fail,
}
