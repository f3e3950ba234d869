;; A good one that asks the host for things. For each webhook an event and a command: a fetch when
;; the body begins with "f", else a timer of five seconds; both are tagged with the body. For each
;; response an event with its body as id, for each timer one with its tag.
(func $begin)
(func $decode (param $input i32) (param $result i32)
  (local $command i32)
  (if (i32.eq (i32.load8_u (local.get $input)) (i32.const IS_TIMER))
    (then
      ;; A timer's tag lies where a webhook has its method.
      (i64.store offset=32 align=4 (local.get $input)
        (i64.load offset=8 (local.get $input)))
      (call $queued (local.get $input) (local.get $result))
      (return)))
  (if (i32.eq (i32.load8_u (local.get $input)) (i32.const IS_RESPONSE))
    (then
      ;; A response's body lies before where a webhook has its.
      (i64.store offset=32 align=4 (local.get $input)
        (i64.load offset=20 align=4 (local.get $input)))
      (call $queued (local.get $input) (local.get $result))
      (return)))
  (call $queued (local.get $input) (local.get $result))
  (local.set $command (call $alloc (i32.const COMMAND_BYTES) (i32.const 4)))
  (i32.store offset=12 (local.get $result) (local.get $command))
  (i32.store offset=16 (local.get $result) (i32.const 1))
  (if (i32.eq (i32.load8_u (i32.load offset=32 (local.get $input))) (i32.const 102))
    (then
      (i64.store offset=32 align=4 (local.get $command)
        (i64.load offset=32 align=4 (local.get $input))))
    (else
      (i32.store8 (local.get $command) (i32.const SET_TIMER))
      (i64.store offset=4 align=4 (local.get $command)
        (i64.load offset=32 align=4 (local.get $input)))
      (i32.store8 offset=12 (local.get $command) (i32.const 1))
      (i32.store offset=16 (local.get $command) (i32.const 5000)))))
