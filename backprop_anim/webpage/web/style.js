/** How the element looks; colours come from the theme as custom properties of its root. */

export const STYLE = `
:host { display: block; }
[hidden] { display: none !important; }
* { box-sizing: border-box; }
.page { font: 16px/1.4 Film, "Source Sans 3", "Source Sans Pro", system-ui, sans-serif; color: var(--ink);
  background: var(--background); padding: 24px 40px 20px; min-height: inherit; font-variant-numeric: lining-nums; }
.inside { max-width: 1400px; margin: 0 auto; }
header { display: flex; justify-content: space-between; gap: 24px; align-items: baseline; }
h1 { font-size: 30px; line-height: 1.15; margin: 0; }
h2 { font-size: 20px; line-height: 1.25; margin: 14px 0 4px; }
p { margin: 0; }
.subtitle, .measure { color: var(--muted); font-size: 17px; }
.now { text-align: right; flex: none; }
.now b { font-size: 30px; line-height: 1.15; margin-left: 8px; font-variant-numeric: tabular-nums; }
.now .word { color: var(--muted); font-size: 17px; }
.measure { font-variant-numeric: tabular-nums; }
main { display: grid; grid-template-columns: minmax(300px, 1.25fr) minmax(300px, 1.25fr) minmax(290px, 1fr); gap: 28px; margin-top: 10px; }
section { min-width: 0; position: relative; }
.view > canvas, .stack { display: block; width: 100%; height: clamp(330px, 52vh, 520px); touch-action: none; }
.stack { position: relative; }
.stack canvas, .stack svg { position: absolute; inset: 0; width: 100%; height: 100%; }
.stack canvas { touch-action: auto; }
.hint { color: var(--muted); font-size: 15px; min-height: 1.4em; }
.hint input { width: 6.5em; background: none; border: 1.5px solid var(--faint); border-radius: 9px; padding: 1px 8px; color: var(--ink); }
.hint select { margin-left: 8px; max-width: 16em; }
.network > .hint { font-size: 14px; height: 2.8em; overflow: hidden; white-space: pre-line; }
.edge { fill: none; pointer-events: none; }
.grip { stroke: transparent; stroke-width: 12; cursor: pointer; outline: none; }
.grip:hover, .grip:focus-visible { stroke: var(--ink); stroke-opacity: 0.16; }
.rim { fill: transparent; cursor: pointer; }
.rim:hover { stroke: var(--ink); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.pulse { stroke-width: 2; pointer-events: none; }
svg text { font-size: 14px; fill: var(--ink); text-anchor: middle; pointer-events: none; }
svg .head, svg .name { fill: var(--muted); font-size: 15px; }
svg .name { text-anchor: start; }
svg .before { text-anchor: end; }
svg .value, svg .delta, svg .weight { font-weight: 700; paint-order: stroke; stroke: var(--background); stroke-width: 4px; stroke-linejoin: round; }
svg .delta { fill: var(--accent); }
.phases { display: flex; flex-wrap: wrap; gap: 6px; }
button, select, input { font: inherit; color: inherit; }
button { background: none; border: 1.5px solid var(--faint); border-radius: 9px; padding: 6px 14px; font-weight: 700; cursor: pointer; min-height: 36px; }
button:hover { border-color: var(--ink); }
button:disabled { opacity: 0.45; cursor: default; }
button.main { background: var(--ink); border-color: var(--ink); color: var(--background); }
.phase { border-radius: 18px; padding: 3px 11px; font-size: 15px; min-height: 32px; color: var(--muted); }
.phase.done { color: var(--accent); border-color: var(--accent); }
.phase[aria-pressed="true"] { background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
.told, .said { color: var(--muted); }
.told { white-space: pre-line; }
.formulas { overflow-x: auto; margin: 8px 0; }
math { font-size: var(--formula, 18px); margin: 7px 0; text-align: left; }
math[display="block"] { display: block math; min-height: 1.2em; }
mtext { font-family: Film, sans-serif; font-size: 90%; }
msub > mtext { font-size: 70%; }
.plus { color: var(--positive); }
.minus { color: var(--negative); }
.error { color: var(--accent); }
.looked { background: color-mix(in srgb, var(--accent) 18%, transparent); border-radius: 4px; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
caption, thead th { color: var(--muted); font-weight: 400; font-size: 15px; text-align: right; }
caption { text-align: left; padding-bottom: 2px; }
th[scope="row"] { text-align: left; font-weight: 400; }
td { text-align: right; padding: 2px 0 2px 8px; }
.changes table { table-layout: fixed; }
.changes thead > tr > * { width: 21.5%; }
.changes thead > tr > :first-child { width: 35.5%; }
.changes tbody th { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.changes td.plus, .changes td.minus { font-weight: 700; }
.changes { border-top: 1px solid var(--hairline); margin-top: 8px; padding-top: 8px; }
.parts { display: block; width: 100%; height: clamp(180px, 34vh, 330px); margin-top: 8px; }
.rows { overflow: auto; max-height: 520px; }
.rows th, .rows td { padding: 6px 8px; border-bottom: 1px solid var(--hairline); }
.rows .told { font-weight: 700; color: var(--ink); }
.bar { display: inline-block; height: 4px; background: var(--accent); margin-right: 8px; vertical-align: middle; }
.time { display: grid; grid-template-columns: 88px 1fr; align-items: start; margin-top: 6px; }
.play { width: 52px; height: 52px; border-radius: 50%; padding: 0; background: var(--ink); border-color: var(--ink); margin: 50px 0 0; }
.play svg { width: 22px; height: 22px; fill: var(--background); display: block; margin: auto; }
.transport { display: grid; justify-items: center; width: 60px; }
.speed { border: 0; padding: 2px 4px; min-height: 28px; color: var(--muted); font-size: 15px; }
.line { position: relative; height: 124px; }
.line canvas { width: 100%; height: 124px; display: block; }
.line input { position: absolute; left: 0; right: 0; top: 74px; width: 100%; height: 36px; margin: 0; opacity: 0; cursor: pointer; }
.line:has(input:focus-visible) { outline: 2px solid var(--accent); border-radius: 6px; }
footer { display: flex; flex-wrap: wrap; gap: 10px 3px; align-items: center; border-top: 1px solid var(--hairline); margin-top: 4px; padding-top: 14px; }
.group { display: flex; gap: 8px; align-items: center; }
label { display: grid; gap: 2px; font-size: 15px; color: var(--muted); }
label .row { display: flex; justify-content: space-between; gap: 4px; }
label output { color: var(--ink); font-weight: 700; }
.control { position: relative; padding-right: 20px; }
footer .group { margin-right: 8px; }
footer .main { min-width: 140px; }
.control .back { position: absolute; right: 0; bottom: 2px; border: 0; padding: 0; width: 20px; min-height: 26px; color: var(--accent); }
footer label:has(input[type="range"]) { width: 98px; }
footer > :nth-last-child(2) select { max-width: 108px; }
footer .box label:has(input[type="range"]) { width: 190px; }
footer input[type="range"] { width: 100%; height: 24px; margin: 0; accent-color: var(--ink); }
select { max-width: 93px; background: var(--background); border: 0; font-weight: 700; color: var(--ink); padding: 4px 0; min-height: 30px; cursor: pointer; }
.stepper { display: flex; align-items: center; gap: 5px; color: var(--ink); font-weight: 700; }
.stepper span { min-width: 42px; text-align: center; }
.stepper button { padding: 0; width: 30px; min-height: 30px; }
.penalties { position: relative; border: 0; padding: 0; font-size: 15px; }
.penalties summary { display: grid; gap: 2px; padding: 0; font-weight: 400; list-style: none; }
.penalties summary::-webkit-details-marker { display: none; }
.penalties b { color: var(--ink); min-height: 30px; padding: 4px 0; min-width: 52px; }
.penalties b::after { content: " ▾"; }
.penalties b.changed { color: var(--accent); }
.penalties .box { position: absolute; z-index: 1; right: 0; bottom: calc(100% + 8px); padding: 12px 8px 10px 16px; display: grid; gap: 10px;
  background: var(--surface); border: 1px solid var(--faint); border-radius: 12px; }
.links { display: flex; flex-wrap: wrap; gap: 0 16px; }
.links button { border: 0; padding: 6px 2px; color: var(--muted); text-decoration: underline; text-underline-offset: 3px; }
.foot { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: center; gap: 0 24px; }
.note { color: var(--muted); font-size: 15px; min-height: 1.4em; flex: 1 1 300px; }
.more { margin-top: 4px; }
main .view > h2 { font-size: 16px; color: var(--muted); margin: 0 0 4px; }
details { border-top: 1px solid var(--hairline); padding: 8px 0; }
summary { cursor: pointer; color: var(--muted); font-weight: 700; padding: 4px 0; }
textarea { width: 100%; background: var(--background); color: var(--ink); border: 1px solid var(--faint); border-radius: 8px; padding: 8px; font: 14px/1.4 ui-monospace, monospace; }
.classes { display: inline-flex; flex-wrap: wrap; gap: 6px; margin-left: 6px; }
.classes button { padding: 1px 9px; min-height: 28px; border-radius: 14px; font-size: 14px; }
.classes button[aria-pressed="true"] { border-color: var(--ink); }
canvas { user-select: none; }
:host([embed]) .page { padding-top: 12px; padding-bottom: 8px; }
:host([embed]) footer, :host([embed]) .links, :host([embed]) .more { display: none; }
:host([embed]:hover) :is(footer, .links), :host([embed]:focus-within) :is(footer, .links) { display: flex; }
dialog { background: var(--surface); color: var(--ink); border: 1px solid var(--hairline); border-radius: 12px; padding: 20px 24px; max-width: min(720px, 92vw); }
dialog .group { margin-top: 14px; flex-wrap: wrap; }
dialog :is(input, textarea) { outline-offset: 1px; }
dialog pre { overflow: auto; max-height: 60vh; font-size: 14px; }
dialog::backdrop { background: rgb(0 0 0 / 0.35); }
kbd { font: inherit; font-weight: 700; }
@media (min-width: 1081px) {
  .page { padding-top: 20px; padding-bottom: 12px; }
  main { height: clamp(350px, calc(100vh - 338px), 600px); }
  main > section { display: flex; flex-direction: column; min-height: 0; }
  main > .view > :is(canvas, .stack) { flex: 1 1 0; height: auto; min-height: 0; }
  main > .view > .rows { flex: 1 1 0; max-height: none; }
  .story { overflow-y: auto; scrollbar-width: thin; }
  .story.cut { mask-image: linear-gradient(#000 calc(100% - 40px), transparent); }
  .story > * { flex: none; }
  .adding { flex: 1 0 180px; display: flex; flex-direction: column; }
  .adding .parts { flex: 1 1 0; height: auto; min-height: 0; }
  main.grid { grid-template: var(--areas); grid-template-columns: repeat(var(--columns), minmax(0, 1fr));
    grid-auto-rows: minmax(0, 1fr); height: calc(var(--rows) * clamp(300px, (100vh - 338px) / var(--rows), 600px)); }
}
@media (min-width: 1081px) and (max-height: 800px) {
  .story { font-size: 15px; line-height: 1.3; }
  .story h2 { margin: 12px 0 3px; font-size: 18px; line-height: 1.2; }
  .story .formulas { margin: 2px 0; }
  .story math { margin: 5px 0; }
  .story td { padding-top: 0; padding-bottom: 0; }
  .story .said { font-size: 14px; }
  .changes { margin-top: 4px; padding-top: 4px; }
  .story.tight h2 { margin: 6px 0 2px; }
  .tight .phase { min-height: 30px; padding-block: 2px; }
  .tight .changes { margin-top: 1px; }
  .tight math { margin: 2px 0; }
  .tight math[display="block"] { min-height: 1.1em; }
  .tight :is(td, th) { padding-top: 0; padding-bottom: 0; }
  .tight :is(table, .said, caption, thead th) { font-size: 14px; line-height: 1.2; }
}
@media (max-width: 1080px) {
  .penalties[open] { flex: 1 0 100%; }
  .penalties .box { position: static; margin-top: 8px; width: fit-content; }
  .inside { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); column-gap: 28px; }
  .inside > * { grid-column: 1 / -1; order: 4; }
  header { order: 0 !important; }
  main { display: contents; }
  main > section { grid-area: auto !important; order: 1; margin-top: 10px; }
  .time { order: 2 !important; }
  main > :nth-child(n + 3) { order: 3; }
  main > :only-child { grid-column: 1 / -1 !important; }
  .story { grid-column: 1 / -1 !important; }
  .view > canvas, .stack { height: clamp(230px, 52vh, 520px); }
}
@media (min-width: 721px) and (max-width: 1080px) {
  .story { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); column-gap: 28px; align-items: start; grid-template-rows: auto auto auto 1fr; }
  .story:not(:has(> .changes:not([hidden]))):not(:has(> .adding:not([hidden]))) { display: block; }
  .story > * { grid-column: 1; }
  .story > .phases { grid-column: 1 / -1; }
  .story > :is(.changes, .adding) { grid-area: 2 / 2 / span 3; }
  .changes { border: 0; padding-top: 0; }
  :host([embed]) .view > canvas, :host([embed]) .stack { height: clamp(140px, calc(100vh - 250px), 520px); }
}
@media (max-width: 720px) {
  .page { padding: 16px 16px 28px; }
  header { display: block; } .now { text-align: left; margin-top: 6px; }
  h1, .now b { font-size: 24px; }
  .inside { grid-template-columns: minmax(0, 1fr); }
  main > :nth-child(n + 2) { order: 3; }
  .view > canvas, .stack { height: clamp(280px, 92vw, 400px); }
  .time { grid-template-columns: 64px 1fr; }
  :host([embed]) .now { margin-top: 0; }
  :host([embed]) .view > canvas, :host([embed]) .stack { height: clamp(200px, calc(100vh - 330px), 400px); }
}
@media (max-width: 720px), (max-height: 520px) { :host([embed]) .subtitle { display: none; } }
@media (max-width: 720px), (pointer: coarse) {
  button, select, summary, .phase, .speed, .stepper button, .classes button, .links button, footer input[type="range"] { min-height: 42px; }
  button, .control .back { min-width: 42px; min-height: 42px; }
  .phase { border-radius: 21px; }
  .classes button { border-radius: 21px; padding-inline: 14px; }
  .control { padding-right: 44px; }
  .stepper button { width: 42px; }
  .line input { top: 70px; height: 44px; }
  summary { padding-block: 10px; }
}
@media print {
  footer, .foot, .transport, .phases, .hint, .more, dialog { display: none; }
  .page { padding: 12mm; }
  .time { grid-template-columns: 1fr; }
  section { break-inside: avoid; }
}
`;
