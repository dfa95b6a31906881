// One line of news at the foot of the page, seen and read aloud; it leaves by itself.
const SECONDS = 6;
let leaving;

export function notify(text) {
  const place = document.getElementById("notice");
  // Emptied first: the same sentence twice would be read once.
  place.textContent = "";
  clearTimeout(leaving);
  requestAnimationFrame(() => {
    place.textContent = text;
    leaving = setTimeout(() => { place.textContent = ""; }, SECONDS * 1000);
  });
}
