# What the server itself says on walls. Texts stand within narrow tiles: short words.

# The decimal sign, what stands between groups of three digits, and from how many digits on.
number-decimal = ,
number-group = {"\u00A0"}
number-group-from = 5
figure-with-unit = { $figure }{"\u00A0"}{ $unit }

# Lengths of time.
length-seconds = { $number }{"\u00A0"}s
length-minutes = { $number }{"\u00A0"}min
length-hours = { $number }{"\u00A0"}godz.
length-days-in-full =
    { $number ->
        [one] { $number }{"\u00A0"}dzień
        [few] { $number }{"\u00A0"}dni
       *[many] { $number }{"\u00A0"}dni
    }
# Units so short that two of them stand side by side: "2 h 10 min".
unit-second = s
unit-minute = min
unit-hour = h
unit-day = d
ago = { $length } temu
just-now = teraz

# What a trend's axis counts.
per-minute = na minutę
# A trend's line of the same hour before.
trend-yesterday = wczoraj
trend-last-week = tydzień temu

# The counts behind a share: "833 of 1,017 in 20 s".
part-of-whole = { $part } z { $whole }
counts-within = { $counts } w { $length }
counts-at-goal = { $counts } zgodnie z celem
worst = najgorzej: { $who }

# What a number is over.
no-queue = bez kolejki
all-queues = wszystkie kolejki
window-minutes = ostatnie { $number }{"\u00A0"}min
window-today = dziś
window-yesterday = wczoraj
window-shift = ta zmiana
window-24-hours = 24{"\u00A0"}godz.
window-48-hours = 48{"\u00A0"}godz.

# Who is missing in a number.
without = bez { $channels }
without-since = bez { $channels } od { $time }

# Titles of tiles that show more than one number.
tile-trend = Ostatnia godzina
tile-queue-table = Kolejki
tile-policy-table = Umowy SLA
tile-topic-table = Tematy
tile-channel-table = Kanały
tile-waiting-list = Kto czeka
tile-agents = Konsultanci
tile-promises-at-risk = Najbliższe terminy
tile-channel-strip = Kanały
tile-staffing = Potrzebni agenci
tile-health = Stan systemu
tile-alerts = Alerty

# What is said of a number beside its colour. Against a goal:
verdict-on-target = zgodnie z celem
verdict-below-goal = poniżej celu
verdict-above-goal = powyżej celu
# Somebody waits, and was promised an end of it:
verdict-in-time = w terminie
verdict-late = po terminie
verdict-late-by = { $length } po terminie
# Against limits that are no promise:
verdict-fine = w normie
verdict-many = dużo
verdict-too-many = za dużo
verdict-few = mało
verdict-too-few = za mało
verdict-long = długo
verdict-too-long = za długo
verdict-soon = wkrótce
verdict-very-soon = lada chwila
verdict-high = wysoko
verdict-too-high = za wysoko
verdict-low = nisko
verdict-too-low = za nisko
# Of numbers that count just that:
verdict-at-risk = zagrożone
verdict-overdue = po terminie

# Heads of lists, and what stands in the place of one.
list-contact = Kontakt
list-channel = Kanał
list-queue = Kolejka
list-policy = Obietnica
list-alert = Co się dzieje
list-alert-of = Gdzie
list-alert-lasts = Od
list-waits = Czeka
list-due = Termin
list-paused = poza godzinami
list-nobody-waits = nikt nie czeka
list-nothing-at-risk = brak otwartych obietnic
list-already-missed = Już po terminie
list-nobody-here = nikogo nie ma
list-nothing-announced = brak wiadomości
list-than-yesterday = wobec wczoraj
list-than-last-week = wobec zeszłego tygodnia
list-points = p.p.
left = jeszcze { $length }

# Days, as short as they are written.
weekday-mon = pon
weekday-tue = wt
weekday-wed = śr
weekday-thu = czw
weekday-fri = pt
weekday-sat = sob
weekday-sun = ndz
last-weeks =
    { $number ->
        [1] ostatni tydzień
        [one] ostatni { $number } tydzień
        [few] ostatnie { $number } tygodnie
       *[many] ostatnie { $number } tygodni
    }

# What an agent does.
status-available = wolny
status-ringing = dzwoni
status-talking = rozmawia
status-hold = zawieszone
status-after-work = po rozmowie
status-paused = przerwa
status-offline = wylogowany

# What an annotation is about.
annotation-campaign = Kampania
annotation-release = Wydanie
annotation-outage = Awaria

