/** Adds the style of these views once. */
export function addStyle() {
  if (document.querySelector('link[data-docs]')) return;
  const link = document.createElement('link');
  link.rel = 'stylesheet';
  link.href = '/page/ui/explore.css';
  link.dataset.docs = '';
  document.head.append(link);
}
