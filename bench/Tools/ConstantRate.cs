using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text;

namespace FathomGateway.Bench;

/// <summary>
/// Sends requests at moments fixed in advance, whether or not earlier answers have arrived (an open loop), and measures from the moment at
/// which a request was due, not from the one at which it was sent. So a stall counts for every request that was due during it. A load
/// generator that waits for answers does not see these requests (coordinated omission). A request that finds no connection free waits its
/// turn.
/// </summary>
internal sealed class ConstantRate : IDisposable
{
    /// <summary>The first requests count for no percentile, because connections and this program's code are still cold.</summary>
    private const double LeadInSeconds = 0.3;

    /// <summary>How long the last answers may take. Requests without one by then count as errors.</summary>
    private const long TimeoutNanoseconds = 10_000_000_000;

    private readonly byte[] _message;
    private readonly int _port;
    private readonly double _interval;
    private readonly int _leadIn;
    private readonly Epoll _epoll;
    private readonly RateConnection[] _connections;
    private readonly Queue<int> _idle;
    private readonly long[] _latencies;
    private readonly long[] _delays;
    private int _answered, _failed;
    private long _started, _lastAnswer;

    private ConstantRate(Uri address, int rate, double seconds, int connections)
    {
        _message = Encoding.ASCII.GetBytes($"GET {address.PathAndQuery} HTTP/1.1\r\nHost: {address.Authority}\r\n\r\n");
        _port = address.Port;
        _interval = 1e9 / rate;
        _leadIn = (int)(rate * LeadInSeconds);
        _latencies = new long[_leadIn + (int)(rate * seconds)];
        _delays = new long[_latencies.Length];
        _epoll = new Epoll(connections);
        _connections = new RateConnection[connections];
        _idle = new Queue<int>(connections);
        for (var index = 0; index < connections; _idle.Enqueue(index++)) Connect(index);
    }

    /// <summary>
    /// Prints what wrk's script does, for the same reader: requests that were answered, microseconds that they took, p50, p99 and p99.9 of
    /// the latency in microseconds, errors; and the p99 of how late requests were sent.
    /// </summary>
    public static int Run(string url, int rate, double seconds, int connections)
    {
        using var load = new ConstantRate(new Uri(url), rate, seconds, connections);
        load.Ask();
        var latencies = new Percentiles(load._latencies.Skip(load._leadIn));
        var delays = new Percentiles(load._delays.Skip(load._leadIn));
        Console.WriteLine(
            $"RESULT {load._answered} {(load._lastAnswer - load._started) / 1000} {latencies[50]} {latencies[99]} {latencies[99.9]} " +
            $"{load._failed} {delays[99]}");
        return 0;
    }

    public void Dispose()
    {
        foreach (var connection in _connections) connection.Dispose();
        _epoll.Dispose();
    }

    /// <summary>The whole run. It allocates nothing, so that no collection of garbage delays a request.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Ask()
    {
        var next = 0;
        _started = Now();
        var end = _started + (long)(_latencies.Length * _interval) + TimeoutNanoseconds;
        while (_answered + _failed < _latencies.Length)
        {
            var now = Now();
            if (now > end) break;
            while (next < _latencies.Length && Due(next) <= now && _idle.TryDequeue(out var index)) Send(index, next++);
            var wake = next < _latencies.Length && _idle.Count > 0 ? Due(next) : end;
            var readable = _epoll.Wait(Math.Max(0, wake - Now()));
            for (var one = 0; one < readable; one++) Receive(_epoll.Tag(one));
        }

        if (_answered == 0) _lastAnswer = Now();

        // Those that were never answered took at least until now.
        foreach (ref var latency in _latencies.AsSpan()) if (latency == 0) latency = TimeoutNanoseconds;
        _failed = _latencies.Length - _answered;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Send(int index, int request)
    {
        _delays[request] = Now() - Due(request);
        if (!_connections[index].Send(_message, request)) Fail(index);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Receive(int index)
    {
        var connection = _connections[index];
        if (!connection.Busy)
        {
            // The contender has closed an idle connection.
            Reconnect(index);
            return;
        }

        switch (connection.Receive())
        {
            case RateConnection.State.Answered:
                _lastAnswer = Now();
                _latencies[connection.Request] = _lastAnswer - Due(connection.Request);
                _answered++;
                _idle.Enqueue(index);
                break;
            case RateConnection.State.Failed:
                Fail(index);
                break;
        }
    }

    /// <summary>The request is an error, and its connection is made anew.</summary>
    private void Fail(int index)
    {
        _failed++;
        Reconnect(index);
        _idle.Enqueue(index);
    }

    private void Reconnect(int index)
    {
        _connections[index].Dispose();
        Connect(index);
    }

    private void Connect(int index)
    {
        _connections[index] = new RateConnection(_port);
        _epoll.Watch(_connections[index].Handle, index);
    }

    private long Due(int request) => _started + (long)(request * _interval);

    /// <summary>The stopwatch counts nanoseconds on Linux.</summary>
    private static long Now() => Stopwatch.GetTimestamp();
}
