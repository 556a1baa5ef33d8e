using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using FathomGateway.Sandbox.Backend;
using FathomGateway.Sandbox.Provider;

namespace FathomGateway.Sandbox.Show;

/// <summary>The server-sent events for the pages: the whole state at each change.</summary>
internal sealed class LiveUpdates(Watch watch, Faults faults, EventReceiver receiver, GatewayLists lists)
{
    /// <summary>Pause between two readings of the stores, which do not announce changes. A hop is sent at once.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(400);

    /// <summary>The current state, then each that differs from the one before it. The id of each is the number of its last hop.</summary>
    /// <param name="after">Hops up to this number are known to the page.</param>
    public async IAsyncEnumerable<SseItem<string>> FollowAsync(int after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var shown = "";
        while (!cancellation.IsCancellationRequested)
        {
            var changed = watch.Hops.NextAsync();
            var snapshot = await watch.RefreshAsync();
            var state = JsonSerializer.Serialize(await DescribeAsync(snapshot, cancellation), JsonSerializerOptions.Web);
            var hops = watch.Hops.After(after);
            if (hops.Count > 0 || state != shown)
            {
                after = hops.Count > 0 ? hops[^1].Number : after;
                shown = state;
                var news = JsonSerializer.Serialize(hops, JsonSerializerOptions.Web);
                yield return new SseItem<string>($$"""{"hops":{{news}},"now":{{state}}}""") { EventId = $"{after}" };
            }

            await Task.WhenAny(changed, Task.Delay(Pause, cancellation));
        }
    }

    private async Task<object> DescribeAsync(StoreSnapshot snapshot, CancellationToken cancellation)
    {
        var (entries, connections) = (await lists.EventsAsync(cancellation), await lists.ConnectionsAsync(cancellation));
        var tries = receiver.Tries.ToLookup(one => one.EventId);
        return new
        {
            Fault = faults.Current.ToString(),
            Receiver = receiver.Mode.ToString(),
            receiver.SecretIsChanged,
            ReceiverIsOwn = receiver.IsOwn,
            States = snapshot.States?.Select(state => new { state.Key, Left = (long)state.Left.TotalMilliseconds }),
            snapshot.Rows,
            Events = entries?.Select(entry => ShownEvent.Of(entry, tries)),
            Connections = connections,
        };
    }
}
