;; Sets the shortest timer that there is, and gives ten thousand events each time that it is due.
;; Webhooks with poison only start it; others are decoded as by a good one.
(func $begin)
(func $decode (param $input i32) (param $result i32)
  (local $i i32) (local $event i32) (local $command i32)
  (if (i32.and
        (i32.ne (i32.load8_u (local.get $input)) (i32.const IS_TIMER))
        (i32.eqz (call $is_poison (local.get $input))))
    (then
      (call $queued (local.get $input) (local.get $result))
      (return)))
  (local.set $command (call $alloc (i32.const COMMAND_BYTES) (i32.const 4)))
  (i32.store8 (local.get $command) (i32.const SET_TIMER))
  (i32.store8 offset=12 (local.get $command) (i32.const 1))
  (i32.store offset=16 (local.get $command) (i32.const 1))
  (i32.store offset=12 (local.get $result) (local.get $command))
  (i32.store offset=16 (local.get $result) (i32.const 1))
  (if (i32.eq (i32.load8_u (local.get $input)) (i32.const IS_TIMER))
    (then
      (local.set $event (call $alloc (i32.mul (i32.const 10000) (i32.const EVENT_BYTES)) (i32.const 8)))
      (i32.store offset=4 (local.get $result) (local.get $event))
      (i32.store offset=8 (local.get $result) (i32.const 10000))
      (loop $each
        (i32.store8 offset=KIND (local.get $event) (i32.const 2))
        (local.set $event (i32.add (local.get $event) (i32.const EVENT_BYTES)))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br_if $each (i32.lt_u (local.get $i) (i32.const 10000)))))))
