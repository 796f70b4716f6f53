/** The look of the page: the system's fonts and colour scheme, from a narrow phone up. */
export const style = `
:root {
  color-scheme: light dark;
  --ground: light-dark(#f5f6f8, #0f1216);
  --surface: light-dark(#ffffff, #181c22);
  --line: light-dark(#dfe3e8, #2b323b);
  --text: light-dark(#15191e, #eceff3);
  --quiet: light-dark(#59636f, #9aa6b3);
  --link: light-dark(#0b57c2, #84b6ff);
  --good: light-dark(#17713c, #5fd08d);
  --bad: light-dark(#b3261e, #ff8f86);
  --warn: light-dark(#855200, #f2bb5c);
}
* { box-sizing: border-box; }
body {
  margin: 0 auto;
  max-width: 72rem;
  padding: clamp(1.25rem, 4vw, 3rem) clamp(1rem, 4vw, 2rem);
  background: var(--ground);
  color: var(--text);
  font: 1rem/1.5 system-ui, sans-serif;
}
h1 { margin: 0; font-size: clamp(1.4rem, 4vw, 1.9rem); letter-spacing: -0.02em; line-height: 1.2; }
h2 { margin: 0; font-size: 1.15rem; letter-spacing: -0.01em; }
p { margin: 0.25rem 0 0; }
a { color: var(--link); text-underline-offset: 0.2em; }
a:focus-visible { outline: 2px solid var(--link); outline-offset: 3px; border-radius: 2px; }
header { margin-bottom: clamp(1.25rem, 4vw, 2rem); }
.quiet, .summary { color: var(--quiet); }
.contexts {
  display: grid;
  grid-template-columns: repeat(auto-fit, minmax(min(100%, 19rem), 1fr));
  gap: 1rem;
  margin: 0;
  padding: 0;
  list-style: none;
}
.context {
  display: flex;
  flex-direction: column;
  gap: 0.75rem;
  padding: 1.25rem;
  border: 1px solid var(--line);
  border-radius: 12px;
  background: var(--surface);
}
.context > p { margin: 0; }
.title { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 0.25rem 0.75rem; }
.badge { display: inline-flex; align-items: center; gap: 0.45rem; color: var(--quiet); font-size: 0.9rem; font-weight: 600; }
.badge::before { content: ""; width: 0.6rem; height: 0.6rem; border: 2px solid currentColor; border-radius: 50%; }
.ok { color: var(--good); }
.degraded, .stopping { color: var(--warn); }
.unreachable, .down { color: var(--bad); }
.ok::before, .degraded::before, .stopping::before, .unreachable::before { background: currentColor; }
.degraded::before, .stopping::before { border-radius: 2px; }
.unreachable::before { border-radius: 0; rotate: 45deg; }
dl { display: grid; grid-template-columns: auto 1fr; gap: 0.35rem 1rem; margin: 0; padding-top: 0.75rem; border-top: 1px solid var(--line); font-size: 0.9rem; }
dt { color: var(--quiet); }
dd { margin: 0; text-align: right; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
.docs { margin-top: auto; font-size: 0.9rem; }
footer { margin-top: 1.5rem; font-size: 0.875rem; color: var(--quiet); }
[hidden] { display: none; }
`;
