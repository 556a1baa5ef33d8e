using Xunit;

namespace FathomGateway.Tests.Settings;

/// <summary>Set-ups that people really make, and the line of the start (and of the doctor) that says what to fix.</summary>
public sealed class WrongSetUpTests
{
    private const string Database = "postgresql://u:p@db/x", Keys = "TOKEN_ENCRYPTION_KEYS=k1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

    /// <summary>What is set (<c>NAME=value</c>), and what is said of it.</summary>
    public static TheoryData<string[], string> SetUps() => new()
    {
        { ["DATABASE_URL=postgresql://u:pa?SuperSecretTail@h/db"], "DATABASE_URL has an @ behind the host: percent-encode ? / # @ : ;" },
        { ["DATABASE_URL=postgresql://u:pa/ss@h/db"], "percent-encode ? / # @ : ;" },
        { ["DATABASE_URL=Host=h;Password=pa;ss;Database=d"], "put the password into single quotes" },
        { ["DATABASE_URL=psql 'postgresql://u:p@h/db'"], "begins with psql: take the address alone" },
        { ["DATABASE_URL=jdbc:postgresql://h/db?user=u"], "leave out jdbc:" },
        { ["DATABASE_URL=mysql://root@h/db"], "is no PostgreSQL address: write postgresql://" },
        {
        [
            "DATABASE_URL=postgresql://u:p@h/db?target_session_attrs=standby"
        ], "asks for a standby (target_session_attrs), and the gateway has to write: make it read-write" },
        { ["DATABASE_URL=postgresql://u:p@h/db?sslmod=require"], "has an unknown parameter: correct its name" },
        { ["DATABASE_URL=postgresql://u:p@h/db?sslrootcert=/nowhere/ca.pem"], "Root Certificate (sslrootcert): check the path" },
        {
        [
            "DATABASE_URL=Host=h;Minimum Pool Size=25;Maximum Pool Size=10"
        ], "has a Minimum Pool Size above its Maximum Pool Size: make it smaller" },
        { ["DATABASE_URL=postgresql://u:p@h:port/db"], "has a port that is no number from 1 to 65535: correct it" },
        { ["DATABASE_URL=host=a,b port=1,2,3 dbname=d"], "has another number of ports than of hosts: write one port for each host" },
        {
        [
            "DATABASE_URL=" + Database + "?pgbouncer=true&connection_limit=1", Keys
        ], "DATABASE_URL has parameters that mean nothing to the gateway and are ignored: pgbouncer, connection_limit." },
        { ["DATABASE_URL=" + Database, Keys, "DATA_DIR=/data"], "DATA_DIR has no effect, because DATABASE_URL is set" },
        { ["REDIS_URL=redis://u:pa?ss@h"], "REDIS_URL has an @ behind the host: percent-encode" },
        {
        [
            "REDIS_URL=redis://h:6379?family=0"
        ], "REDIS_URL has a query or a fragment, which is not read: the number of the database stands behind the host" },
        { ["REDIS_URL=redis-cli --tls -u redis://h"], "begins with redis-cli: take the address alone" },
        { ["REDIS_URL=h:6379,password=a,b"], "A password with a comma needs the form redis://, with %2C for it" },
        { ["REDIS_URL=https://h"], "is no Redis address: write redis://" },
        { ["FATHOM_PROVDER=usefathom"], "FATHOM_PROVDER is no setting of the gateway and has no effect: did you mean FATHOM_PROVIDER?" },
        { ["LINK_BINDINGS=confirm"], "did you mean LINK_BINDING?" },
        { ["CORS_ORIGIN=https://a.test"], "did you mean CORS_ORIGINS?" },
        { ["CORS_ALLOWED_ORIGINS=https://a.test"], "did you mean CORS_ORIGINS?" },
        { ["JWT_SECERT=x", "JWT_SECRET="], "did you mean JWT_SECRET?" },
        { ["JWT_SECRET_KEY=x", "JWT_SECRET="], "did you mean JWT_SECRET?" },
        { ["FATHOM_REDIRECT_URL=https://g.test/fathom/callback"], "did you mean FATHOM_REDIRECT_URI?" },
        { ["FATHOM_CLIENTID=x"], "did you mean FATHOM_CLIENT_ID?" },
        { ["JWT_SECRETS_FILE=/x"], "did you mean JWT_SECRET_FILE?" },
        { ["FRONTEND_URL=https://app.example.test/dashboard"], "FRONTEND_URL ends in the path that FRONTEND_RETURN_PATH adds to it" },
        { ["FRONTEND_URL=https://app.example.test/base"], "FRONTEND_URL has a path, to which FRONTEND_RETURN_PATH is added" },
        {
        [
            "FRONTEND_URL=http://app.example.com"
        ], "FRONTEND_URL is http, to a host of the public network: others on the way can read and change the data. Write https." },
        { ["FRONTEND_URL=htps://app.example.com"], "FRONTEND_URL is not an address: write it in full, such as https://app.example.com" },
        {
        [
            "FRONTEND_URL=\"https://app.example.com\""
        ], "The value is in quotation marks, which count as a part of it: leave them out" },
        { ["BACKEND_URL=http://api.example.com"], "BACKEND_URL is http, to a host of the public network" },
        { ["CORS_ORIGINS=http://app.example.com"], "CORS_ORIGINS is http, to a host of the public network" },
        { ["CORS_ORIGINS=https://*.com"], "never in the last two" },
        { ["CORS_ORIGINS=https://my-app-*.vercel.app"], "CORS_ORIGINS has a * under a name at which anyone can have an app" },
        { ["FATHOM_CLIENT_ID='abc'"], "FATHOM_CLIENT_ID is in quotation marks" },
        { ["FATHOM_CLIENT_SECRET=<your secret>"], "FATHOM_CLIENT_SECRET looks like a placeholder that was not filled in" },
        { ["FATHOM_CLIENT_SECRET=abc\u200bdef"], "FATHOM_CLIENT_SECRET holds a character that cannot be seen, the 4th" },
        { ["FATHOM_CLIENT_SECRET=FATHOM_CLIENT_SECRET=abc"], "FATHOM_CLIENT_SECRET begins with the variable's own name" },
        { ["FATHOM_CLIENT_SECRET=a\nb"], "FATHOM_CLIENT_SECRET holds a line break or a tab, as its 2nd character" },
        { ["FATHOM_CLIENT_SECRET_FILE=/nowhere"], "FATHOM_CLIENT_SECRET_FILE is not read, because FATHOM_CLIENT_SECRET is set as well" },
        { ["FATHOM_CLIENT_SECRET=", "FATHOM_CLIENT_SECRET_FILE='/nowhere'"], "FATHOM_CLIENT_SECRET_FILE" },
        { ["ASPNETCORE_URLS=http://+:5000"], "ASPNETCORE_URLS is not read: PORT and PUBLIC_HOST say where the gateway listens" },
        { ["Logging:LogLevel:Default=Chatty"], "Logging__LogLevel__Default  is no log level: use Trace, Debug, Information" },
    };

