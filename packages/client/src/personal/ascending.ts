/** The smaller one comes first; texts by their code units. */
export const ascending = <T extends string | number>(a: T, b: T): number => Number(a > b) - Number(a < b);
