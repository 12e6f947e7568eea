// 44 px for what one presses. Links inside text are exempt, and what lies in a label is as large as the label.
() => {
  const kinds = "button, .btn, .input, summary, select, .desk-link, .profile-item, input[type=checkbox], input[type=radio]";
  const area = (one) => (/checkbox|radio/.test(one.type) && one.labels?.[0] ? one.labels[0] : one).getBoundingClientRect();
  return [...document.querySelectorAll(kinds)]
    .filter((one) => one.checkVisibility({ visibilityProperty: true }) && one.getBoundingClientRect().width > 1)
    .filter((one) => area(one).height < 43.5 || area(one).width < 43.5)
    .map((one) => {
      const { width, height } = area(one);
      const words = one.textContent.trim().slice(0, 30);
      return `${one.localName}.${one.className} "${words}" is ${Math.round(width)} by ${Math.round(height)}`;
    });
}