# Leaderboards: from so many contacts on somebody is in them.
list-agent = Konsultant
list-team = Zespół
leaderboard-from = od { $number } kontaktów
leaderboard-nobody = nikt nie ma jeszcze { $number } kontaktów

# What customers say when they are asked, and what they rate.
tile-quality = Oceny klientów
quality-ratings =
    { $number ->
        [one] { $count } ocena
        [few] { $count } oceny
       *[many] { $count } ocen
    }
quality-only-ratings =
    { $number ->
        [one] tylko { $count } ocena
        [few] tylko { $count } oceny
       *[many] tylko { $count } ocen
    }
quality-answered = { $share } zapytanych odpowiedziało · { $counts }
quality-no-ratings = jeszcze brak ocen
dimension-clear = Zrozumiale
dimension-easy = Łatwo
dimension-correct = Poprawnie
dimension-fast = Szybko

# What the public says, and who waits in public.
tile-attention = Głosy publiczne
attention-as-usual = jak zwykle
attention-jump = niezwykle dużo
attention-usually = zwykle { $count } · { $sigma }
attention-unknown = jeszcze nie wiadomo, ile jest zwykle
attention-mood = Wydźwięk
attention-praise = pochwały
attention-neither = neutralne
attention-criticism = krytyka
attention-nothing-said = nic nie napisano publicznie
attention-unanswered = Bez odpowiedzi
attention-oldest = Najstarszy z nich
attention-none = publicznie jeszcze nic

# Who came and never got an answer.
reachability-of = z { $contacts } nie dostało odpowiedzi
reachability-none = nikt nie został bez odpowiedzi

# What must be known of the server itself.
notice-clock-ahead = Zegar serwera przeskoczył o { $length } do przodu: liczby według czasu sprzed skoku
notice-clock-back = Zegar serwera przeskoczył o { $length } wstecz: liczby według czasu sprzed skoku
notice-counted-anew = Zegar serwera został przestawiony: trwa liczenie od nowa, liczby mogą być błędne
notice-not-counted-anew = Zegar serwera został przestawiony, liczenie od nowa się nie udało: do restartu liczby mogą być błędne
notice-new-rules = Reguły zostały zmienione: trwa liczenie od nowa, liczby są jeszcze według poprzednich
notice-not-by-new-rules = Reguły zostały zmienione, liczenie od nowa się nie udało: do restartu liczby są według poprzednich

# How the server itself is.
health-channels = Kanały
health-plugins = Wtyczki
health-journal = Dziennik
health-figures = Liczby
health-disk = Dysk
health-quarantine = Kwarantanna
health-screens = Ekrany
health-silent = milczą: { $names }
health-refused = żądania odrzucane: { $names }
health-late = opóźnione: { $names }
health-at-work = wszystkie działają
health-resting = zatrzymane po błędach: { $names }
health-kept = wszystko jest zapisywane
health-not-kept = nic nie można zapisać
health-up-to-date = aktualne
health-behind = { $length } opóźnienia
health-free-gigabytes = { $number }{"\u00A0"}GB wolne
health-free-megabytes = { $number }{"\u00A0"}MB wolne
health-empty = pusta
health-quarantined =
    { $number ->
        [one] { $number } nieodczytana wiadomość
        [few] { $number } nieodczytane wiadomości
       *[other] { $number } nieodczytanych wiadomości
    }
health-quarantined-at =
    { $number ->
        [one] { $number } nieodczytana wiadomość, o { $time }
        [few] { $number } nieodczytane, ostatnia o { $time }
       *[other] { $number } nieodczytanych, ostatnia o { $time }
    }
health-connected = połączone: { $number }
health-missing = brak: { $names }
health-frozen = stoi obraz: { $names }

# Alerts that hold.
alerts-none = brak alertów
alerts-unwatched = nikt nie pilnuje: alerts.watch ma wartość false
alerts-silenced = wyciszony

# Agents who are there, and those who should be.
staffing-present = obecni
staffing-needed = potrzebni
staffing-missing = brakuje { $number }
staffing-spare = { $number } w zapasie
staffing-enough = wystarczy

# In the place of a picture or of another page.
image-missing = Nie ma obrazu { $file }
image-too-large = Obraz { $file } jest za duży
image-does-not-load = Obraz { $file } się nie wczytuje
page-does-not-load = { $host } nie odpowiada
page-not-allowed = Strony { $host } nie są tu dozwolone
page-forbids-frames = { $host } nie pozwala pokazywać się wewnątrz innych stron
