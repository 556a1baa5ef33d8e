using System.IO.Compression;
using System.Text;

namespace FathomGateway.Tests.Kit;

/// <summary>Scripts for a <see cref="RawServer"/>: the ways in which a response can be right, wrong, cut off or without end.</summary>
internal static class RawResponse
{
    private const string JsonHead = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";

    /// <summary>Exactly these bytes, and the connection stays open.</summary>
    public static Func<RawExchange, Task> Verbatim(string response) => Verbatim(Encoding.Latin1.GetBytes(response));

    public static Func<RawExchange, Task> Verbatim(byte[] response) => async exchange =>
    {
        await exchange.ReadRequestAsync();
        await exchange.SendAsync(response);
    };

    /// <summary>A well-framed 200 with this JSON, whatever it is.</summary>
    public static Func<RawExchange, Task> Json(string body) => Json(Encoding.UTF8.GetBytes(body));

    public static Func<RawExchange, Task> Json(byte[] body) =>
        Verbatim([.. Encoding.Latin1.GetBytes($"{JsonHead}Content-Length: {body.Length}\r\n\r\n"), .. body]);

    /// <summary>A well-framed 200 with this JSON, packed by gzip.</summary>
    public static Func<RawExchange, Task> Packed(string body)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(Encoding.UTF8.GetBytes(body));
        }

        return Verbatim([.. Encoding.Latin1.GetBytes(
            $"{JsonHead}Content-Encoding: gzip\r\nContent-Length: {packed.Length}\r\n\r\n"), .. packed.ToArray()]);
    }

    /// <summary>The request arrives, then the connection is reset.</summary>
    public static async Task ResetBeforeHeaders(RawExchange exchange)
    {
        await exchange.ReadRequestAsync();
        exchange.Reset();
    }

    /// <summary>The request arrives, then the connection ends in good order.</summary>
    public static async Task CloseBeforeHeaders(RawExchange exchange)
    {
        await exchange.ReadRequestAsync();
        exchange.Close();
    }

    /// <summary>The head of a success arrives, and the connection is reset in place of the body.</summary>
    public static async Task ResetAfterHeaders(RawExchange exchange)
    {
        await exchange.ReadRequestAsync();
        await exchange.SendAsync($"{JsonHead}Content-Length: 100\r\n\r\n");
        exchange.Reset();
    }

    /// <summary>More bytes are declared than come before the end.</summary>
    public static Func<RawExchange, Task> Truncated(string body) => async exchange =>
    {
        await exchange.ReadRequestAsync();
        await exchange.SendAsync($"{JsonHead}Content-Length: {body.Length + 10}\r\n\r\n{body}");
        exchange.Close();
    };

    /// <summary>A chunk whose size is no number.</summary>
    public static async Task BadChunking(RawExchange exchange)
    {
        await exchange.ReadRequestAsync();
        await exchange.SendAsync($"{JsonHead}Transfer-Encoding: chunked\r\n\r\n5\r\n{{\"a\":\r\nzz\r\n1}}\r\n0\r\n\r\n");
        exchange.Close();
    }

    /// <summary>A body of blanks that goes on until the client has had enough.</summary>
    public static async Task Endless(RawExchange exchange)
    {
        await exchange.ReadRequestAsync();
        await exchange.SendAsync($"{JsonHead}Transfer-Encoding: chunked\r\n\r\n");
        var chunk = Encoding.ASCII.GetBytes($"1000\r\n{new string(' ', 0x1000)}\r\n");
        while (true)
        {
            await exchange.SendAsync(chunk);
        }
    }

    /// <summary>The head, then one byte of the body at a time with a pause before each.</summary>
    public static Func<RawExchange, Task> Drip(string body, TimeSpan pause) => async exchange =>
    {
        await exchange.ReadRequestAsync();
        await exchange.SendAsync($"{JsonHead}Content-Length: {body.Length}\r\n\r\n");
        foreach (var letter in body)
        {
            await Task.Delay(pause, exchange.ServerEnds);
            await exchange.SendAsync($"{letter}");
        }
    };

    /// <summary>The request arrives and is never answered.</summary>
    public static async Task Silence(RawExchange exchange)
    {
        await exchange.ReadRequestAsync();
        await Task.Delay(Timeout.Infinite, exchange.ServerEnds);
    }
}
