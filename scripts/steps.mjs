/** How long something took, in words: `0.9 s`, `27 s`, `3 min 12 s`. */
export function duration(milliseconds) {
  const seconds = milliseconds / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/**
 * A step that did not work out. `output` is what its command printed, to be shown in full; `shown`
 * says that this was done.
 */
export class StepFailed extends Error {
  constructor(message, output = '') {
    super(message);
    this.name = 'StepFailed';
    this.output = output;
    this.shown = false;
  }
}

/**
 * Does one step of a longer piece of work and prints one line about it, `Label … result, time`.
 * `work` gives the result in words, or nothing. On a terminal the time counts up meanwhile.
 * A failure is printed with its output and thrown again.
 *
 * @param {string} label
 * @param {() => Promise<string | void>} work
 * @param {{ isTTY?: boolean, write(text: string): unknown }} out
 */
export async function step(label, work, out = process.stdout) {
  const started = performance.now();
  const time = () => duration(performance.now() - started);
  const show = (text) => out.write(out.isTTY ? `\r\u001b[K${label} … ${text}` : text);
  out.write(`${label} … `);
  const ticking = out.isTTY ? setInterval(() => show(time()), 1000) : undefined;
  try {
    const result = await work();
    clearInterval(ticking);
    show(`${result === undefined ? '' : `${result}, `}${time()}\n`);
  } catch (error) {
    clearInterval(ticking);
    show(`${error.message}, ${time()}\n`);
    if (error.output) out.write(`${error.output.trimEnd()}\n`);
    error.shown = true;
    throw error;
  }
}

/** Runs a whole script: a failed step ends it with exit code 1, its message shown once. */
export async function script(work) {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error;
    if (!error.shown) console.error(error.message);
    process.exitCode = 1;
  }
}
