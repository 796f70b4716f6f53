import { setTimeout as sleep } from 'node:timers/promises';

/** Polls a condition until it holds. @throws after the deadline, with what `explain` has to say */
export async function until(
  condition: () => boolean | Promise<boolean>,
  deadlineMs = 10_000,
  explain: () => string = () => '',
): Promise<void> {
  const end = performance.now() + deadlineMs;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`Not within ${deadlineMs} ms. ${explain()}`);
    await sleep(25);
  }
}
