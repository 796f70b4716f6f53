import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { chromium, type Browser, type Page } from 'playwright-core';
import { z } from 'zod';
import { healthy, startConsole, startUpstream, type RunningConsole, type Upstream } from '../../support/console-app.js';

const executablePath = process.env.TEST_CHROMIUM;
const sizes = [
  { width: 360, height: 800 },
  { width: 1280, height: 900 },
];
const down = { database: { status: 'down', latency_ms: 4, error: `connect ECONNREFUSED ${'<b>db</b>.'.repeat(20)}` } };

/** Left out where there is no browser; the end of the run says so. */
const describeInBrowser = executablePath === undefined ? describe.skip : describe;

describeInBrowser("the console's page", () => {
  let browser: Browser;
  let running: RunningConsole;
  let cerebra: Upstream;
  let aegis: Upstream;
  const problems: string[] = [];

  beforeAll(async () => {
    cerebra = await startUpstream(healthy({ dependencies: { jobs: { status: 'ok', latency_ms: 2 } } }));
    aegis = await startUpstream(healthy({ status: 'degraded', reason: 'Its heap was full.', dependencies: down }, 503));
    running = await startConsole({ cerebra: cerebra.url, aegis: aegis.url });
    const args = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-sync'];
    const quiet = ['--disable-background-networking', '--disable-component-update'];
    browser = await chromium.launch({ executablePath, args: [...args, ...quiet] });
  });
  afterAll(async () => {
    await browser.close();
    await running.app.close();
    await Promise.all([cerebra.stop(), aegis.stop()]);
  });
  beforeEach(() => void problems.splice(0));

  const visit = async (options: Parameters<Browser['newPage']>[0] = {}): Promise<Page> => {
    const page = await browser.newPage(options);
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') problems.push(message.text());
    });
    page.on('pageerror', (error) => problems.push(error.message));
    await page.goto(running.url);
    await page.getByText('Running', { exact: true }).waitFor();
    return page;
  };

  it('shows each context as it is, as text and without an error in the browser', async () => {
    const page = await visit();
    expect(await page.locator('#cerebra').innerText()).toMatch(/Running[\s\S]*1\.2\.3[\s\S]*1 h 2 min[\s\S]*2 ms/);
    expect(await page.locator('#economist').innerText()).toContain('Not running');
    expect(await page.locator('#aegis').innerText()).toMatch(
      /Degraded[\s\S]*heap was full[\s\S]*Down[\s\S]*<b>db<\/b>/,
    );
    expect(await page.getByRole('status').innerText()).toBe('Aegis needs attention.');
    expect(await page.getByRole('link', { name: 'Cerebra API documentation' }).getAttribute('href')).toBe(
      `${cerebra.url}/docs`,
    );
    expect(problems).toEqual([]);
    await page.close();
  });

  it('notices by itself when a context goes and when it comes back', async () => {
    const page = await visit();
    const port = Number(new URL(cerebra.url).port);
    await cerebra.stop();
    await page.locator('#cerebra').getByText('Not running').waitFor();
    cerebra = await startUpstream(healthy(), port);
    await page.locator('#cerebra').getByText('Running', { exact: true }).waitFor();
    await page.close();
  });

  it.each(sizes)('needs no sideways scrolling at $width px', async (viewport) => {
    const page = await visit({ viewport });
    const overflow = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
    expect(overflow).toBe(0);
    await page.close();
  });

  it.each(['light', 'dark'] as const)(
    'has text that can be read on its ground in the %s scheme (WCAG AA)',
    async (scheme) => {
      const page = await visit({ colorScheme: scheme });
      const ratios = Object.entries(z.record(z.string(), z.number()).parse(await page.evaluate(contrasts)));
      expect(ratios.length).toBeGreaterThan(5);
      expect(ratios.filter(([, ratio]) => ratio < 4.5)).toEqual([]);
      await page.close();
    },
  );

  it('lets nothing run or load that does not stand in it', async () => {
    const reply = await fetch(running.url);
    expect(reply.headers.get('content-security-policy')).toMatch(/^default-src 'none'; script-src 'sha256-/);
    expect(reply.headers.get('x-content-type-options')).toBe('nosniff');
    const page = await visit();
    await page.evaluate(
      "document.body.append(Object.assign(document.createElement('script'), { text: 'window.ran = 1' }))",
    );
    expect(await page.evaluate('window.ran')).toBeUndefined();
    await page.close();
  });
});

/** Runs in the browser: the first words of each text → contrast with the ground behind it. */
const contrasts = `(() => {
  const luminance = (colour) => {
    const [r, g, b] = colour.match(/[\\d.]+/g).map((part) => part / 255).map((part) =>
      part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if (!colour.endsWith(', 0)')) return colour;
    }
    return getComputedStyle(document.documentElement).colorScheme;
  };
  const shown = [...document.querySelectorAll('h1, h2, p, dt, dd, .badge, a, footer')].filter((e) => e.checkVisibility() && e.textContent.trim());
  return Object.fromEntries(shown.map((element) => {
    const pair = [luminance(getComputedStyle(element).color), luminance(ground(element))].sort((a, b) => b - a);
    return [element.textContent.trim().slice(0, 30), (pair[0] + 0.05) / (pair[1] + 0.05)];
  }));
})()`;
