// Builds the page's style sheet, scripts, fonts and licences into netzraum_gateway/static, under names that
// change with the content. manifest.json maps the plain names to those.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';
import * as sass from 'sass';
import subsetFont from 'subset-font';

const assets = dirname(fileURLToPath(import.meta.url));
const gateway = join(assets, '..', 'netzraum_gateway');
const target = join(gateway, 'static');
const modules = join(assets, 'node_modules');
const manifest = {};

function write(name, content) {
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 10);
  const end = extname(name);
  manifest[name] = `${name.slice(0, name.length - end.length)}.${hash}${end}`;
  writeFileSync(join(target, manifest[name]), content);
  return manifest[name];
}

// Icons are named in templates as icon("name") or icon="name", and in the label tables likewise.
function iconNames() {
  const sources = readdirSync(gateway, { recursive: true })
    .filter((name) => name.endsWith('.html') || basename(name) === 'labels.py')
    .map((name) => readFileSync(join(gateway, name), 'utf8')).join('\n');
  return [...new Set([...sources.matchAll(/icon\s*[(=]\s*["']([a-z0-9_]+)["']/g)].map((hit) => hit[1]))].sort();
}

// Material Symbols as masks: an icon takes the colour of the text around it, and needs no inline style.
function iconRules() {
  return iconNames().map((name) => {
    const svg = readFileSync(join(modules, '@material-symbols/svg-400/outlined', `${name}.svg`), 'utf8');
    const view = svg.match(/viewBox="([^"]+)"/)[1];
    const paths = [...svg.matchAll(/ d="([^"]+)"/g)].map((hit) => `%3Cpath d='${hit[1]}'/%3E`).join('');
    const image = `%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='${view}'%3E${paths}%3C/svg%3E`;
    return `.nr-i--${name}{--nr-i:url("data:image/svg+xml,${image}")}`;
  }).join('\n');
}

// Latin, and in a second file, which the browser takes only for a page that shows such letters, the other letters of
// European names, cut out of a file three times as large.
const LATIN = 'U+0000-00FF,U+0131,U+0152-0153,U+02C6,U+02DA,U+02DC,U+2000-206F,U+20AC,U+2122,U+2191,U+2193,U+2212';
const EUROPEAN = 'U+0100-0130,U+0132-0151,U+0154-017F,U+0218-021B,U+1E9E';
const LETTERS = Array.from({ length: 0x1e9f - 0x100 }, (_, index) => 0x100 + index)
  .filter((point) => point < 0x180 || (point > 0x217 && point < 0x21c) || point === 0x1e9e)
  .map((point) => String.fromCodePoint(point)).join('');

function fontFile(range, weight) {
  return readFileSync(join(modules, `@fontsource/fira-sans/files/fira-sans-${range}-${weight}-normal.woff2`));
}

function fontRule(weight, name, points) {
  return `@font-face{font-family:"Fira Sans";font-weight:${weight};font-style:normal;font-display:swap;`
    + `src:url("${name}") format("woff2");unicode-range:${points}}`;
}

async function fontRules() {
  const rules = [400, 500, 600].map(async (weight) => {
    const european = await subsetFont(fontFile('latin-ext', weight), LETTERS, { targetFormat: 'woff2' });
    return fontRule(weight, write(`fira-sans-latin-${weight}.woff2`, fontFile('latin', weight)), LATIN)
      + fontRule(weight, write(`fira-sans-european-${weight}.woff2`, european), EUROPEAN);
  });
  return (await Promise.all(rules)).join('\n');
}

async function styleSheet() {
  const compiled = sass.compile(join(assets, 'styles', 'netzraum.scss'), {
    style: 'compressed', loadPaths: [modules], quietDeps: true, charset: false,
  });
  const notice = '/*! KERN UX (EUPL-1.2), Material Symbols (Apache-2.0), Fira Sans (OFL-1.1): see licences.txt */';
  return [notice, await fontRules(), compiled.css, iconRules()].join('\n');
}

function licences() {
  const texts = {
    'KERN UX': '@kern-ux/native/LICENSE.md',
    'Material Symbols': '@material-symbols/svg-400/LICENSE',
    'Fira Sans': '@fontsource/fira-sans/LICENSE',
    htmx: 'htmx.org/LICENSE',
  };
  return Object.entries(texts)
    .map(([name, file]) => `${name}\n\n${readFileSync(join(modules, file), 'utf8').trim()}`)
    .join('\n\n----------\n\n');
}

// A page whose script does not parse still works, only without it: that would be seen late.
function ourScript() {
  const text = readFileSync(join(assets, 'app.js'), 'utf8');
  new Script(text, { filename: 'app.js' });
  return text;
}

rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });
write('netzraum.css', await styleSheet());
write('app.js', ourScript());
write('htmx.js', readFileSync(join(modules, 'htmx.org/dist/htmx.min.js')));
write('favicon.svg', readFileSync(join(assets, 'favicon.svg')));
write('licences.txt', licences());
writeFileSync(join(target, 'manifest.json'), JSON.stringify(manifest, null, 2) + '\n');
console.log(`${Object.keys(manifest).length} files, ${iconNames().length} icons`);
