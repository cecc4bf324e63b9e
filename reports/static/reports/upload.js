// Shows how far files of statistics are, until the worker is done. Without this, reloading the page does the same.
const pause = 2000;

if (document.querySelector("[data-working]")) {
  setTimeout(() => location.reload(), pause);
}
