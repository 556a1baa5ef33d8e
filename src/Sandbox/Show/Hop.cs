namespace FathomGateway.Sandbox.Show;

/// <summary>One step between two parts of the world, as the show draws it.</summary>
/// <param name="Number">Counts from 1.</param>
/// <param name="From">
/// Who speaks: <c>browser</c>, <c>gateway</c>, <c>states</c> (Redis or memory), <c>rows</c> (the database), <c>fathom</c> or
/// <c>backend</c>.
/// </param>
/// <param name="To">Who listens; the speaker itself for what happens to it without a word.</param>
/// <param name="What">One line for people; never a code, state or token.</param>
/// <param name="Tone"><c>plain</c>, <c>good</c> or <c>bad</c>.</param>
/// <param name="At">Milliseconds since 1970.</param>
internal sealed record Hop(int Number, string From, string To, string What, string Tone, long At);
