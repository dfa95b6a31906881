export function importPage() {}
