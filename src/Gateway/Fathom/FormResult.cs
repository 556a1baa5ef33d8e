namespace FathomGateway.Fathom;

/// <summary>What became of a form that was posted to the provider.</summary>
internal abstract record FormResult
{
    private FormResult()
    {
    }

    /// <summary>The whole answer is here.</summary>
    /// <param name="RetryAfter">What the field Retry-After asks for; its fallback where it is absent.</param>
    /// <param name="Date">When the provider says that it has answered; null where it does not say.</param>
    /// <param name="Now">When it had answered, by our clock.</param>
    /// <param name="Location">Where a redirect leads, which is not followed.</param>
    internal sealed record Answered(
        int Status, byte[] Body, TimeSpan RetryAfter, DateTimeOffset? Date, DateTimeOffset Now, Uri? Location) : FormResult
    {
        /// <summary>A record's own text would print the status alone, and may not grow to print the body.</summary>
        public override string ToString() => nameof(Answered);
    }

    /// <summary>The head or the body of the answer passed the limits; the rest was not read.</summary>
    /// <param name="Status">0 where it was the head.</param>
    internal sealed record TooLarge(int Status) : FormResult;

    /// <summary>No byte of the form has left this process.</summary>
    internal sealed record NotSent(string Reason) : FormResult;

    /// <summary>The form was sent, at least in part, and no whole answer came.</summary>
    internal sealed record InDoubt(string Reason) : FormResult;
}
