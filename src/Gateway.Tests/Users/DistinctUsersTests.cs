using FathomGateway.Tests.Connect;
using FathomGateway.Tests.Kit;
using Xunit;

namespace FathomGateway.Tests.Users;

public sealed class DistinctUsersTests(RealStores stores)
{
    // One letter, one word or one person to a reader; different users to the backend.
    private static readonly string[] Users =
    [
        "u1", "U1", "u1 ", " u1", "u01", "1", "01", "ren\u00e9", "rene\u0301", "\u212bngstrom", "\u00c5ngstrom", "stra\u00dfe",
        "strasse", "%75%31"
    ];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Users_whose_ids_look_alike_are_different_users_T21(bool onRealStores)
    {
        await using var stage = await Stage.StartAsync(
            onRealStores ? TestSettings.OnRealStores(await stores.RedisAsync(), await stores.NewDatabaseAsync()) : TestSettings.Embedded());

        foreach (var user in Users)
        {
            Assert.Null(await stage.ConnectionAsync(user));
            stage.Provider.AnswersNext(TokenReply.Tokens($"access-{Array.IndexOf(Users, user)}", "refresh"));
            await stage.LinkAsync(user);
        }

        foreach (var user in Users)
        {
            Assert.Equal($"access-{Array.IndexOf(Users, user)}", await stage.AccessTokenAsync(user));
        }
    }
}
