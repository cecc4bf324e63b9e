// Marks the section that is being read in the list of contents.
const links = new Map(
  [...document.querySelectorAll(".contents a[href^='#']")].map((link) => [link.hash.slice(1), link]),
);
const headings = [...links.keys()].map((id) => document.getElementById(id)).filter(Boolean);

function mark() {
  const above = headings.filter((heading) => heading.getBoundingClientRect().top < window.innerHeight / 5);
  const current = above.at(-1) ?? headings[0];
  for (const [id, link] of links) {
    if (id === current?.id) {
      link.setAttribute("aria-current", "true");
    } else {
      link.removeAttribute("aria-current");
    }
  }
}

const observer = new IntersectionObserver(mark, { rootMargin: "0px 0px -80% 0px" });
headings.forEach((heading) => observer.observe(heading));
