export function numbersPage() {}
