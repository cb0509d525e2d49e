/* Netzraum: small improvements. Every page works without this script. */
(() => {
  'use strict';
  const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));

  /* Light and dark without a reload; the form that the button belongs to tells the server. */
  const html = document.documentElement;
  document.addEventListener('submit', (event) => {
    if (!event.submitter?.matches('[data-nr-theme]')) return;
    event.preventDefault();
    const dark = html.dataset.kernTheme
      ? html.dataset.kernTheme === 'dark'
      : matchMedia('(prefers-color-scheme: dark)').matches;
    html.dataset.kernTheme = event.submitter.value = dark ? 'light' : 'dark';
    const form = event.target;
    fetch(form.action, { method: 'POST', body: new URLSearchParams(new FormData(form, event.submitter)) });
  });

  /* Menus: Esc closes and gives the focus back, a click elsewhere closes. */
  document.addEventListener('keydown', (event) => {
    const open = event.key === 'Escape' && event.target.closest('details.kern-dropdown[open]');
    if (!open) return;
    open.open = false;
    open.querySelector('summary').focus();
  });
  document.addEventListener('click', (event) => {
    all('details.kern-dropdown[open]').forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
  });

  /* Some levels need a purpose and a date: unfold the fields for them, which name these levels. */
  document.addEventListener('change', (event) => {
    if (event.target.name !== 'classification') return;
    all('[data-nr-asking]')
      .filter((fold) => fold.dataset.nrAsking.split(' ').includes(event.target.value))
      .forEach((fold) => { fold.open = true; });
  });

  /* A message can be put away; without this script it stays until the next page. */
  all('[data-nr-close]').forEach((button) => {
    button.hidden = false;
    button.addEventListener('click', () => button.parentElement.remove());
  });

  /* Points to spread: buttons change a number, and what is left is said while one types. Without this script the
     numbers are typed, and the server says what is missing. */
  const spread = (box) => {
    const sum = box.querySelector('.nr-sum');
    const numbers = all('input[type=number]', box);
    const most = Number(sum.dataset.nrPoints);
    const say = () => {
      const left = most - numbers.reduce((total, each) => total + (parseInt(each.value, 10) || 0), 0);
      const words = left > 0 ? sum.dataset.nrLeft : left < 0 ? sum.dataset.nrOver : sum.dataset.nrDone;
      sum.querySelector('.nr-sum__text').textContent = words.replace('{number}', Math.abs(left));
      sum.querySelector('progress').value = Math.min(most - left, most);
      sum.classList.toggle('is-over', left < 0);
    };
    all('[hidden]', box).forEach((each) => { each.hidden = false; });
    sum.hidden = false;
    box.addEventListener('input', say);
    box.addEventListener('click', (event) => {
      const step = event.target.closest('[data-nr-step]');
      if (!step) return;
      const number = step.parentElement.querySelector('input');
      number.value = Math.max(0, Math.min(most, (parseInt(number.value, 10) || 0) + Number(step.dataset.nrStep)));
      say();
    });
    say();
  };
  all('[data-nr-spread]').forEach(spread);
  /* Of many people those are shown that fit what one types, and who is ticked. Without this script a button does it. */
  all('[data-nr-narrow]').forEach((box) => {
    const find = box.querySelector('input');
    const said = box.querySelector('[role="status"]');
    const rows = all('.kern-form-check', document.getElementById(box.dataset.nrNarrow));
    box.querySelector('button').remove();
    find.addEventListener('keydown', (event) => { if (event.key === 'Enter') event.preventDefault(); });
    find.addEventListener('input', () => {
      const words = find.value.toLowerCase().split(/\s+/);
      rows.forEach((row) => {
        const text = row.textContent.toLowerCase();
        row.hidden = !row.querySelector('input').checked && !words.every((word) => text.includes(word));
      });
      said.textContent = rows.every((row) => row.hidden) ? said.dataset.nrNone : '';
    });
  });

  /* A form that is filled in at length is not left by mistake. */
  all('form[data-nr-unsaved]').forEach((form) => {
    const warn = (event) => event.preventDefault();
    form.addEventListener('input', () => window.addEventListener('beforeunload', warn), { once: true });
    form.addEventListener('submit', ({ submitter }) => {
      if (submitter?.name !== 'cancel') window.removeEventListener('beforeunload', warn);
    });
  });

  /* A form that takes long says that it is at work; its button sends it once only. */
  all('form[data-nr-busy]').forEach((form) => {
    const said = form.querySelector('[role="status"]');
    let sent = false;
    form.addEventListener('submit', (event) => {
      if (sent) event.preventDefault();
      sent = true;
      said.textContent = form.dataset.nrBusy;
    });
    window.addEventListener('pageshow', () => { sent = false; said.textContent = ''; });
  });

  /* Printing needs this script; without it the browser's own menu does it. */
  all('[data-nr-print]').forEach((button) => {
    button.hidden = false;
    button.addEventListener('click', () => window.print());
  });

  /* What was sent to get this page is not sent again by going back to it: it is reached by an address that only shows. */
  const to = document.querySelector('[data-nr-address]')?.dataset.nrAddress;
  if (to) history.replaceState(null, '', to);

  /* After a refused form the summary of what is wrong takes the focus. */
  document.querySelector('.nr-errsum')?.focus();

  /* Live updates say in which tool of which space something is new: the slot of that list asks what. Of the items that
     the page shows they say at which something goes on, so that its slot asks what, and which are no longer there for
     the reader: in a list words take their place, a page about one is asked for anew. */
  const slots = all('[data-nr-space]');
  const MOST = 100;
  const { nrLive: address, nrRoom: room } = document.body.dataset;
  const shown = () => [...new Set(all('[data-nr-item]').map((each) => each.dataset.nrItem))].filter(Boolean).slice(0, MOST);
  const known = new Set();
  const about = ({ there, gone }) => {
    there.filter((item) => known.has(item)).forEach((item) => {
      all(`[data-nr-item="${item}"][hx-trigger]`).forEach((slot) => htmx.trigger(slot, 'nr:news'));
    });
    there.forEach((item) => known.add(item));
    gone.filter((item) => known.delete(item)).forEach((item) => {
      all(`[data-nr-item="${item}"]`).forEach((each) => {
        if (each.id === 'inhalt') location.replace(location.pathname + location.search);
        else if (each.hasAttribute('hx-trigger')) htmx.trigger(each, 'nr:news');
        else each.replaceChildren(document.getElementById('nr-weg').content.cloneNode(true));
      });
    });
  };
  const listen = () => {
    const items = shown();
    if (!slots.length && !items.length) return;
    const live = new EventSource(`${address}?${new URLSearchParams({ space: room, items })}`);
    live.addEventListener('message', (event) => {
      const { space, tool } = JSON.parse(event.data);
      slots.filter((slot) => slot.dataset.nrSpace === space && slot.dataset.nrTool === tool)
        .forEach((slot) => htmx.trigger(slot, 'nr:news'));
    });
    live.addEventListener('items', (event) => {
      about(JSON.parse(event.data));
      document.body.dataset.nrHeard = '';
    });
    window.addEventListener('pagehide', () => live.close(), { once: true });
  };
  if (address) {
    listen();
    window.addEventListener('pageshow', (event) => { if (event.persisted) listen(); });
  }

  /* Who leaves a form that says of itself that it is open tells so. */
  all('[data-nr-leave]').forEach((form) => {
    const { csrf } = JSON.parse(form.getAttribute('hx-vals'));
    window.addEventListener('pagehide', () => {
      navigator.sendBeacon(form.dataset.nrLeave, new URLSearchParams({ csrf }));
    });
  });
})();
