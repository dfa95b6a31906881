export function wallPage() {}
