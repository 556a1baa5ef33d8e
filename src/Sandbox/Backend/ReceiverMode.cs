namespace FathomGateway.Sandbox.Backend;

/// <summary>How the backend's route for events behaves.</summary>
internal enum ReceiverMode
{
    /// <summary>Takes events.</summary>
    Takes,

    /// <summary>Answers 503, as a backend does that is being deployed.</summary>
    Down,

    /// <summary>Takes four seconds for each.</summary>
    Slow,

    /// <summary>Verifies with a secret that the gateway does not have, and so refuses each with 401.</summary>
    WrongSecret,
}
