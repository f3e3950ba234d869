// The little that the tests use of culori, which has no types of its own.
declare module "culori" {
  export function wcagContrast(one: string, other: string): number;
  export function differenceCiede2000(): (one: string, other: string) => number;
  export function parse(colour: string): unknown;
  export function filterDeficiencyProt(severity: number): (colour: string) => unknown;
  export function filterDeficiencyDeuter(severity: number): (colour: string) => unknown;
  export function filterDeficiencyTrit(severity: number): (colour: string) => unknown;
}
