namespace FathomGateway.Connect.Binding;

/// <summary>The proof that the person who consented at the provider is the one who started.</summary>
internal enum LinkBinding
{
    /// <summary>Nothing. A person who opens a connect address and consents links their account to the user who requested it.</summary>
    None,

    /// <summary>A cookie of the browser that started, which the callback must carry. For frontends on the gateway's site.</summary>
    Cookie,

    /// <summary>The JWT of the user who started, which the frontend sends after the return.</summary>
    Confirm,
}
