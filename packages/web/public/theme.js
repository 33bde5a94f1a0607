// Runs before the first paint, so that nobody who chose a look sees another one flash. The rest is CSS.
try {
  const { theme, density, textSize, motion } = JSON.parse(localStorage.getItem('carpenter.preferences') ?? '{}');
  const { dataset } = document.documentElement;
  if (theme === 'light' || theme === 'dark') dataset.theme = theme;
  if (density === 'compact') dataset.density = density;
  if ([13, 14, 16, 18].includes(textSize)) dataset.textSize = String(textSize);
  if (motion === 'reduced') dataset.motion = motion;
} catch {
  // This browser keeps nothing for the page, or something else wrote there: the defaults stand.
}

// Without its scripts nothing would ever stand here: they may be gone, in the middle of an update, or on the way.
addEventListener(
  'error',
  ({ target }) => {
    if (!(target instanceof HTMLScriptElement)) return;
    const words = document.createElement('p');
    words.append('Carpenter could not be loaded. Perhaps it was updated just now: reload it. Drafts are kept.');
    const again = document.createElement('button');
    again.append('Reload');
    again.addEventListener('click', () => location.reload());
    document.getElementById('root')?.replaceChildren(words, again);
  },
  true,
);

// Whoever checks what comes from the server is not to try whether code can be made of text: the page's policy forbids it, and every
// try is reported as an attack would be.
globalThis.__zod_globalConfig = { jitless: true };
