;; Cannot tell at once what things mean: poison is to come again in 1.5 s. For other webhooks it asks
;; the network, wants the first answer again in 20 ms, and then gives an event with its body as id.
(global $asked (mut i32) (i32.const 0))
(func $begin)
(func $later (param $result i32) (param $after i32)
  (i32.store8 (local.get $result) (i32.const 1))
  (i32.store8 offset=4 (local.get $result) (i32.const 3))
  (i32.store offset=8 (local.get $result) (local.get $after)))
(func $decode (param $input i32) (param $result i32)
  (local $command i32)
  (if (i32.eq (i32.load8_u (local.get $input)) (i32.const IS_RESPONSE))
    (then
      (if (i32.eqz (global.get $asked))
        (then
          (global.set $asked (i32.const 1))
          (call $later (local.get $result) (i32.const 20))
          (return)))
      ;; A response's body lies before where a webhook has its.
      (i64.store offset=32 align=4 (local.get $input)
        (i64.load offset=20 align=4 (local.get $input)))
      (call $queued (local.get $input) (local.get $result))
      (return)))
  (if (call $is_poison (local.get $input))
    (then
      (call $later (local.get $result) (i32.const 1500))
      (return)))
  (local.set $command (call $alloc (i32.const COMMAND_BYTES) (i32.const 4)))
  (i64.store offset=32 align=4 (local.get $command)
    (i64.load offset=32 align=4 (local.get $input)))
  (i32.store offset=12 (local.get $result) (local.get $command))
  (i32.store offset=16 (local.get $result) (i32.const 1)))
