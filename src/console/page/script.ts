/**
 * Keeps the page up to date. Runs in the browser, so it is text here, and its hash is in the page's policy.
 * Everything is set as text, never as HTML: what a context says of itself is not ours.
 */
export const script = String.raw`
const EVERY_MS = 3000;
const TIMEOUT_MS = 6000;
const WORDS = {
  ok: 'Running',
  degraded: 'Degraded',
  stopping: 'Stopping',
  not_running: 'Not running',
  unreachable: 'No answer',
};
const summary = document.querySelector('.summary');
const updated = document.querySelector('.updated');

const say = (element, text) => {
  if (element.textContent !== text) element.textContent = text;
};

const span = (seconds) => {
  if (seconds < 60) return seconds + ' s';
  if (seconds < 3600) return Math.floor(seconds / 60) + ' min';
  if (seconds < 86400) return Math.floor(seconds / 3600) + ' h ' + Math.floor((seconds % 3600) / 60) + ' min';
  return Math.floor(seconds / 86400) + ' d ' + Math.floor((seconds % 86400) / 3600) + ' h';
};

const facts = (context) => {
  const rows = [];
  if (context.version !== null) rows.push(['Version', context.version]);
  if (context.uptime_seconds !== null && context.status !== 'not_running') rows.push(['Up for', span(context.uptime_seconds)]);
  for (const [name, state] of Object.entries(context.dependencies)) {
    const well = state.status === 'ok';
    const detail = well ? (state.latency_ms === null ? '' : ', ' + state.latency_ms + ' ms') : state.error ? ': ' + state.error : '';
    rows.push([name[0].toUpperCase() + name.slice(1).replaceAll('_', ' '), (well ? 'OK' : 'Down') + detail, well ? '' : 'down']);
  }
  return rows;
};

const show = (card, context) => {
  const badge = card.querySelector('.badge');
  badge.className = 'badge ' + context.status;
  say(badge, WORDS[context.status] ?? context.status);
  const reason = card.querySelector('.reason');
  reason.hidden = context.reason === null;
  say(reason, context.reason ?? '');
  const list = card.querySelector('dl');
  const rows = facts(context);
  list.hidden = rows.length === 0;
  list.replaceChildren(
    ...rows.flatMap(([term, text, tone]) => {
      const dt = document.createElement('dt');
      const dd = document.createElement('dd');
      dt.textContent = term;
      dd.textContent = text;
      if (tone) dd.className = tone;
      return [dt, dd];
    }),
  );
  const docs = card.querySelector('.docs');
  docs.hidden = context.docs_url === null;
  if (context.docs_url !== null) docs.querySelector('a').href = context.docs_url;
};

const summarise = (contexts) => {
  const troubled = contexts.filter(({ status }) => status !== 'ok' && status !== 'not_running');
  const running = contexts.filter(({ status }) => status === 'ok');
  if (troubled.length > 0) return troubled.map(({ title }) => title).join(' and ') + (troubled.length > 1 ? ' need' : ' needs') + ' attention.';
  if (running.length === 0) return 'No context is running.';
  return running.length === contexts.length ? 'Everything is running.' : 'All that is switched on is running.';
};

const refresh = async () => {
  try {
    const reply = await fetch('/api/v1/contexts', { signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (!reply.ok) throw new Error(String(reply.status));
    const { contexts } = await reply.json();
    for (const context of contexts) {
      const card = document.getElementById(context.name);
      if (card !== null) show(card, context);
    }
    say(summary, summarise(contexts));
    say(updated, 'As of ' + new Date().toLocaleTimeString() + '.');
  } catch {
    say(summary, 'The console does not answer. What is shown may be old; trying again.');
  }
};

const loop = async () => {
  if (!document.hidden) await refresh();
  setTimeout(loop, EVERY_MS);
};
document.addEventListener('visibilitychange', () => {
  if (!document.hidden) void refresh();
});
void loop();
`;
