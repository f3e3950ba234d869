# The words of pages for people: the list of boards, and how a number is made.
# Heading of the list.
page-boards = Tablice
# What to do with the list.
page-how-to = Każda tablica jest dla ekranu w sali. Otwórz ją w przeglądarce ekranu i zostaw otwartą: odświeża się sama.
# There is none.
page-no-boards = Nie ma żadnej. Umieść plik tablicy w folderze boards.dir.
# A board's file is good.
page-file-ok = plik w porządku
# A board's file is bad, and what was good before is shown.
page-file-bad-shown = plik ma błędy: pokazana jest ostatnia dobra wersja
# A board's file is bad.
page-file-bad = plik ma błędy: nie można jej pokazać
# Before a number.
page-screens = ekrany teraz:
# How this number is made.
page-receipt = Skąd ta liczba
# Of the figure's course.
page-last-hour = Ostatnia godzina
# The last hour cannot be drawn.
page-no-course = Nie ma dla niej przebiegu ostatniej godziny.
# Heading of the definition.
page-meaning = Co oznacza
# The formula in words.
page-formula = Wzór
# Counts in the formula.
page-counts = Policzono
# Thresholds in the formula.
page-thresholds = Progi
# The span of time.
page-window = Czas
# A state has no span.
page-at-this-moment = w tej chwili
# Channels and how fresh they are.
page-channels = Kanały w niej
# No channel feeds it.
page-no-channels = jeszcze żaden
# The last event of a channel.
page-last-event = ostatnie zdarzenie
# No event of a channel.
page-never = jeszcze bez zdarzeń
# Feeds.
page-live = na żywo
# Feeds.
page-late = spóźnia się
# Feeds.
page-silent = milczy
# Other formulas on the same counts.
page-variants = Według innych wzorów
# Rows of a table.
page-rows = Według wierszy
# All rows of a table together.
page-all-rows = razem
# Beside the code.
page-take-it = Zabierz ze sobą: skieruj tu aparat telefonu.
# The code leads to this machine only.
page-only-here = Ten adres działa tylko na tym komputerze: adres dla telefonów podaje server.public_url.
# No figure.
page-no-data = jeszcze bez danych
# No figure.
page-not-applicable = nie dotyczy
# No figure.
page-concealed = ukryte
# Before a clock time.
page-as-of = stan na
