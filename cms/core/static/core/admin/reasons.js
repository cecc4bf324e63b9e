// Puts the usual words for a reason into the field for the submitter, where they can be changed; what somebody has
// written there stays.
for (const form of document.querySelectorAll("[data-step]")) {
  const { reason, text } = form.elements;
  if (reason && text) {
    const words = () => reason.getAttribute(`data-words-${reason.value}`) ?? "";
    let usual = words();
    reason.addEventListener("change", () => {
      if (text.value === usual || text.value === "") {
        usual = words();
        text.value = usual;
        text.dispatchEvent(new Event("input", { bubbles: true }));
      }
    });
  }
}
