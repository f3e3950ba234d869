# The words of reports as letters and pages.
# Heading and subject.
report-daily = Raport dzienny
# Heading and subject.
report-weekly = Raport tygodniowy
# A moment follows.
report-provisional = Dane wstępne do { $time }: otwarte jeszcze kontakty mogą je zmienić.
# A figure follows.
report-day-before = dzień wcześniej: { $figure }
# A figure follows.
report-week-before = tydzień wcześniej: { $figure }
# Heading above promises.
report-promised = Co obiecano
# Column.
report-policy = Obietnica
# Column, and before a share.
report-goal = Cel
# Column.
report-met = Spełniono
# A promise was.
report-kept = dotrzymano
# A promise was.
report-broken = nie dotrzymano
# Heading above bars.
report-by-hour = Kontakty według godzin
# Heading above bars.
report-by-day = Kontakty według dni
# Heading.
report-busiest = Kwadranse z największym ruchem
# Heading.
report-worst = Kwadranse z najniższym poziomem obsługi
# Heading above annotations.
report-happened = Co się działo
# Above three columns.
report-per-hour = Kontakty na godzinę przed, w trakcie i po
# Column.
report-topic = Temat
# Below a list that is cut.
report-more = i jeszcze { $number } na stronie raportu
# How many ratings a figure is of.
report-of-ratings =
    { $number ->
        [one] z { $number } oceny
       *[other] z { $number } ocen
    }
# Instead of a figure.
report-no-data = brak danych
# Instead of a figure of very few contacts of one agent.
report-concealed = ukryto
# Instead of figures.
report-nothing = Niczego nie policzono.
# Below it all.
report-legend = Liczby są takie jak na ekranie. Kreska: nie ma tam sensu. „Ukryto”: mniej niż pięć kontaktów jednego agenta.
# A link.
report-link = Otwórz ten raport jako stronę
# Below it all; a name of the config.
report-sent-by = Wysłane przez Tablicę automatycznie. Odbiorców określa konfiguracja serwera, sekcja report.{ $name }.
# A queue follows.
report-only-queue = Kolejka: { $name }
# A channel follows.
report-only-channel = Kanał: { $name }
