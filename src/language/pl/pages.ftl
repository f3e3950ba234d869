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
# In a list, in place of the queue that whoever opens the board chooses.
any-queue = dowolna
# In a list, in place of the channel that whoever opens the board chooses.
any-channel = dowolny
# In a list, in place of the policy that whoever opens the board chooses.
any-policy = dowolna
# In a list, in place of the topic that whoever opens the board chooses.
any-topic = dowolny
# Above what can be chosen.
page-which-queue = Która kolejka? Każda ma własną tablicę; zostaw ją otwartą na ekranie.
# Above what can be chosen.
page-which-channel = Który kanał? Każdy ma własną tablicę; zostaw ją otwartą na ekranie.
# Above what can be chosen.
page-which-policy = Która zasada SLA? Każda ma własną tablicę; zostaw ją otwartą na ekranie.
# Above what can be chosen.
page-which-topic = Który temat? Każdy ma własną tablicę; zostaw ją otwartą na ekranie.
# Below a board's title in the list: how many there are.
page-each-queue = po jednej dla każdej kolejki
# Below a board's title in the list: how many there are.
page-each-channel = po jednej dla każdego kanału
# Below a board's title in the list: how many there are.
page-each-policy = po jednej dla każdej zasady SLA
# Below a board's title in the list: how many there are.
page-each-topic = po jednej dla każdego tematu
# A board was asked for by a name that nothing has.
page-no-queue = Nie ma kolejki „{ $name }”
# A board was asked for by a name that nothing has.
page-no-channel = Nie ma kanału „{ $name }”
# A board was asked for by a name that nothing has.
page-no-policy = Nie ma zasady SLA „{ $name }”
# A board was asked for by a name that nothing has.
page-no-topic = Nie ma tematu „{ $name }”
# No queue is known yet.
page-nothing-to-choose = Nie ma jeszcze z czego wybierać: wróć po pierwszym kontakcie.
# On a screen.
page-boards-full = Otwarto już tyle tablic tego rodzaju, ile wolno (boards.instances_max). Ten ekran czeka, aż jedna się zwolni.
# After a name that nothing has.
page-did-you-mean = Czy chodziło o „{ $name }”?
