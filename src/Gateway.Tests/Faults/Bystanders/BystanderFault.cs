namespace FathomGateway.Tests.Faults.Bystanders;

/// <summary>A fault of a partner.</summary>
/// <param name="Begin">Starts the fault, while requests are counted.</param>
/// <param name="End">Ends the fault, after the requests are counted.</param>
internal sealed record BystanderFault(string Name, Func<Task> Begin, Func<Task> End)
{
    public BystanderFault(string name, Action begin, Action end)
        : this(name, begin, () => { end(); return Task.CompletedTask; })
    {
    }

    public BystanderFault(string name, Action begin, Func<Task> end)
        : this(name, () => { begin(); return Task.CompletedTask; }, end)
    {
    }

    /// <summary>
    /// Runs between the quiet turn and the turn with the fault, while no request is counted: for steps that take CPU time themselves.
    /// </summary>
    public Func<Task> Prepare { get; init; } = () => Task.CompletedTask;
}
