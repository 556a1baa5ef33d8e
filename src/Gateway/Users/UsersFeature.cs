using FathomGateway.Settings;
using FathomGateway.Settings.Registration;
using FathomGateway.Users.Claims;
using FathomGateway.Users.Diagnosis;
using FathomGateway.Users.SigningKeys;

namespace FathomGateway.Users;

/// <summary>Authenticates users by the backend's JWTs.</summary>
internal static class UsersFeature
{
    public static IServiceCollection AddUsers(this IServiceCollection services, SettingsReader settings)
    {
        var jwt = JwtOptions.Read(settings);
        services.AddSingleton(new UserIdClaim(jwt.UserIdClaims));
        services.AddSingleton(jwt);
        services.AddSingleton<JwtClaimRules>();
        services.AddSingleton<IssuerSigningKeys>();
        services.AddSingleton<JwtVerification>();
        services.AddSingleton(UserVerification.Read(settings));
        services.AddSingleton<JwtRefusalLog>();
        services.AddSingleton<UserAuthenticator>();
        services.AddSingleton<SimilarSecret>();
        services.AddSingleton<JwtDiagnosis>();
        services.AddHealthChecks().AddDoctorCheck<UsersDoctorCheck>("users");
        return services;
    }
}
