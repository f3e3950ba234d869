// What the page says in the place of a board that isn't there.

export interface AbsentStrings {
  unknown(board: string): string;
  removed(board: string): string;
  broken(board: string): string;
  looksAgain: string;
  others: string;
}

const LANGUAGES: Record<string, AbsentStrings> = {
  en: {
    unknown: (board) => `There is no board “${board}”`,
    removed: (board) => `The board “${board}” was removed`,
    broken: (board) => `The board “${board}” can’t be shown: its file has mistakes`,
    looksAgain: "This screen keeps looking and shows the board as soon as it is there.",
    others: "These boards exist:",
  },
  pl: {
    unknown: (board) => `Nie ma tablicy „${board}”`,
    removed: (board) => `Tablica „${board}” została usunięta`,
    broken: (board) => `Nie można pokazać tablicy „${board}”: jej plik zawiera błędy`,
    looksAgain: "Ten ekran sprawdza dalej i pokaże tablicę, gdy tylko się pojawi.",
    others: "Istniejące tablice:",
  },
  ru: {
    unknown: (board) => `Табло «${board}» не существует`,
    removed: (board) => `Табло «${board}» удалено`,
    broken: (board) => `Табло «${board}» нельзя показать: в его файле ошибки`,
    looksAgain: "Этот экран продолжает проверять и покажет табло, как только оно появится.",
    others: "Есть такие табло:",
  },
  uk: {
    unknown: (board) => `Табло «${board}» не існує`,
    removed: (board) => `Табло «${board}» видалено`,
    broken: (board) => `Табло «${board}» неможливо показати: у його файлі є помилки`,
    looksAgain: "Цей екран перевіряє далі й покаже табло, щойно воно з’явиться.",
    others: "Є такі табло:",
  },
};

export function absentStringsFor(language: string | undefined): AbsentStrings {
  const code = (language || "en").slice(0, 2).toLowerCase();
  return LANGUAGES[code] || (LANGUAGES.en as AbsentStrings);
}
