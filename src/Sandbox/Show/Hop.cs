namespace FathomGateway.Sandbox.Show;

/// <summary>One step between two parts of the sandbox, as the page shows it.</summary>
/// <param name="Number">Counts from 1.</param>
/// <param name="From">
/// The sender: <c>browser</c>, <c>gateway</c>, <c>states</c> (Redis or memory), <c>rows</c> (the database), <c>fathom</c> or
/// <c>backend</c>.
/// </param>
/// <param name="To">The receiver; the same as the sender for a change without a message.</param>
/// <param name="What">One line for people; never a code, state or token.</param>
/// <param name="Tone"><c>plain</c>, <c>good</c> or <c>bad</c>.</param>
/// <param name="At">Milliseconds since 1970.</param>
internal sealed record Hop(int Number, string From, string To, string What, string Tone, long At);
