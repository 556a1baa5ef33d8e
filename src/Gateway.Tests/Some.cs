using FathomGateway.Users;
using Xunit;

namespace FathomGateway.Tests;

/// <summary>Test data of which only the kind matters.</summary>
internal static class Some
{
    public static UserId User(string text)
    {
        Assert.True(UserId.TryParse(text, out var userId), $"{text} is no user id");
        return userId;
    }
}
