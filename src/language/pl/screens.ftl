### The page of a screen that waits to be paired, and the page on which screens are managed.

pair-title = Podłącz ten ekran

pair-ends = Kod jest ważny jeszcze

pair-by-page = Na telefonie lub komputerze zeskanuj kwadrat albo otwórz

pair-by-command = Albo wpisz na serwerze

pair-lost = Serwer nie odpowiada. Ten ekran pyta dalej.

pair-limited = Zbyt wiele ekranów czeka na podłączenie. Ten zapyta ponownie sam.

pair-nothing = Na tę porę nic nie zaplanowano.

screens-title = Ekrany

screens-lead = Każdy telewizor ma własną stronę. Otwórz na nim ten adres i wpisz tutaj kod, który pokaże:

screens-pair = Podłącz ekran

screens-code = Kod na ekranie

screens-name = Nazwa

screens-place = Miejsce

screens-shows = Pokazuje

screens-playlist = Lista

screens-approve = Podłącz

screens-paired = Podłączone ekrany

screens-none = Jeszcze żadnego.

screens-others = Tablice otwarte bez podłączenia

screens-here = włączony

screens-away = wyłączony lub poza zasięgiem

screens-never = nie od startu serwera

screens-in-front = Tablica z przodu

screens-picture = Obraz

screens-picture-new = aktualny

screens-acknowledged = najnowszy stan, którego wyświetlenie ekran potwierdził

screens-last-seen = Ostatnio widziany

screens-address = Adres

screens-browser = Przeglądarka

screens-version = Strona

screens-version-current = aktualna

screens-version-older = starsza

screens-since = Podłączony

screens-identify = Pokaż nazwę

screens-reload = Wczytaj ponownie

screens-change = Przenieś, zmień nazwę, odłącz

screens-move = Przenieś

screens-rename = Zmień nazwę

screens-revoke = Odłącz

screens-revoke-means = Ekran nic już nie pokazuje i prosi o ponowne podłączenie.

screens-said-approved = Ekran jest podłączony i zaraz pokaże swoją tablicę:

screens-said-identified = Ekran pokazuje swoją nazwę przez dziesięć sekund:

screens-said-reloaded = Ekran wczytuje stronę ponownie:

screens-said-moved = Ekran zaraz pokaże coś innego:

screens-said-renamed = Ekran nazywa się teraz:

screens-said-revoked = Ekran jest odłączony:

screens-failed-code = Żaden ekran nie pokazuje teraz tego kodu. Kod jest ważny tylko kilka minut i dla jednego ekranu: spójrz na ekran jeszcze raz.

screens-failed-limit = Podano zbyt wiele błędnych kodów. Spróbuj ponownie za kilka minut.

screens-failed-full = Podłączono już tyle ekranów, ile wolno (pairing.screens_max). Najpierw odłącz jeden.

screens-failed-name = Nazwa ma do 40 liter od a do z, cyfr, kropek, kresek i podkreśleń.

screens-failed-taken = Inny ekran już tak się nazywa.

screens-failed-place = Nazwa miejsca jest za długa.

screens-failed-unknown = Takiego ekranu już nie ma.

screens-failed-board = Takiej tablicy lub listy już nie ma.

screens-failed-disk = Zmiany nie udało się zapisać na dysku. Przyczyna jest w dzienniku serwera.
# State of a screen that is off outside its hours.
screens-not-expected = wyłączony, teraz nieoczekiwany
# Field, and before the name of a calendar.
screens-hours = Ma być włączony
# Choice.
screens-hours-always = zawsze
# Button.
screens-hours-set = Ustaw godziny
# It is done.
screens-said-hours = Zmieniono godziny:
# It is not done.
screens-failed-calendar = Nie ma takiego kalendarza.
# Button.
screens-picture-ask = Zrób zdjęcie ekranu
# State.
screens-picture-asked = Ekran rysuje swój obraz …
# State.
screens-picture-silent = Ekran nie odpowiedział: czy jest włączony?
# State.
screens-picture-browser = Przeglądarka tego ekranu nie pozwala stronom rysować siebie, jak w starszych telewizorach.
# State.
screens-picture-no-board = Nie pokazuje teraz żadnej tablicy.
# State.
screens-picture-large = Obraz jest za duży.
# A name follows.
screens-picture-of = Co widać na ekranie
# Below a picture.
screens-picture-once = Nie jest nigdzie przechowywany: znika po ponownym otwarciu strony. Czcionki mogą się różnić.
