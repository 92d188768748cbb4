/** Run in a page: the next list of steps, which details have, cannot be made, which the renderer does not survive. */
export function provokeDefect() {
  const { createElement } = Document.prototype;
  Document.prototype.createElement = function (name, ...more) {
    if (name === 'ol') {
      Document.prototype.createElement = createElement;
      throw new Error('no more elements');
    }
    return createElement.call(this, name, ...more);
  };
}
