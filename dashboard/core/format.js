// Data fields as people write them.
const MONEY = new Intl.NumberFormat("pt-BR", { style: "currency", currency: "BRL" });

// A decimal string; digits are not lost by way of a float below 15 of them.
export const money = (text) => MONEY.format(Number(text));

export function phone(e164) {
  const digits = e164.replace(/\D/g, "");
  const local = /^55(\d{2})(\d{4,5})(\d{4})$/.exec(digits);
  return local ? `(${local[1]}) ${local[2]}-${local[3]}` : e164;
}

export function document(digits) {
  if (/^\d{11}$/.test(digits)) return digits.replace(/(...)(...)(...)(..)/, "$1.$2.$3-$4");
  if (digits.length === 14) return digits.replace(/(..)(...)(...)(....)(..)/, "$1.$2.$3/$4-$5");
  return digits;
}

export const telLink = (e164) => `tel:+${e164.replace(/\D/g, "")}`;
export const whatsappLink = (number) => `https://wa.me/${number.replace(/\D/g, "")}`;
// An address may hold what ends a link's address part.
export const mailLink = (address) => `mailto:${encodeURIComponent(address).replaceAll("%40", "@")}`;

export const plural = (count, one, many) => `${figure(count)} ${count === 1 ? one : many}`;

const SIGNED = new Intl.NumberFormat("pt-BR", { signDisplay: "exceptZero", maximumFractionDigits: 1 });
const PERCENT = new Intl.NumberFormat("pt-BR", { style: "percent", maximumFractionDigits: 1 });
const FIGURE = new Intl.NumberFormat("pt-BR", { maximumFractionDigits: 3 });

// +8 or −10: with the sign of minus, which is as wide as a plus.
export const signed = (number) => SIGNED.format(number).replace("-", "\u2212");
export const percent = (share) => PERCENT.format(share);
export const figure = (number) => FIGURE.format(number);