    [Theory]
    [MemberData(nameof(SetUps))]
    public void A_start_prints_the_remedy_of_a_wrong_set_up(string[] variables, string expected)
    {
        var told = SettingsMessages.Of(variables.Select(one => one.Split('=', 2)).Select(pair => (pair[0], (string?)pair[1])));

        // Names stand in a column of their own where there are faults.
        Assert.True(Flat(told.Message).Contains(Flat(expected), StringComparison.Ordinal), told.Message);
    }

    /// <summary>What hosts, shells and images set, and what is right.</summary>
    [Theory]
    [InlineData("PATH=/bin", "HOME=/", "HOSTNAME=x", "LANG=C", "TZ=UTC", "NODE_ENV=production", "HOST=0.0.0.0", "SHLVL=1", "PWD=/")]
    [InlineData(
        "RENDER_SERVICE_ID=srv-1",
        "RENDER_SERVICE_NAME=x",
        "RENDER_EXTERNAL_HOSTNAME=x.onrender.com",
        "RENDER_GIT_BRANCH=main",
        "RENDER_INSTANCE_ID=1")]
    [InlineData(
        "ASPNETCORE_HTTP_PORTS=8080", "DOTNET_RUNNING_IN_CONTAINER=true", "DOTNET_VERSION=10.0.0", "ASPNET_VERSION=10.0.0",
        "APP_UID=1654", "DOTNET_gcServer=0")]
    [InlineData(
        "BACKEND_SERVICE_HOST=10.0.0.1",
        "BACKEND_PORT_80_TCP=x",
        "BACKEND_PORT=tcp://10.0.0.1:80",
        "KUBERNETES_SERVICE_HOST=10.0.0.1",
        "REDIS_SERVICE_PORT=6379")]
    [InlineData(
        "OTEL_SERVICE_NAMESPACE=x", "OTEL_EXPORTER_OTLP_PROTOCOL=grpc", "OTEL_RESOURCE_ATTRIBUTES=a=b", "RAILWAY_ENVIRONMENT=x",
        "FLY_REGION=x", "PRIMARY_REGION=x")]
    [InlineData(
        "FRONTEND_URL=capacitor://localhost", "CORS_ORIGINS=https://localhost,ionic://localhost,tauri://localhost,http://tauri.localhost")]
    [InlineData("FRONTEND_URL=https://app.example.com/#/", "BACKEND_URL=http://backend:3000", "VERIFY_USER_URL=http://10.0.0.1/me")]
    [InlineData("FRONTEND_URL=http://localhost:5173", "FRONTEND_RETURN_PATH=/#/dashboard", "BACKEND_URL=http://api.railway.internal:3000")]
    [InlineData("CORS_ORIGINS=https://deploy-preview-*--site.netlify.app,https://*.preview.example.com")]
    public void A_correct_set_up_prints_no_warning(params string[] variables)
    {
        var quiet = SettingsMessages.Of().Message;

        var changes = variables.Select(one => one.Split('=', 2)).Select(pair => (pair[0], (string?)pair[1]));
        Assert.Equal(quiet, SettingsMessages.Of(changes).Message);
    }

    private static string Flat(string text) => string.Join(' ', text.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
