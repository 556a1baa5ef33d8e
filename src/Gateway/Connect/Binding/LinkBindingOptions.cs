using FathomGateway.Settings;

namespace FathomGateway.Connect.Binding;

/// <summary>Settings of linking.</summary>
internal sealed record LinkBindingOptions(LinkBinding Binding)
{
    public const string BindingName = "LINK_BINDING";

    public static LinkBindingOptions Read(SettingsReader settings)
    {
        var text = settings.OneOf(BindingName, "none", "none", "cookie", "confirm");
        var binding = Enum.Parse<LinkBinding>(text, ignoreCase: true);
        if (binding == LinkBinding.None)
        {
            settings.Warn(
                $"{BindingName} is none: someone who talks another into opening a connect address links that person's Fathom to "
                    + $"their own user. {BindingName}=confirm prevents it, with a few lines in the frontend (README, Security).");
        }

        return new LinkBindingOptions(binding);
    }
}
