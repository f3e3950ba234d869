# The words of the editor of boards.
# Heading of the list of boards, and its tab.
editor-title = Boards
# Below boards, on the first page.
editor-what = Make and change what hangs in the room, with its real numbers before your eyes.
# What the list is for.
editor-lead = Choose a board to change it. A board that ships is copied into your folder when you first save it; what you remove there is shown as it ships again.
# Heading of a form.
editor-new = New board
# Field.
editor-new-name = Name, the last part of its address
# Field: a template.
editor-new-from = Begin with
# Button.
editor-new-make = Make it and open it
# Of a board: whose file it is.
editor-own = in your folder
# Of a board: it has no file of its own.
editor-shipped = ships with Tablica
# Link to the editor.
editor-edit = Edit
# Link.
editor-versions = Versions
# A part that opens.
editor-remove = Delete
# Before the button.
editor-remove-what = Screens that show it then show what ships under that name, or that there is no such board. Its text stays among its versions.
# Button that does it.
editor-remove-sure = Yes, delete { $board }
# Nothing can be saved.
editor-no-folder = Boards cannot be saved here: the config has no boards.dir. Name a folder there and start the server again.
# What is wrong.
editor-bad-name = A board's name is part of its address: up to 64 letters from a to z, digits, - and _
# What is wrong.
editor-taken = There is a board of that name already: choose another name, or edit that one.
# Heading, and what is wrong.
editor-changed = Somebody else has changed this board meanwhile.
# What is wrong; the reader's sentences follow.
editor-invalid = This text has mistakes:
# What is wrong.
editor-broken = It could not be done; the server's log says why.
# While the editor is loaded.
editor-wait = The editor is being loaded …
# To a browser without script.
editor-no-script = The editor needs a browser with JavaScript. Board files can also be changed in any text editor.
# What the page is for.
editor-versions-what = Every text that this board had. Look at one to see what would change if it came back.
# There is none.
editor-versions-none = It has not been saved here yet.
# Head of a column.
editor-when = When
# Head of a column.
editor-who = Who
# Head of a column.
editor-version = Text
# Of a version.
editor-now = as it is now
# Link: the difference.
editor-look = What differs
# Who: nobody knows.
editor-by-hand = changed in the folder
# Heading.
editor-difference = From the board of now to this text
# There is no difference.
editor-same = Nothing differs.
# Button.
editor-restore = Bring this text back
# Tab, and before a tile's name.
editor-tile = Tile
# Tab and button.
editor-add = Add
# Tab.
editor-board = Board
# Tab.
editor-text = Text
# Name of the tabs.
editor-keys = What is edited
# Above the gallery.
editor-add-what = Each type with an example of its keys. A new tile comes to the first free place.
# Instead of a form.
editor-nothing-chosen = Click a tile on the wall to change what it shows, or add one.
# Name of the wall's tiles.
editor-grid = Tiles on the wall
# Below the wall.
editor-grid-how = Drag a tile, or its lower right corner. By keyboard: arrows move, Shift and arrows change the size, Delete takes it out; Ctrl+Z, Ctrl+Y, Ctrl+S.
# Name of the wall in the page.
editor-wall = The wall as it would look
# Before a choice.
editor-preview = Shown with
# Choice: real numbers.
editor-live = your numbers of now
# Choice; a state follows.
editor-made-up = made-up numbers:
# State.
editor-state-quiet = a quiet night
# State.
editor-state-busy = a busy day
# State.
editor-state-red = all is red
# State.
editor-state-stale = feeds are dead
# Choice: no preview.
editor-off = no numbers, the grid alone
# Below the wall; tiles follow.
editor-uncounted = Nobody has counted by what these tiles select yet; their figures come once the board is saved:
# Button.
editor-undo = Undo
# Button.
editor-redo = Redo
# Button.
editor-save = Save
# It was done.
editor-saved = Saved. Screens that show this board follow within two seconds.
# State.
editor-is-saved = saved
# State.
editor-unsaved = not saved yet
# Above the wall.
editor-shipped-note = This board ships with Tablica. When you save it, a copy goes into your folder and is shown in its place.
# Why a tile stays.
editor-outside = There is no room in that direction.
# Why a tile stays; a tile's name follows.
editor-overlap = Not there: it would overlap
# Heading of the reader's sentences.
editor-problems = This must be put right before it can be saved
# Heading of warnings.
editor-doubts = This looks misspelt
# The text cannot be shown on the grid.
editor-not-whole = The text cannot be read as tiles of their own sections as it is. Put it right in the text, or undo.
# Button.
editor-copy = Copy the tile
# Button.
editor-remove-tile = Take the tile out
# A number follows.
editor-count = Tiles on this board:
# Choice: no such key.
editor-none = – (not set)
# Choice.
editor-no-queue = (contacts without a queue)
# Choice.
editor-yes = yes
# Choice.
editor-no = no
# Button: a text for each language.
editor-words = In each language
# Button of a list.
editor-item-add = Add one
# Button of a list.
editor-item-up = Up
# Button of a list.
editor-item-remove = Remove
# Button: an element gets keys of its own.
editor-all = More keys
# Above the text.
editor-text-how = The file itself, comments and all. What you type here is taken as one act, which can be undone.
# Button.
editor-apply = Take this text
# Button.
editor-discard = Leave it as it was
# Above a difference.
editor-theirs = Lines with − are yours, lines with + are theirs. Nothing has been saved yet.
# Button.
editor-other = Go on from theirs (mine can be undone to)
# Button.
editor-overwrite = Keep mine; the next save replaces theirs
# The server gives no answer.
editor-busy = The server does not answer. What you have done is still here: try again.
# Why an act is not done.
editor-not-kept = This text cannot be changed here without changing more of it, such as its ends of lines. Change it in the text itself.
# Why a tile is not added.
editor-no-place = There is no free place on the wall: make a tile smaller or take one out first.
# Why a tile is not added.
editor-too-many = A board has at most { $count } tiles.
# Why an act is not done.
editor-gone = That is not there any more: load the page again if it happens twice.
