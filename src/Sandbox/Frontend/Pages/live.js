// Follows the sandbox by server-sent events. The browser connects again by itself when the stream breaks off.
let source = null;
let last = 0;

/** `onScene` gets {hops, now} at each change, `onGone` whether the sandbox has gone. */
export function follow(onScene, onGone = () => {}) {
  const open = () => {
    source = new EventSource("/sandbox/live");
    source.onmessage = ({ data }) => {
      const { hops, now } = JSON.parse(data);
      const news = hops.filter(hop => hop.number > last);
      last = hops.at(-1)?.number ?? last;
      onGone(false);
      onScene({ hops: news, now });
    };
    source.onerror = () => onGone(true);
  };
  open();
  addEventListener("pagehide", () => source.close());
  addEventListener("pageshow", event => {
    if (event.persisted) open();
  });
}
