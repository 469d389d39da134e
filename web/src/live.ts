// What the service says has changed, as it changes (Server-Sent Events).
import { openLive } from './api';
import { type Stale, staleOf } from './stale';

/**
 * Tells what has changed as long as the page can be seen: a browser keeps few connections to one host, and a page in the background
 * must not hold one. When it is seen again, it hears what it missed. The browser itself comes back after a connection broke.
 */
export function listen(changed: (stale: Stale) => void): void {
  let last = '';
  let events: EventSource | null = null;
  const heard = (stale: (data: string) => Stale) => (event: MessageEvent<string>) => {
    last = event.lastEventId;
    changed(stale(event.data));
  };
  const follow = (): void => {
    if (document.hidden) {
      events?.close();
      events = null;
    } else if (!events) {
      events = openLive(last);
      events.addEventListener('layers', heard(staleOf));
      events.addEventListener('reset', heard(() => 'all'));
      // What changed between the reading of the layers and now.
      events.addEventListener('open', () => changed('if newer'));
    }
  };
  document.addEventListener('visibilitychange', follow);
  follow();
}
