using FathomGateway.Sandbox.Hosting;
using FathomGateway.Sandbox.Provider;

namespace FathomGateway.Sandbox.Show;

/// <summary>What the page of the show asks for. Nothing like it exists outside a sandbox.</summary>
internal static class ShowEndpoints
{
    /// <summary><c>GET /sandbox/hops?after=</c> and <c>POST /sandbox/fault?kind=</c>, and the page's files.</summary>
    public static void MapShow(this IEndpointRouteBuilder app, Hops hops, Faults faults)
    {
        app.MapGet("/sandbox/hops", (int after) => Results.Json(new { Fault = faults.Standing.ToString(), Hops = hops.After(after) }));
        app.MapPost("/sandbox/fault", (Fault kind) =>
        {
            faults.Standing = kind;
            return Results.NoContent();
        });
        app.MapFiles("Frontend/Pages", "show.css", "show.js", "show-row.js", "show-faults.js");
    }
}
