namespace FathomGateway.Connect.Binding;

/// <summary>What proves that the person who consented at the provider is the one who began.</summary>
internal enum LinkBinding
{
    /// <summary>Nothing: whoever opens a connect address and consents links their account to the user who asked for it.</summary>
    None,

    /// <summary>A cookie of the browser that began, which the callback must bring. For frontends on the gateway's own site.</summary>
    Cookie,

    /// <summary>The JWT of the user who began, which the frontend sends after the return.</summary>
    Confirm,
}
