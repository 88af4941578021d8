/**
 * The slider and the buttons.
 *
 * @module
 */
import type { PageData } from "../data.ts";

interface Props {
  readonly data: PageData;
  readonly step: number;
  /** Where keys lead. */
  readonly moves: Readonly<Record<string, number>>;
  readonly go: (to: number) => void;
  readonly zoom: (factor: number) => void;
  /** Show the whole schedule. */
  readonly all: () => void;
}

/** What a point belongs to: `boot`, the schedule, or what comes after. */
function phase({ run }: PageData, step: number): string {
  return step < run[0] ? "boot" : step < run[1] ? "schedule" : "teardown";
}

export function Controls({ data, step, moves, go, zoom, all }: Props) {
  const last = data.points.length - 1;
  const button = (label: string, key: string, text: string) => (
    <button
      type="button"
      aria-label={label}
      aria-keyshortcuts={key}
      disabled={moves[key] === step}
      onClick={() => go(moves[key])}
    >
      {text}
    </button>
  );
  return (
    <div class="controls" role="group" aria-label="Steps">
      <label for="step">
        Step <output id="number">{step}</output> of {last} ({phase(data, step)})
      </label>
      <input
        id="step"
        type="range"
        min={0}
        max={last}
        value={step}
        onInput={(e) => go(Number(e.currentTarget.value))}
      />
      <div class="buttons">
        {button("Begin of the schedule", "Home", "|◀")}
        {button("Key point before", "p", "◀ key")}
        {button("Step back", "ArrowLeft", "◀")}
        {button("Step on", "ArrowRight", "▶")}
        {button("Next key point", "n", "key ▶")}
        {button("End of the schedule", "End", "▶|")}
        <button type="button" aria-label="Zoom in" onClick={() => zoom(0.5)}>+</button>
        <button type="button" aria-label="Zoom out" onClick={() => zoom(2)}>−</button>
        <button type="button" aria-label="Zoom to the schedule" onClick={all}>all</button>
      </div>
      <p class="hint">
        Keys: ← → step, <kbd>p</kbd> <kbd>n</kbd> key points, <kbd>Home</kbd> <kbd>End</kbd>,{" "}
        <kbd>+</kbd> <kbd>-</kbd> <kbd>0</kbd> zoom
      </p>
    </div>
  );
}
