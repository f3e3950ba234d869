//! The words of pages for people: the list of boards, and how a number is made.

use super::format::Language;

/// A word of a page, in the languages' order: English, Polish, Russian, Ukrainian.
pub struct PageWords([&'static str; 4]);

impl PageWords {
    /// In that language.
    pub fn in_language(&self, language: Language) -> String {
        language.choose(self.0)
    }
}

macro_rules! page_words {
    ($($(#[$meta:meta])+ $NAME:ident = $en:literal, $pl:literal, $ru:literal, $uk:literal;)+) => {
        $($(#[$meta])+ pub const $NAME: PageWords = PageWords([$en, $pl, $ru, $uk]);)+
    };
}

page_words! {
    /// Heading of the list.
    BOARDS = "Boards", "Tablice", "Табло", "Табло";
    /// What to do with the list.
    HOW_TO = "Each board is made for a screen in the room. Open one in the screen’s browser and leave it open: it keeps itself up to date.",
        "Każda tablica jest dla ekranu w sali. Otwórz ją w przeglądarce ekranu i zostaw otwartą: odświeża się sama.",
        "Каждое табло сделано для экрана в зале. Откройте его в браузере экрана и оставьте открытым: оно обновляется само.",
        "Кожне табло зроблено для екрана в залі. Відкрийте його в браузері екрана й залиште відкритим: воно оновлюється саме.";
    /// There is none.
    NO_BOARDS = "There is none. Put a board file into the folder boards.dir.",
        "Nie ma żadnej. Umieść plik tablicy w folderze boards.dir.",
        "Их нет. Положите файл табло в папку boards.dir.",
        "Їх немає. Покладіть файл табло в теку boards.dir.";
    /// A board's file is good.
    FILE_OK = "file ok", "plik w porządku", "файл в порядке", "файл у порядку";
    /// A board's file is bad, and what was good before is shown.
    FILE_BAD_SHOWN = "its file has mistakes: the last good version is shown",
        "plik ma błędy: pokazana jest ostatnia dobra wersja",
        "в файле ошибки: показана последняя исправная версия",
        "у файлі помилки: показано останню справну версію";
    /// A board's file is bad.
    FILE_BAD = "its file has mistakes: it cannot be shown",
        "plik ma błędy: nie można jej pokazać",
        "в файле ошибки: показать его нельзя",
        "у файлі помилки: показати його не можна";
    /// Before a number.
    SCREENS = "screens now:", "ekrany teraz:", "экранов сейчас:", "екранів зараз:";
    /// How this number is made.
    RECEIPT = "How this number is made", "Skąd ta liczba", "Откуда это число", "Звідки це число";
    /// Of the figure's course.
    LAST_HOUR = "The last hour", "Ostatnia godzina", "Последний час", "Остання година";
    /// The last hour cannot be drawn.
    NO_COURSE = "There is no course of the last hour for it.",
        "Nie ma dla niej przebiegu ostatniej godziny.",
        "Хода за последний час для него нет.",
        "Перебігу за останню годину для нього немає.";
    /// Heading of the definition.
    MEANING = "What it means", "Co oznacza", "Что оно значит", "Що воно означає";
    /// The formula in words.
    FORMULA = "Formula", "Wzór", "Формула", "Формула";
    /// Counts in the formula.
    COUNTS = "Counted", "Policzono", "Посчитано", "Пораховано";
    /// Thresholds in the formula.
    THRESHOLDS = "Thresholds", "Progi", "Пороги", "Пороги";
    /// The span of time.
    WINDOW = "Time", "Czas", "Время", "Час";
    /// A state has no span.
    AT_THIS_MOMENT = "at this moment", "w tej chwili", "в этот момент", "у цю мить";
    /// Channels and how fresh they are.
    CHANNELS = "Channels in it", "Kanały w niej", "Каналы в нём", "Канали в ньому";
    /// No channel feeds it.
    NO_CHANNELS = "none yet", "jeszcze żaden", "пока ни одного", "поки жодного";
    /// The last event of a channel.
    LAST_EVENT = "last event", "ostatnie zdarzenie", "последнее событие", "остання подія";
    /// No event of a channel.
    NEVER = "no event yet", "jeszcze bez zdarzeń", "событий ещё не было", "подій ще не було";
    /// Feeds.
    LIVE = "live", "na żywo", "на связи", "на зв’язку";
    /// Feeds.
    LATE = "late", "spóźnia się", "опаздывает", "запізнюється";
    /// Feeds.
    SILENT = "silent", "milczy", "молчит", "мовчить";
    /// Other formulas on the same counts.
    VARIANTS = "By other formulas", "Według innych wzorów", "По другим формулам", "За іншими формулами";
    /// Rows of a table.
    ROWS = "By row", "Według wierszy", "По строкам", "За рядками";
    /// All rows of a table together.
    ALL_ROWS = "all together", "razem", "все вместе", "усі разом";
    /// Beside the code.
    TAKE_IT = "Take it along: point a phone’s camera here.",
        "Zabierz ze sobą: skieruj tu aparat telefonu.",
        "Возьмите с собой: наведите камеру телефона.",
        "Візьміть із собою: наведіть камеру телефона.";
    /// The code leads to this machine only.
    ONLY_HERE = "This address works on this machine only: server.public_url says the one for phones.",
        "Ten adres działa tylko na tym komputerze: adres dla telefonów podaje server.public_url.",
        "Этот адрес работает только на этой машине: адрес для телефонов задаёт server.public_url.",
        "Ця адреса працює лише на цій машині: адресу для телефонів задає server.public_url.";
    /// No figure.
    NO_DATA = "no data yet", "jeszcze bez danych", "данных пока нет", "даних поки немає";
    /// No figure.
    NOT_APPLICABLE = "not applicable here", "nie dotyczy", "здесь неприменимо", "тут не застосовно";
    /// No figure.
    CONCEALED = "concealed", "ukryte", "скрыто", "приховано";
    /// Before a clock time.
    AS_OF = "as of", "stan na", "на", "станом на";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_told_in_the_boards_language() {
        let told: Vec<String> = Language::ALL.iter().map(|it| WINDOW.in_language(*it)).collect();
        assert_eq!(told, ["Time", "Czas", "Время", "Час"]);
    }
}
