// Whether the chances were right, from the model's card; nothing where no model says any.
import { get } from "../../core/api.js";
import { h } from "../../core/dom.js";
import { calibration } from "../model/calibration.js";

export function calibrationPart(signal) {
  const place = h("div", { class: "part calibration-of", hidden: true });
  // The figures stand without it.
  get("/scores/model", { signal })
    .then(({ calibracao }) => {
      const shown = calibration(calibracao ?? []);
      if (!shown) return;
      place.append(shown);
      place.hidden = false;
    })
    .catch(() => undefined);
  return place;
}
