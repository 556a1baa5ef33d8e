using System.Collections.Concurrent;
using System.Text;

namespace FathomGateway.Tests.Sandbox;

/// <summary>A writer that keeps what was written and tells when the first line is there.</summary>
internal sealed class LineWriter : TextWriter
{
    private readonly TaskCompletionSource<string> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentQueue<string> _lines = [];

    public override Encoding Encoding => Encoding.UTF8;

    public Task<string> FirstLine => _first.Task;

    public IReadOnlyCollection<string> Lines => _lines;

    public override Task WriteLineAsync(string? value)
    {
        _lines.Enqueue(value ?? "");
        _first.TrySetResult(value ?? "");
        return Task.CompletedTask;
    }
}
