// CodeMirror writes its styles into style elements; the policy of the page lets in only those with its nonce.
const { nonce } = document.querySelector("script[nonce]");
const create = document.createElement.bind(document);

document.createElement = (name, options) => {
  const made = create(name, options);
  if (String(name).toLowerCase() === "style") made.nonce = nonce;
  return made;
};
