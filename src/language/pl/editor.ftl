# The words of the editor of boards.
# Heading of the list of boards, and its tab.
editor-title = Tablice
# Below boards, on the first page.
editor-what = Twórz i zmieniaj to, co wisi na ścianie, widząc prawdziwe liczby.
# What the list is for.
editor-lead = Wybierz tablicę, aby ją zmienić. Tablica dostarczona z programem trafia do Twojego folderu przy pierwszym zapisie; po usunięciu stamtąd znów widać wersję dostarczoną.
# Heading of a form.
editor-new = Nowa tablica
# Field.
editor-new-name = Nazwa, ostatnia część adresu
# Field: a template.
editor-new-from = Zacznij od
# Button.
editor-new-make = Utwórz i otwórz
# Of a board: whose file it is.
editor-own = w Twoim folderze
# Of a board: it has no file of its own.
editor-shipped = dostarczona z Tablicą
# Link to the editor.
editor-edit = Edytuj
# Link.
editor-versions = Wersje
# A part that opens.
editor-remove = Usuń
# Before the button.
editor-remove-what = Ekrany, które ją pokazują, pokażą wtedy wersję dostarczoną pod tą nazwą albo brak tablicy. Tekst pozostaje wśród wersji.
# Button that does it.
editor-remove-sure = Tak, usuń { $board }
# Nothing can be saved.
editor-no-folder = Tablic nie można tu zapisać: w konfiguracji brak boards.dir. Podaj tam folder i uruchom serwer ponownie.
# What is wrong.
editor-bad-name = Nazwa tablicy jest częścią adresu: do 64 liter od a do z, cyfr, - i _
# What is wrong.
editor-taken = Tablica o tej nazwie już jest: wybierz inną nazwę albo edytuj tamtą.
# Heading, and what is wrong.
editor-changed = Ktoś inny zmienił w międzyczasie tę tablicę.
# What is wrong; the reader's sentences follow.
editor-invalid = Ten tekst zawiera błędy:
# What is wrong.
editor-broken = Nie udało się; przyczyna jest w logu serwera.
# While the editor is loaded.
editor-wait = Ładowanie edytora …
# To a browser without script.
editor-no-script = Edytor wymaga przeglądarki z JavaScriptem. Pliki tablic można też zmieniać w dowolnym edytorze tekstu.
# What the page is for.
editor-versions-what = Wszystkie teksty, jakie miała ta tablica. Zajrzyj do jednego, aby zobaczyć, co by się zmieniło po jego przywróceniu.
# There is none.
editor-versions-none = Nie była tu jeszcze zapisywana.
# Head of a column.
editor-when = Kiedy
# Head of a column.
editor-who = Kto
# Head of a column.
editor-version = Tekst
# Of a version.
editor-now = obecny
# Link: the difference.
editor-look = Co się różni
# Who: nobody knows.
editor-by-hand = zmieniona w folderze
# Heading.
editor-difference = Od obecnej tablicy do tego tekstu
# There is no difference.
editor-same = Nic się nie różni.
# Button.
editor-restore = Przywróć ten tekst
# Tab, and before a tile's name.
editor-tile = Kafelek
# Tab and button.
editor-add = Dodaj
# Tab.
editor-board = Tablica
# Tab.
editor-text = Tekst
# Name of the tabs.
editor-keys = Co jest edytowane
# Above the gallery.
editor-add-what = Każdy typ z przykładem kluczy. Nowy kafelek trafia na pierwsze wolne miejsce.
# Instead of a form.
editor-nothing-chosen = Kliknij kafelek na ścianie, aby zmienić, co pokazuje, albo dodaj nowy.
# Name of the wall's tiles.
editor-grid = Kafelki na ścianie
# Below the wall.
editor-grid-how = Przeciągnij kafelek lub jego prawy dolny róg. Klawiaturą: strzałki przesuwają, Shift i strzałki zmieniają rozmiar, Delete usuwa; Ctrl+Z, Ctrl+Y, Ctrl+S.
# Name of the wall in the page.
editor-wall = Ściana, jak by wyglądała
# Before a choice.
editor-preview = Pokazana z
# Choice: real numbers.
editor-live = Twoimi obecnymi liczbami
# Choice; a state follows.
editor-made-up = zmyślonymi liczbami:
# State.
editor-state-quiet = spokojna noc
# State.
editor-state-busy = pracowity dzień
# State.
editor-state-red = wszystko na czerwono
# State.
editor-state-stale = brak danych ze źródeł
# Choice: no preview.
editor-off = bez liczb, sama siatka
# Below the wall; tiles follow.
editor-uncounted = Według tego, co wybierają te kafelki, nikt jeszcze nie liczy; liczby pojawią się po zapisaniu tablicy:
# Button.
editor-undo = Cofnij
# Button.
editor-redo = Ponów
# Button.
editor-save = Zapisz
# It was done.
editor-saved = Zapisano. Ekrany z tą tablicą zmienią się w ciągu dwóch sekund.
# State.
editor-is-saved = zapisane
# State.
editor-unsaved = niezapisane
# Above the wall.
editor-shipped-note = Ta tablica jest dostarczona z Tablicą. Po zapisaniu jej kopia trafi do Twojego folderu i zajmie jej miejsce.
# Why a tile stays.
editor-outside = W tę stronę nie ma miejsca.
# Why a tile stays; a tile's name follows.
editor-overlap = Nie tutaj: nachodziłby na
# Heading of the reader's sentences.
editor-problems = To trzeba poprawić przed zapisaniem
# Heading of warnings.
editor-doubts = To wygląda na literówkę
# The text cannot be shown on the grid.
editor-not-whole = Tekstu nie da się w tej postaci odczytać jako kafelków w osobnych sekcjach. Popraw go w tekście albo cofnij zmianę.
# Button.
editor-copy = Powiel kafelek
# Button.
editor-remove-tile = Usuń kafelek
# A number follows.
editor-count = Kafelki na tej tablicy:
# Choice: no such key.
editor-none = – (nie ustawiono)
# Choice.
editor-no-queue = (kontakty bez kolejki)
# Choice.
editor-yes = tak
# Choice.
editor-no = nie
# Button: a text for each language.
editor-words = W każdym języku
# Button of a list.
editor-item-add = Dodaj element
# Button of a list.
editor-item-up = Wyżej
# Button of a list.
editor-item-remove = Usuń element
# Button: an element gets keys of its own.
editor-all = Więcej kluczy
# Above the text.
editor-text-how = Sam plik, wraz z komentarzami. To, co tu wpiszesz, zostanie przyjęte jako jedna zmiana, którą można cofnąć.
# Button.
editor-apply = Przyjmij ten tekst
# Button.
editor-discard = Zostaw, jak było
# Above a difference.
editor-theirs = Wiersze z − są Twoje, z + cudze. Nic jeszcze nie zapisano.
# Button.
editor-other = Kontynuuj od cudzych zmian (moje można przywrócić przez Cofnij)
# Button.
editor-overwrite = Zostaw moje; następny zapis zastąpi cudze
# The server gives no answer.
editor-busy = Serwer nie odpowiada. Twoje zmiany są nadal tutaj: spróbuj ponownie.
# Why an act is not done.
editor-not-kept = Tego tekstu nie da się tu zmienić bez zmiany czegoś więcej, np. końców wierszy. Zmień go w samym tekście.
# Why a tile is not added.
editor-no-place = Na ścianie nie ma wolnego miejsca: najpierw zmniejsz lub usuń któryś kafelek.
# Why a tile is not added.
editor-too-many = Tablica ma najwyżej { $count } kafelków.
# Why an act is not done.
editor-gone = Tego już nie ma: jeśli to się powtórzy, wczytaj stronę ponownie.
