// What a console does with the element: it sets attributes, and listens.
const element = document.querySelector('referral-history');
const told = document.querySelector('#told');

document.querySelector('#theme').addEventListener('change', ({ target }) => {
  document.documentElement.dataset.theme = target.value;
  if (target.value) element.setAttribute('theme', target.value);
  else element.removeAttribute('theme');
});

document.querySelector('#language').addEventListener('change', ({ target }) => {
  element.lang = target.value;
});

for (const name of ['load', 'error', 'unauthorized', 'change']) {
  document.addEventListener(`referral-history:${name}`, ({ type, detail }) => {
    const item = document.createElement('li');
    // As text: nothing in an event is markup.
    item.textContent = `${type} ${JSON.stringify(detail)}`;
    told.prepend(item);
  });
}
