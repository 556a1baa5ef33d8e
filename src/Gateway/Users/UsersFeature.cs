using FathomGateway.Settings;

namespace FathomGateway.Users;

/// <summary>Who is asking: verifies the backend's JWTs.</summary>
internal static class UsersFeature
{
    public static IServiceCollection AddUsers(this IServiceCollection services, SettingsReader settings)
    {
        var jwt = JwtOptions.Read(settings);
        services.AddSingleton(new UserIdClaim(jwt.UserIdClaims));
        services.AddSingleton(jwt);
        services.AddSingleton<TokenRules>();
        services.AddSingleton<FetchedKeys>();
        services.AddSingleton<JwtVerification>();
        services.AddSingleton(UserVerification.Read(settings));
        services.AddSingleton<RefusedJwts>();
        services.AddSingleton<SignedInUser>();
        services.AddSingleton<NearbySecret>();
        services.AddSingleton<JwtExamination>();
        services.AddHealthChecks().AddDoctorCheck<UsersCheck>("users");
        return services;
    }
}
