// What a console does with the element: it sets attributes, and listens.
const element = document.querySelector('referral-history');
const told = document.querySelector('ol');
const [theme, language] = document.querySelectorAll('select');

theme.addEventListener('change', () => {
  document.documentElement.dataset.theme = theme.value;
  if (theme.value) element.setAttribute('theme', theme.value);
  else element.removeAttribute('theme');
});

language.addEventListener('change', () => {
  element.lang = language.value;
});

for (const name of /** @type {const} */ (['load', 'error', 'unauthorized', 'change'])) {
  document.addEventListener(`referral-history:${name}`, ({ type, detail }) => {
    const item = document.createElement('li');
    // As text: nothing in an event is markup.
    item.textContent = `${type} ${JSON.stringify(detail)}`;
    told.prepend(item);
  });
}
