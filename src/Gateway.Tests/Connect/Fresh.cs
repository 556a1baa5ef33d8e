namespace FathomGateway.Tests.Connect;

/// <summary>Values that no other test uses.</summary>
internal static class Fresh
{
    public static string User() => $"user-{Guid.NewGuid():n}";

    public static string Code() => $"code-{Guid.NewGuid():n}";
}
