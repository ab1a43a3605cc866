// Waiting for a condition instead of for a time.
import { setTimeout as pause } from 'node:timers/promises';

/** Asks until the answer is truthy and returns it; an answer that throws counts as "not yet". */
export async function until(what, ask, { timeout = 30_000, every = 50 } = {}) {
  const end = Date.now() + timeout;
  let last;
  for (;;) {
    try {
      const answer = await ask();
      if (answer) return answer;
      last = undefined;
    } catch (error) {
      last = error;
    }
    if (Date.now() > end) {
      throw new Error(`Waited ${timeout} ms in vain: ${what}${last ? ` (${last.message})` : ''}`, { cause: last });
    }
    await pause(every);
  }
}
