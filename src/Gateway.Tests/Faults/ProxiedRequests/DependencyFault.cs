namespace FathomGateway.Tests.Faults.ProxiedRequests;

/// <summary>A fault of a dependency of the gateway.</summary>
/// <param name="Begin">Starts the fault, while requests are counted.</param>
/// <param name="End">Ends the fault, after the requests are counted.</param>
internal sealed record DependencyFault(string Name, Func<Task> Begin, Func<Task> End)
{
    public DependencyFault(string name, Action begin, Action end)
        : this(name, begin, () => { end(); return Task.CompletedTask; })
    {
    }

    public DependencyFault(string name, Action begin, Func<Task> end)
        : this(name, () => { begin(); return Task.CompletedTask; }, end)
    {
    }

    /// <summary>
    /// Runs between the quiet turn and the turn with the fault, while no request is counted: for steps that take CPU time themselves.
    /// </summary>
    public Func<Task> Prepare { get; init; } = () => Task.CompletedTask;
}
