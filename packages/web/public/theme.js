// Runs before the first paint, so that nobody who chose a theme sees the other one flash. The rest is CSS.
try {
  const { theme, density } = JSON.parse(localStorage.getItem('carpenter.preferences') ?? '{}');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
  if (density === 'compact') document.documentElement.dataset.density = density;
} catch {
  // This browser keeps nothing for the page, or something else wrote there: the defaults stand.
}
