using FathomGateway.Sandbox.Hosting;
using FathomGateway.Sandbox.Provider;

namespace FathomGateway.Sandbox.Show;

/// <summary>What the page of the show asks for. Nothing like it exists outside a sandbox.</summary>
internal static class ShowEndpoints
{
    /// <summary><c>GET /sandbox/hops?after=</c>, <c>DELETE /sandbox/hops</c> and <c>POST /sandbox/fault?kind=</c>, and the page's files.</summary>
    public static void MapShow(this IEndpointRouteBuilder app, Watch watch, Faults faults)
    {
        app.MapGet("/sandbox/hops", async (int after) =>
        {
            var sight = await watch.LookAsync();
            return Results.Json(new
            {
                Fault = faults.Standing.ToString(),
                Hops = watch.Hops.After(after),
                States = sight.States?.Select(state => new { state.Key, Left = (long)state.Left.TotalMilliseconds }),
                sight.Rows,
            });
        });
        app.MapDelete("/sandbox/hops", () =>
        {
            watch.Hops.Clear();
            return Results.NoContent();
        });
        app.MapPost("/sandbox/fault", (Fault kind) =>
        {
            faults.Standing = kind;
            return Results.NoContent();
        });
        app.MapFiles("Frontend/Pages", "show.css", "hops.css", "show.js", "show-hops.js", "show-stores.js", "show-faults.js");
    }
}
