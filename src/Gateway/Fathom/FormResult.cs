namespace FathomGateway.Fathom;

/// <summary>Result of posting a form to the provider.</summary>
internal abstract record FormResult
{
    private FormResult()
    {
    }

    /// <summary>A whole answer.</summary>
    /// <param name="RetryAfter">The wait by <see cref="ProviderRetryAfter"/>.</param>
    /// <param name="Date">The field Date; null where it is absent.</param>
    /// <param name="Now">When the answer came, by the clock of this machine.</param>
    /// <param name="Location">The target of a redirect, which is not followed.</param>
    internal sealed record Answered(
        int Status, byte[] Body, TimeSpan RetryAfter, DateTimeOffset? Date, DateTimeOffset Now, Uri? Location) : FormResult
    {
        /// <summary>Keeps the body out of logs, which the generated text of a record may print.</summary>
        public override string ToString() => nameof(Answered);
    }

    /// <summary>The header fields or the body of the answer exceeded their limits. The rest was not read.</summary>
    /// <param name="Status">0 where the header fields exceeded their limit.</param>
    internal sealed record TooLarge(int Status) : FormResult;

    /// <summary>No byte of the form has left this process.</summary>
    internal sealed record NotSent(string Reason) : FormResult;

    /// <summary>The form was sent, at least in part, and no whole answer came.</summary>
    internal sealed record InDoubt(string Reason) : FormResult;
}
