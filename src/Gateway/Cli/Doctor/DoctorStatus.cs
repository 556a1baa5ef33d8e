namespace FathomGateway.Cli.Doctor;

/// <summary>How bad it is.</summary>
internal enum DoctorStatus
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>Works, and deserves a look.</summary>
    Warn,

    /// <summary>Needs mending.</summary>
    Fail,
}
