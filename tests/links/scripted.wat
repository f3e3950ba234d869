  ;; Plays a script that the test has laid out in memory. For each input an event: its id is the frame,
  ;; the link that opened, the reason why one is down, or the timer's tag, of each the beginning; its
  ;; interaction is the link. Then the first rule that fits says what to do: commands, and in which slot
  ;; the rest of what was heard is kept.
  (func $begin)

  (func $started (result i32)
    (local $result i32)
    (local.set $result (call $alloc (i32.const 44) (i32.const 4)))
    (i32.store offset=12 (local.get $result) (i32.const START_AT))
    (i32.store offset=16 (local.get $result) (i32.const START_COUNT))
    (local.get $result))

  (func $decode (param $input i32) (param $result i32)
    (local $kind i32) (local $text i32) (local $length i32) (local $event i32) (local $rule i32)
    (local.set $kind (i32.load8_u (local.get $input)))
    (local.set $text (i32.load offset=20 (local.get $input)))
    (local.set $length (i32.load offset=24 (local.get $input)))
    ;; An open link's name and a timer's tag stand first.
    (if (i32.or (i32.eq (local.get $kind) (i32.const 5)) (i32.eq (local.get $kind) (i32.const 7)))
      (then
        (local.set $text (i32.load offset=8 (local.get $input)))
        (local.set $length (i32.load offset=12 (local.get $input)))))
    (local.set $event (call $alloc (i32.const EVENT_BYTES) (i32.const 8)))
    (i32.store (local.get $event) (local.get $text))
    (i32.store offset=4 (local.get $event)
      (select (local.get $length) (i32.const 160) (i32.lt_u (local.get $length) (i32.const 160))))
    (i64.store offset=INTERACTION align=4 (local.get $event)
      (i64.load offset=8 align=4 (local.get $input)))
    (i32.store8 offset=KIND (local.get $event) (i32.const 2))
    (i32.store offset=4 (local.get $result) (local.get $event))
    (i32.store offset=8 (local.get $result) (i32.const 1))
    (local.set $rule (i32.const RULES_AT))
    (block $done
      (loop $each
        (br_if $done (i32.eq (local.get $rule) (i32.const RULES_END)))
        (if (call $fits (local.get $rule) (local.get $input) (local.get $text) (local.get $length))
          (then
            (i32.store offset=12 (local.get $result) (i32.load offset=12 (local.get $rule)))
            (i32.store offset=16 (local.get $result) (i32.load offset=16 (local.get $rule)))
            (call $keep (i32.load offset=20 (local.get $rule))
              (i32.add (local.get $text) (i32.load offset=8 (local.get $rule)))
              (i32.sub (local.get $length) (i32.load offset=8 (local.get $rule))))
            (br $done)))
        (local.set $rule (i32.add (local.get $rule) (i32.const 24)))
        (br $each))))

  ;; A rule: kind, code (0 for any), beginning.
  (func $fits (param $rule i32) (param $input i32) (param $text i32) (param $length i32) (result i32)
    (local $i i32)
    (if (i32.ne (i32.load8_u (local.get $rule)) (i32.load8_u (local.get $input)))
      (then (return (i32.const 0))))
    (if (i32.load16_u offset=2 (local.get $rule))
      (then
        (if (i32.ne (i32.load16_u offset=2 (local.get $rule)) (i32.load16_u offset=18 (local.get $input)))
          (then (return (i32.const 0))))))
    (if (i32.gt_u (i32.load offset=8 (local.get $rule)) (local.get $length))
      (then (return (i32.const 0))))
    (loop $each
      (if (i32.lt_u (local.get $i) (i32.load offset=8 (local.get $rule)))
        (then
          (if (i32.ne
                (i32.load8_u (i32.add (i32.load offset=4 (local.get $rule)) (local.get $i)))
                (i32.load8_u (i32.add (local.get $text) (local.get $i))))
            (then (return (i32.const 0))))
          (local.set $i (i32.add (local.get $i) (i32.const 1)))
          (br $each))))
    (i32.const 1))

  ;; A slot: its place, and the places where its length is written.
  (func $keep (param $slot i32) (param $text i32) (param $length i32)
    (local $i i32)
    (if (i32.eqz (local.get $slot)) (then (return)))
    (memory.copy (i32.load (local.get $slot)) (local.get $text) (local.get $length))
    (loop $each
      (if (i32.lt_u (local.get $i) (i32.load offset=8 (local.get $slot)))
        (then
          (i32.store
            (i32.load
              (i32.add (i32.load offset=4 (local.get $slot)) (i32.mul (local.get $i) (i32.const 4))))
            (local.get $length))
          (local.set $i (i32.add (local.get $i) (i32.const 1)))
          (br $each)))))
