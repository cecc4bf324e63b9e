// Follows a request for translation until each of its drafts is ready. Without this, reloading the page shows the same.
const pause = 2000;
const place = document.getElementById("request-progress");

async function follow() {
  const answer = await fetch(place.dataset.url, { headers: { "X-Requested-With": "XMLHttpRequest" } });
  if (!answer.ok) {
    return;
  }
  place.innerHTML = await answer.text();
  again();
}

function again() {
  if (Number(place.querySelector("[data-waiting]").dataset.waiting) > 0) {
    setTimeout(follow, pause);
  }
}

again();
