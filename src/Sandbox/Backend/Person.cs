namespace FathomGateway.Sandbox.Backend;

/// <summary>A person with an account at the backend.</summary>
internal sealed record Person(string Id, string Name, string Email, IReadOnlyList<Project> Projects)
{
    /// <summary>All people who may sign in. The sandbox has no passwords.</summary>
    public static IReadOnlyList<Person> All { get; } =
    [
        new("ann", "Ann Archer", "ann@harbour.example",
            [new("Autumn launch", "On track"), new("Customer interviews", "Needs notes"), new("New price list", "In review")]),
        new("ben", "Ben Baker", "ben@harbour.example",
            [new("Warehouse move", "On track"), new("Hiring, support", "Needs notes")]),
    ];

    /// <summary>The person with this id, or null.</summary>
    public static Person? Find(string? id) => All.FirstOrDefault(person => person.Id == id);
}

/// <summary>A project that a person works on.</summary>
internal sealed record Project(string Name, string Status);
