"use strict";
// A film plays while the mouse is over it or the keyboard has come to it; a press stops and starts it. Where less
// motion is asked for, only a press starts it, and it goes on until the next.
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const films = document.querySelectorAll("button.film");

const plays = (film) => film.getAttribute("aria-pressed") === "true";

function play(film) {
  films.forEach((other) => other !== film && pause(other));
  film.setAttribute("aria-pressed", "true");
  const picture = film.firstElementChild;
  if (picture.dataset.moving) picture.src = picture.dataset.moving;
  else picture.play().catch(() => {}); // refused, or paused before it had begun
}

function pause(film) {
  if (!plays(film)) return;
  film.setAttribute("aria-pressed", "false");
  const picture = film.firstElementChild;
  if (picture.dataset.moving) picture.src = picture.dataset.still;
  else picture.pause();
}

for (const film of films) {
  const begin = () => calm.matches || plays(film) || play(film);
  const end = () => calm.matches || pause(film);
  film.addEventListener("pointerenter", (event) => event.pointerType === "mouse" && begin());
  film.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && end());
  film.addEventListener("focus", () => film.matches(":focus-visible") && begin()); // not by touch: its press follows
  film.addEventListener("blur", end);
  film.addEventListener("click", () => (plays(film) ? pause(film) : play(film)));
}
