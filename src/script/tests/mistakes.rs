//! What the reader says of mistakes: where, what, and what would be right.

use expect_test::{Expect, expect};

use super::super::parse;

fn mistakes(text: &str, expected: Expect) {
    let mistakes = parse(text, "a.wall", None).err().expect("a mistake");
    expected.assert_eq(&mistakes.to_string());
}

#[test]
fn mistakes_point_at_their_words() {
    mistakes(
        "# promise
09:00 call 1 queued
on 2026-03-02
09:00 call 1 quued sales
09:00 call queued
09:00 call 1
09:00 cal 1 queued
\t09:00 chat 8 written sentiment angry
09:00 chat 7 written
09:00 chat 7 on telegram written
09:00 chat 7 written for clear
09:00 chat 7 rated 5
09:00 chat 7 queued sales now
09:00 every 30s 5 times call 1 queued
09:00 mention 1 negative
09:00 agent anna sleeping
09:00 call 1 answered known yesterday
09:00 call \"1 queued
25:00 call 1 queued
on 2026-02-31
09:00 call 1 left because of rain
on Monday of March 2026",
        expect![[r#"
            a.wall:2:1: of which day? write `on 2026-03-02` above the first time
              09:00 call 1 queued
              ^^^^^
            a.wall:4:14: `quued` is nothing that happens to a contact; did you mean `queued`?
              09:00 call 1 quued sales
                           ^^^^^
            a.wall:5:12: what happened to it? such as `call 1 queued sales`
              09:00 call queued
                         ^^^^^^
            a.wall:6:12: what happened to it? such as `call 1 queued sales`
              09:00 call 1
                         ^
            a.wall:7:7: `cal` begins no line; did you mean `call`?
              09:00 cal 1 queued
                    ^^^
            a.wall:8:33: `angry` is not known here; one of positive, neutral, negative
              	09:00 chat 8 written sentiment angry
              	                               ^^^^^
            a.wall:10:17: chat 7 is on chat, not on telegram; another contact needs another name
              09:00 chat 7 on telegram written
                              ^^^^^^^^
            a.wall:11:22: `for` does not go with `written`; leave it out
              09:00 chat 7 written for clear
                                   ^^^
            a.wall:12:14: of how many? such as `rated 4 of 5`
              09:00 chat 7 rated 5
                           ^^^^^
            a.wall:13:27: `now` is not understood here; leave it out
              09:00 chat 7 queued sales now
                                        ^^^
            a.wall:14:7: all of these would happen to one contact; put {n} into the contact's name: it is 1, 2, 3 and so on
              09:00 every 30s 5 times call 1 queued
                    ^^^^^
            a.wall:15:7: mentioned where? such as `mention 1 on twitter`
              09:00 mention 1 negative
                    ^^^^^^^
            a.wall:16:18: `sleeping` is not known here; one of available, ringing, talking, holding, after-work, paused, offline
              09:00 agent anna sleeping
                               ^^^^^^^^
            a.wall:17:29: `yesterday` is no time; such as 09:00 or 09:00:30
              09:00 call 1 answered known yesterday
                                          ^^^^^^^^^
            a.wall:18:12: the quote is not closed; put a " after the name
              09:00 call "1 queued
                         ^^^^^^^^^
            a.wall:19:1: `25:00` is no time; such as 09:00 or 09:00:30
              25:00 call 1 queued
              ^^^^^
            a.wall:20:4: `2026-02-31` is no day; such as 2026-03-02
              on 2026-02-31
                 ^^^^^^^^^^
            a.wall:21:27: `of_rain` is not known here; one of overflow, timeout, exit_key, callback, queue_full, queue_empty, lost, blocked, unknown
              09:00 call 1 left because of rain
                                        ^^^^^^^
            a.wall:22:1: which day? such as `on 2026-03-02 Europe/Warsaw`
              on Monday of March 2026
              ^^"#]],
    );
}

#[test]
fn mistakes_of_expectations() {
    mistakes(
        "on 2026-03-02
09:00 expect
09:00 expect servicelevel 1
09:00 expect volume{queu=sales} 1
09:00 expect volume{queue=sales 1
09:00 expect volume{window=7m} 1
09:00 expect volume{window=5m,window=5m} 1
09:00 expect volume{queue} 1
09:00 expect volume 20s
09:00 expect volume
09:00 expect receipt volume 20
09:00 expect feed telegram asleep
09:00 every 5m 3 times expect volume 1",
        expect![[r#"
            a.wall:2:13: expect what? such as `expect waiting{queue=sales} 2`
              09:00 expect
                          ^
            a.wall:3:14: there is no KPI `servicelevel`; did you mean `service_level`?
              09:00 expect servicelevel 1
                           ^^^^^^^^^^^^
            a.wall:4:21: a KPI has no `queu`; did you mean `queue`?
              09:00 expect volume{queu=sales} 1
                                  ^^^^
            a.wall:5:33: the list of keys is not closed; put a } at its end
              09:00 expect volume{queue=sales 1
                                              ^
            a.wall:6:28: `7m` is no window; did you mean `5m`?
              09:00 expect volume{window=7m} 1
                                         ^^
            a.wall:7:31: `window` is said twice; say it once
              09:00 expect volume{window=5m,window=5m} 1
                                            ^^^^^^
            a.wall:8:26: queue of what? such as {queue=NAME}
              09:00 expect volume{queue} 1
                                       ^
            a.wall:9:21: not a figure of that KPI; a number such as 12 or 1,060, or `no data`, `not applicable` or `concealed`; > >= < <= may stand before it
              09:00 expect volume 20s
                                  ^^^
            a.wall:10:20: which figure? a number such as 12 or 1,060, or `no data`, `not applicable` or `concealed`; > >= < <= may stand before it
              09:00 expect volume
                                 ^
            a.wall:11:29: one text is expected here; a part of the sentence in quotes, such as "860 of 1,050 calls"
              09:00 expect receipt volume 20
                                          ^^
            a.wall:12:28: `asleep` is not known here; one of live, late, silent, unheard
              09:00 expect feed telegram asleep
                                         ^^^^^^
            a.wall:13:24: only events are repeated; write each of these by itself
              09:00 every 5m 3 times expect volume 1
                                     ^^^^^^"#]],
    );
}

#[test]
fn mistakes_of_the_whole_script() {
    mistakes(
        "on 2026-03-02\n",
        expect![
            "a.wall: the script expects nothing; such as `09:30 expect waiting{queue=sales} 2`"
        ],
    );
    mistakes(
        "config\n[queue.sales]\n",
        expect![
            "a.wall:1: the config block does not end; write `end` on a line of its own below it"
        ],
    );
    mistakes(
        "on 2026-03-02\nconfig\nend\n",
        expect![
            "a.wall:2: this config comes too late; there is one config block, above all other lines"
        ],
    );
    mistakes(
        "config\n[queue.sales]\nanswer_treshold = \"20s\"\nend\n",
        expect![
            "a.wall:3: queue.sales.answer_treshold: unknown key; did you mean `answer_threshold`?"
        ],
    );
    mistakes(
        "config\n[server]\nend\n",
        expect![
            "a.wall:2: server: a script has no server; expected only what decides numbers, such as [site], [contacts] or [queue.NAME]"
        ],
    );
    mistakes(
        "on 2026-03-02 Europe/Warschau\n09:00 expect volume 1\n",
        expect![[r#"
        a.wall:1:15: there is no zone `Europe/Warschau`; such as Europe/Warsaw
          on 2026-03-02 Europe/Warschau
                        ^^^^^^^^^^^^^^^"#]],
    );
    mistakes(
        "on 2026-03-02
09:00 call 1 on pbx answered by anna
09:00 chat 1 on web reply by anna
09:01 agent anna paused
09:02 expect agents_paused 1",
        expect![[r#"
            a.wall:4:7: this agent works on pbx and web: where is this? say `on pbx`
              09:01 agent anna paused
                    ^^^^^"#]],
    );
    mistakes(
        "on 2026-03-02\n09:00 every 1s 300000 times call {n} queued\n09:00 expect volume 1",
        expect![[r#"
            a.wall:2:7: these are more than 200000 events
              09:00 every 1s 300000 times call {n} queued
                    ^^^^^"#]],
    );
}

#[test]
fn notes_and_what_is_expected_of_them_have_their_words() {
    mistakes(
        "on 2026-03-02
09:00 annotate
09:00 annotate party \"Black Friday\"
09:00 annotate campaign \"Black Friday\" until
09:00 annotate campaign \"Black Friday\" until 08:00
09:00 annotate campaign \"Black Friday\" tomorrow
09:00 every 5m 3 times annotate campaign \"{n}\"
09:00 expect contacts around \"Black Friday\" 3
09:00 expect contacts before \"Black Friday\"
09:00 expect report volum 3
09:00 server fell
09:00 every 5m 3 times server restarted
09:00 comment 5 note by anna public",
        expect![[r#"
            a.wall:2:7: annotate what? such as `annotate campaign "Black Friday" until 12:00`
              09:00 annotate
                    ^^^^^^^^
            a.wall:3:16: `party` is not known here; one of campaign, release, outage, other
              09:00 annotate party "Black Friday"
                             ^^^^^
            a.wall:4:40: until when? such as `annotate campaign "Black Friday" until 12:00`
              09:00 annotate campaign "Black Friday" until
                                                     ^^^^^
            a.wall:5:40: it ends before it begins; such as until 12:00
              09:00 annotate campaign "Black Friday" until 08:00
                                                     ^^^^^
            a.wall:6:40: this is not understood here; such as `annotate campaign "Black Friday" until 12:00`
              09:00 annotate campaign "Black Friday" tomorrow
                                                     ^^^^^^^^
            a.wall:7:24: only events are repeated; write each of these by itself
              09:00 every 5m 3 times annotate campaign "{n}"
                                     ^^^^^^^^
            a.wall:8:23: `around` is not known here; one of before, after
              09:00 expect contacts around "Black Friday" 3
                                    ^^^^^^
            a.wall:9:44: how many contacts? a number such as 12 or 1,060, or `no data`, `not applicable` or `concealed`; > >= < <= may stand before it
              09:00 expect contacts before "Black Friday"
                                                         ^
            a.wall:10:21: there is no KPI `volum`; did you mean `volume`?
              09:00 expect report volum 3
                                  ^^^^^
            a.wall:11:14: what became of it? write `server restarted`
              09:00 server fell
                           ^^^^
            a.wall:12:24: only events are repeated; write each of these by itself
              09:00 every 5m 3 times server restarted
                                     ^^^^^^
            a.wall:13:17: only colleagues see a note; leave out `public`
              09:00 comment 5 note by anna public
                              ^^^^"#]],
    );
}
