namespace FathomGateway.Sandbox.Provider;

/// <summary>An account at the stand-in Fathom, and the meetings that were recorded with it.</summary>
/// <param name="Id">The value of <see cref="CookieName"/> that signs a browser in.</param>
/// <param name="Meetings">The newest first.</param>
internal sealed record Account(string Id, string Name, string Email, IReadOnlyList<Meeting> Meetings)
{
    /// <summary>
    /// The cookie that says who is signed in at Fathom. The app's page sets it, because cookies are shared by all ports of one host: a
    /// person who signs in at the app is also signed in at Fathom.
    /// </summary>
    public const string CookieName = "fathom_account";

    /// <summary>All accounts. A browser without the cookie is signed in as the first.</summary>
    public static IReadOnlyList<Account> All { get; } =
    [
        new("ann", "Ann Archer", "ann@harbour.example", Meeting.OfAnn),
        new("ben", "Ben Baker", "ben@harbour.example", Meeting.OfBen),
    ];

    /// <summary>Who is signed in at Fathom in the browser that sends this request.</summary>
    public static Account Of(HttpRequest request) =>
        All.FirstOrDefault(account => account.Id == request.Cookies[CookieName]) ?? All[0];
}
