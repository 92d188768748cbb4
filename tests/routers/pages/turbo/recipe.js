addEventListener('referral-history:change', ({ detail }) => {
  const url = new URL(location.href);
  url.search = new URLSearchParams(detail);
  Turbo.navigator.history.push(url);
});

addEventListener('turbo:load', () => {
  const element = document.querySelector('referral-history');
  if (element) element.query = location.search;
});
