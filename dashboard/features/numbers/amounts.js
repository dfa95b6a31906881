// Figures as they are written large, where cents and seconds would only be in the way.
const WHOLE = new Intl.NumberFormat("pt-BR", { style: "currency", currency: "BRL", maximumFractionDigits: 0 });
const SHORT = new Intl.NumberFormat("pt-BR", { style: "currency", currency: "BRL", notation: "compact", maximumFractionDigits: 2 });
const COUNT = new Intl.NumberFormat("pt-BR", { notation: "compact", maximumFractionDigits: 1 });
const DAY = 86_400;

export const NONE = "—";
export const shortMoney = (amount) => SHORT.format(amount);
// From a thousand millions on nobody reads the digits.
export const wholeMoney = (text) => {
  if (text === null) return NONE;
  return Math.abs(Number(text)) < 1e9 ? WHOLE.format(Number(text)) : shortMoney(Number(text));
};
export const shortCount = (count) => COUNT.format(count);

export function duration(seconds) {
  if (seconds === null) return NONE;
  if (seconds >= 2 * DAY) return `${Math.round(seconds / DAY)} dias`;
  if (seconds >= 5400) return `${Math.round(seconds / 3600)} h`;
  return seconds >= 60 ? `${Math.round(seconds / 60)} min` : "menos de 1 min";
}
