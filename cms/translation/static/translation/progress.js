// Follows a request for translation until each of its drafts is ready. Without this, reloading the page shows the same.
const pause = 2000;
const place = document.getElementById("request-progress");

async function follow() {
  const answer = await fetch(place.dataset.url, { headers: { "X-Requested-With": "XMLHttpRequest" } });
  if (!answer.ok) {
    return;
  }
  place.innerHTML = await answer.text();
  if (again() === 0) {
    // Said once, in the end: a reader by ear does not want to hear each number.
    document.getElementById("request-announcement").textContent = summary().textContent.trim();
  }
}

function summary() {
  return place.querySelector("[data-waiting]");
}

function again() {
  const waiting = Number(summary().dataset.waiting);
  if (waiting > 0) {
    setTimeout(follow, pause);
  }
  return waiting;
}

again();
