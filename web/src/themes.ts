// The theme that is chosen: asks for its numbers, paints them, and asks again when they may have changed.
import type { Map } from 'maplibre-gl';
import { fetchStats } from './api';
import type { Design } from './design';
import { ThemePaint } from './map/theme';
import type { Stale } from './stale';
import { type Theme, concerns, isWhole, shadesOf } from './theme';
import type { StatsAnswer, StatsValue } from './types';
import type { ThemePanel } from './ui/theme';

export class Themes {
  chosen: Theme | null = null;
  private readonly paint: ThemePaint;
  private running: AbortController | null = null;
  /** Whether the numbers that are on their way may be out of date when they come. */
  private isBehind = false;
  private shown: { theme: Theme; answer: StatsAnswer; byCode: globalThis.Map<string, StatsValue> } | null = null;

  /** `paintLevel` is called with the level to be painted, empty for none. */
  constructor(
    private readonly map: Map,
    private readonly panel: ThemePanel,
    private readonly design: () => Design,
    private readonly paintLevel: (level: string) => void,
  ) {
    this.paint = new ThemePaint(map);
  }

  /** Chooses another theme, or none; one of which something is missing waits for it. */
  choose(theme: Theme | null): void {
    this.chosen = this.panel.choose(theme);
    if (this.chosen && isWhole(this.chosen)) void this.ask(this.chosen);
    else this.clear();
  }

  /** Asks again where the numbers may be others. What is on its way is waited for: edits may come faster than answers. */
  renew(stale: Stale): void {
    const theme = this.chosen;
    if (!theme || !isWhole(theme) || !concerns(stale, theme)) return;
    if (this.running) this.isBehind = true;
    else void this.ask(theme);
  }

  /** Takes the colours of another design. */
  dress(): void {
    if (this.shown) this.panel.legend(this.shown.answer, this.design());
  }

  /** What the grid at a point of the screen has. */
  at(point: { x: number; y: number }): { theme: Theme; answer: StatsAnswer; value: StatsValue } | null {
    const code = this.shown && this.paint.codeAt([point.x, point.y]);
    const value = code ? this.shown?.byCode.get(code) : undefined;
    return this.shown && value ? { theme: this.shown.theme, answer: this.shown.answer, value } : null;
  }

  private async ask(theme: Theme): Promise<void> {
    this.running?.abort();
    const running = new AbortController();
    this.running = running;
    this.isBehind = false;
    this.panel.wait();
    try {
      const answer = await fetchStats(theme, running.signal);
      if (running.signal.aborted) return;
      this.shown = { theme, answer, byCode: new globalThis.Map(answer.values.map((value) => [value.code ?? '', value])) };
      this.paint.show(theme.level, shadesOf(answer, this.design().theme.colors.length));
      this.paintLevel(theme.level);
      this.panel.legend(answer, this.design());
      this.map.triggerRepaint();
    } catch (error) {
      if (running.signal.aborted) return;
      this.clear();
      this.panel.fail(error);
    }
    this.running = null;
    if (this.isBehind) void this.ask(theme);
  }

  private clear(): void {
    this.running?.abort();
    this.running = null;
    this.shown = null;
    this.paint.clear();
    this.paintLevel('');
    this.panel.empty();
  }
}
