using FathomGateway.Settings;
using FathomGateway.Tls;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace FathomGateway.Users;

/// <summary>Who is asking: verifies the backend's JWTs.</summary>
internal static class UsersFeature
{
    /// <summary>Longest JWT that is looked at, in characters: real ones are well under this, and each one costs a signature check.</summary>
    public const int LongestJwt = 8192;

    /// <summary>Name under which a verified token is handed on within its request.</summary>
    public const string TokenParameter = "jwt";

    /// <summary>How far the clocks of gateway and backend may differ.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);

    /// <summary>How long fetching keys may take: the user waits for it.</summary>
    private static readonly TimeSpan KeyFetchTimeout = TimeSpan.FromSeconds(3);

    /// <summary>Most bytes of a key set or discovery document.</summary>
    private const int LargestKeySet = 1024 * 1024;

    public static IServiceCollection AddUsers(this IServiceCollection services, SettingsReader settings)
    {
        var jwt = JwtOptions.Read(settings);
        services.AddSingleton(new UserIdClaim(jwt.UserIdClaims));
        services.AddSingleton(jwt);
        services.AddSingleton<TokenRules>();
        services.AddSingleton<FetchedKeys>();
        services.AddSingleton(UserVerification.Read(settings));
        services.AddSingleton<SignedInUser>();
        services.AddHealthChecks().AddDoctorCheck<UsersCheck>("users");
        services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer(options => Configure(options, jwt));
        return services;
    }

    private static void Configure(JwtBearerOptions options, JwtOptions jwt)
    {
        options.MapInboundClaims = false;
        options.SaveToken = false;
        options.IncludeErrorDetails = false;
        options.Events = new JwtBearerEvents
        {
            OnTokenValidated = context =>
            {
                context.Properties.SetParameter(TokenParameter, (JsonWebToken)context.SecurityToken);
                return Task.CompletedTask;
            },
        };
        options.TokenHandlers.Clear();
        options.TokenHandlers.Add(new JsonWebTokenHandler { MapInboundClaims = false, MaximumTokenSizeInBytes = LongestJwt });
        options.TokenValidationParameters = new TokenValidationParameters
        {
            IssuerSigningKey = jwt.Key,
            ValidAlgorithms = jwt.Algorithms,
            ValidTypes = jwt.Types.Count > 0 ? jwt.Types : null,
            RequireSignedTokens = true,
            RequireExpirationTime = !jwt.AllowNoExpiry,
            ValidateLifetime = true,
            ClockSkew = ClockSkew,
            // An authority names itself as the issuer in its discovery document; the library takes it from there.
            ValidateIssuer = (jwt.Issuer ?? jwt.Authority?.AbsoluteUri) is not null,
            ValidIssuer = jwt.Issuer,
            ValidateAudience = jwt.Audience is not null,
            ValidAudience = jwt.Audience,
            // A token that names no key, or one that is not ours, is tried with the key there is.
            TryAllIssuerSigningKeys = true,
        };
        if (jwt.Authority is null && jwt.JwksUrl is null) return;

        var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ActivityHeadersPropagator = null, SslOptions = PeerCertificates.Options })
        {
            Timeout = KeyFetchTimeout,
            MaxResponseContentBufferSize = LargestKeySet,
            DefaultRequestHeaders = { UserAgent = { Product.UserAgent } },
        };
        // What the discovery document names is fetched as safely as the document itself.
        var requireHttps = (jwt.JwksUrl ?? jwt.Authority)!.Scheme == Uri.UriSchemeHttps;
        var retriever = new FailureRememberingRetriever(new HttpDocumentRetriever(http) { RequireHttps = requireHttps }, TimeProvider.System);
        options.ConfigurationManager = jwt.JwksUrl is not null
            ? new ConfigurationManager<OpenIdConnectConfiguration>(jwt.JwksUrl.AbsoluteUri, new JwksRetriever(), retriever)
            : new ConfigurationManager<OpenIdConnectConfiguration>(
                jwt.Authority!.AbsoluteUri.TrimEnd('/') + "/.well-known/openid-configuration", new OpenIdConnectConfigurationRetriever(), retriever);
    }
}
